#!/usr/bin/python3
"""Every leaf pixel of every tile of a HiPS against its source map.

What: the pixels of all tiles of the deepest order are compared with the source sampled anew at healpy's pixel
centres; nothing may be blank where the source has data, nor filled where it has none. A tile that is absent
counts as blank.

How: numpy's bilinear interpolation in float64 (across the 0/360 or +-180 seam and across the poles by true
distances) must agree within the tolerance (0.5: integers are rounded to nearest). `--method nearest` demands
one of the nearest source pixels. JPEG is lossy: the mean absolute difference per tile is held to the tolerance.

    leaf_pixels.py HIPSDIR SOURCE [--method bilinear|nearest] [--tolerance 0.5] [--format fits]
"""

import argparse
import time

import numpy as np

import hips
from source import Source


def compare(values, valid, source, lon, lat, method):
    """(largest difference per pixel, expected valid) of one tile; NaN where either side is blank."""
    if method == "bilinear":
        expected = source.bilinear(lon, lat)
        return np.abs(values - np.moveaxis(expected, 0, -1)).max(axis=-1), np.isfinite(expected).all(axis=0)
    candidates = source.nearest_candidates(lon, lat)
    best = None
    should = np.zeros(lon.shape, bool)
    for expected in candidates:
        difference = np.abs(values - np.moveaxis(expected, 0, -1)).max(axis=-1)
        best = difference if best is None else np.fmin(best, difference)
        should |= np.isfinite(expected).all(axis=0)
    return best, should


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hips")
    parser.add_argument("source")
    parser.add_argument("--method", choices=["bilinear", "nearest"], default="bilinear")
    parser.add_argument("--tolerance", type=float, default=0.5)
    parser.add_argument("--edge-nodata", type=float, help="value without data where it is connected with the edge")
    parser.add_argument("--format", choices=["fits", "png", "jpeg"], default="fits")
    arguments = parser.parse_args()
    hips.require(arguments.hips)
    source = Source(arguments.source, arguments.edge_nodata)
    order, width = hips.leaf_order(arguments.hips), hips.tile_width(arguments.hips)
    present = set(hips.tiles(arguments.hips, order, arguments.format))
    if not present:
        hips.fail(f"{arguments.hips} has no {arguments.format} tile of order {order}")
    lossy = arguments.format == "jpeg"
    began, pixels, blank, filled, wrong = time.time(), 0, 0, 0, 0
    largest, where, total = 0.0, None, 0.0
    for npix in sorted(present | set(source.tiles(order))):
        lon, lat = hips.pixel_positions(order, npix, width)
        if npix in present:
            values, valid = hips.read_tile(arguments.hips, order, npix, arguments.format)
            if values.shape[0] != width:
                hips.fail(f"tile {order}/{npix} is {values.shape[0]} wide, properties say {width}")
        else:
            values, valid = np.full((width, width, 1), np.nan), np.zeros((width, width), bool)
        if values.shape[2] not in (1, source.channels):
            hips.fail(f"tile {order}/{npix} has {values.shape[2]} channels, the source {source.channels}")
        difference, should = compare(values, valid, source, lon, lat, arguments.method)
        if lossy:
            valid = valid & should
        blank += int((should & ~valid).sum())
        filled += int((valid & ~should).sum())
        both = difference[valid & should]
        pixels += both.size
        if both.size == 0:
            continue
        total += both.sum()
        measure = both.mean() if lossy else both.max()
        wrong += int(measure > arguments.tolerance) if lossy else int((both > arguments.tolerance + 1e-9).sum())
        if measure > largest:
            worst = np.unravel_index(np.where(valid & should, difference, -1).argmax(), lon.shape)
            largest = measure
            where = f"tile {order}/{npix} x {worst[0]} y {worst[1]} at {lon[worst]:.5f} {lat[worst]:+.5f}"
    kind = "mean of a tile" if lossy else "difference"
    print(f"{arguments.hips} ({arguments.format}, order {order}) against {arguments.source}, {arguments.method}:")
    print(f"  {pixels} pixels of {len(present)} tiles compared in {time.time() - began:.0f} s")
    print(f"  largest {kind} {largest:.6f} ({where}), mean {total / max(pixels, 1):.6f}")
    print(f"  blank though the source has data: {blank}; filled though it has none: {filled}")
    print(f"  {'tiles' if lossy else 'pixels'} beyond {arguments.tolerance}: {wrong}")
    if blank or filled or wrong or pixels == 0:
        hips.fail("the tiles are not the source")
    print("OK")


if __name__ == "__main__":
    main()
