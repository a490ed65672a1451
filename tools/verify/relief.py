#!/usr/bin/python3
"""How far a picture of a body lies beside its heights, in degrees, without a model of the light.

What: pictures and shaded relief show slopes and heights in some mixture that the Sun, the ground and the maker of the mosaic
decide. In blocks of 30 x 30 degrees between 60 N and 60 S the picture, less what is broad in it, is explained by the
heights and their two slopes by least squares, with the heights moved by whole cells to all sides. Where they explain the
most, to a fraction of a cell by a parabola through the sum over all blocks, is where the picture lies.

    relief.py HEIGHTS PICTURE       rasters in longitude and latitude with their georeferencing, as GDAL reads them
"""
import sys

import numpy as np
from osgeo import gdal

gdal.UseExceptions()
COLUMNS, ROWS = 1440, 720
CELL = 360 / COLUMNS


def grid(path, edges=None):
    """A raster of the whole body on cells of a quarter of a degree from 0 E and 90 N, by bilinear interpolation."""
    dataset = gdal.Open(str(path))
    band = dataset.GetRasterBand(1)
    array = band.ReadAsArray().astype(np.float64)
    if edges is None:
        t = dataset.GetGeoTransform()
        edges = (t[0], t[3], t[1] * dataset.RasterXSize, t[5] * dataset.RasterYSize)
    west, north, width, height = edges
    rows, columns = array.shape
    lon = (np.arange(COLUMNS) + 0.5) * CELL
    lat = 90 - (np.arange(ROWS) + 0.5) * CELL
    x = ((lon - west) % 360) / (width / columns) - 0.5
    y = np.clip((lat - north) / (height / rows) - 0.5, 0, rows - 1)
    # Finer rasters are averaged first, so that nothing is lost between the samples.
    finer = max(1, round(CELL / abs(height / rows)))
    if finer > 1:
        kernel = np.ones(finer) / finer
        array = np.apply_along_axis(lambda line: np.convolve(np.r_[line[-finer:], line, line[:finer]], kernel, "same")[finer:-finer], 1, array)
        array = np.apply_along_axis(lambda line: np.convolve(np.pad(line, finer, "edge"), kernel, "same")[finer:-finer], 0, array)
        if finer % 2 == 0:  # The middle of an even window lies half a sample farther on.
            x, y = x + 0.5, np.clip(y + 0.5, 0, rows - 1)
    x0, y0 = np.floor(x).astype(int), np.minimum(np.floor(y).astype(int), rows - 2)
    fx, fy = x - x0, (y - y0)[:, None]
    left, right = array[:, x0 % columns], array[:, (x0 + 1) % columns]
    lines = left + (right - left) * fx
    return lines[y0] + (lines[y0 + 1] - lines[y0]) * fy


def without_broad(values, reach=12):
    """Less the mean of 25 x 25 cells."""
    total = np.pad(values, ((reach, reach), (0, 0)), "edge")
    total = np.pad(total, ((0, 0), (reach, reach)), "wrap")
    total = np.pad(total.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    n = 2 * reach + 1
    return values - (total[n:, n:] - total[:-n, n:] - total[n:, :-n] + total[:-n, :-n]) / n ** 2


def shift(heights, picture, reach=4):
    """Degrees that the picture lies east and north of the heights, and the share of it that they explain."""
    lat = 90 - (np.arange(ROWS) + 0.5) * CELL
    shrink = np.maximum(0.1, np.cos(np.radians(lat)))[:, None]
    east = (np.roll(heights, -1, 1) - np.roll(heights, 1, 1)) / shrink
    north = np.vstack([np.zeros((1, COLUMNS)), heights[:-2] - heights[2:], np.zeros((1, COLUMNS))])
    terms = [without_broad(term) for term in (heights, east, north)]
    wanted = without_broad(picture)
    explained = np.zeros((2 * reach + 1, 2 * reach + 1))
    total = 0.0
    for top in range(120, 600, 120):
        for left in range(0, COLUMNS, 120):
            part = wanted[top:top + 120, left:left + 120].ravel()
            part = part - part.mean()
            total += part @ part
            for dy in range(-reach, reach + 1):
                for dx in range(-reach, reach + 1):
                    # A picture that lies dx cells east and dy south shows at (x, y) the heights of (x - dx, y - dy).
                    columns = np.arange(left - dx, left + 120 - dx) % COLUMNS
                    model = np.stack([term[top - dy:top + 120 - dy][:, columns].ravel() for term in terms], 1)
                    model = model - model.mean(0)
                    solution = np.linalg.solve(model.T @ model, model.T @ part)
                    explained[dy + reach, dx + reach] += solution @ (model.T @ part)
    y, x = np.unravel_index(explained.argmax(), explained.shape)
    if not (0 < y < 2 * reach and 0 < x < 2 * reach):
        return None
    def top_of(a, b, c):
        return 0.5 * (a - c) / (a - 2 * b + c)
    dx = x - reach + top_of(*explained[y, x - 1:x + 2])
    dy = y - reach + top_of(*explained[y - 1:y + 2, x])
    return dx * CELL, -dy * CELL, explained.max() / total


def main():
    found = shift(grid(sys.argv[1]), grid(sys.argv[2]))
    if found is None:
        print("the picture lies elsewhere")
        return 1
    print(f"{found[0]:+.3f} degrees east, {found[1]:+.3f} north; the heights explain {found[2] * 100:.0f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
