#!/usr/bin/python3
"""A map of a known function, and whether its HiPS holds that function.

What: `make` writes a smooth field f(lon, lat) on the grid of the 200 m HRSC-MOLA blend of Mars reduced 16 times,
with its flaws kept: the 106694 x 53347 pixels of 0.003374120830641 degrees end 0.46 of a pixel short of 360
degrees and 0.23 of a pixel short of 180. `check` compares every leaf pixel of the HiPS with f at healpy's
position: none blank, none more than 0.5 off.

How: the reduced grid has 6668 x 3334 pixels of 360 / 6668.46 degrees, centred on the meridian 0 and the
equator, so half of each gap lies on either side. f is a polynomial of sines of the Cartesian x, y, z: smooth
across the seam and the poles, several thousand high, and so flat over one pixel that bilinear interpolation errs
by less than 0.04, while a shift of the grid by a quarter of a pixel, or a gap closed by stretching the grid, errs
by 2 to 5. The samples are float32 (with `--projected` float64 in equirectangular metres, as the original is), so
that no rounding hides an error.

    analytic.py make OUT.tif [--projected]
    analytic.py check HIPSDIR [--tolerance 0.5]
"""

import argparse

import numpy as np

import hips

ORIGINAL_STEP = 0.003374120830641
SHRINK = 16
COLUMNS, ROWS = 106694 // SHRINK, 53347 // SHRINK
GAP = 360 / ORIGINAL_STEP - 106694
STEP = 360 / (COLUMNS + GAP)
RADIUS = 3396190.0


def field(lon, lat):
    """f at longitudes and latitudes in degrees."""
    lon, lat = np.radians(lon), np.radians(lat)
    x, y, z = np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)
    return (3000 * np.sin(5 * x + 1) * np.cos(4 * y - 0.5) + 2500 * np.sin(6 * z + 3 * x)
            + 1500 * np.cos(7 * y + 2 * z) + 800 * x * y - 700 * z)


def make(path, projected):
    from osgeo import gdal, osr

    gdal.UseExceptions()
    west, north = -COLUMNS * STEP / 2, ROWS * STEP / 2
    lon = west + (np.arange(COLUMNS) + 0.5) * STEP
    lat = north - (np.arange(ROWS) + 0.5) * STEP
    system = osr.SpatialReference()
    system.SetFromUserInput("IAU_2015:49910" if projected else "IAU_2015:49900")
    unit = np.radians(RADIUS) if projected else 1.0
    options = ["TILED=YES", "COMPRESS=DEFLATE", "PREDICTOR=3", "ZLEVEL=1"]
    kind = gdal.GDT_Float64 if projected else gdal.GDT_Float32
    dataset = gdal.GetDriverByName("GTiff").Create(path, COLUMNS, ROWS, 1, kind, options)
    dataset.SetProjection(system.ExportToWkt())
    dataset.SetGeoTransform((west * unit, STEP * unit, 0, north * unit, 0, -STEP * unit))
    for row in range(0, ROWS, 256):
        dataset.GetRasterBand(1).WriteArray(field(lon[None, :], lat[row:row + 256, None]), 0, row)
    dataset.FlushCache()
    print(f"{path}: {COLUMNS} x {ROWS} pixels of {STEP:.12f} degrees, "
          f"{360 / STEP - COLUMNS:.4f} of a pixel short of 360 degrees, "
          f"{180 / STEP - ROWS:.4f} short of 180")


def check(directory, tolerance):
    order, width = hips.leaf_order(directory), hips.tile_width(directory)
    present = set(hips.tiles(directory, order, "fits"))
    if not present:
        hips.fail(f"{directory} has no FITS tile of order {order}")
    blank, wrong, pixels, largest, where = 0, 0, 0, 0.0, None
    for npix in range(12 << 2 * order):
        if npix not in present:
            blank += width * width
            continue
        values, valid = hips.read_tile(directory, order, npix, "fits")
        lon, lat = hips.pixel_positions(order, npix, width)
        apart = np.where(valid, np.abs(values[..., 0] - field(lon, lat)), 0)
        blank += int((~valid).sum())
        wrong += int((apart > tolerance).sum())
        pixels += int(valid.sum())
        if apart.max() > largest:
            largest, index = float(apart.max()), np.unravel_index(apart.argmax(), apart.shape)
            where = f"tile {order}/{npix} at {lon[index]:.5f} {lat[index]:+.5f}"
    print(f"{directory}: {pixels} pixels of order {order}, blank {blank}, "
          f"largest error {largest:.4f} ({where}), beyond {tolerance}: {wrong}")
    if blank or wrong:
        hips.fail("the HiPS does not hold the function")
    print("OK")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    actions = parser.add_subparsers(dest="action", required=True)
    maker = actions.add_parser("make")
    maker.add_argument("output")
    maker.add_argument("--projected", action="store_true", help="equirectangular metres and float64")
    checker = actions.add_parser("check")
    checker.add_argument("hips")
    checker.add_argument("--tolerance", type=float, default=0.5)
    arguments = parser.parse_args()
    if arguments.action == "make":
        make(arguments.output, arguments.projected)
    else:
        check(hips.require(arguments.hips), arguments.tolerance)


if __name__ == "__main__":
    main()
