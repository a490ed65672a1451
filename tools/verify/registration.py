#!/usr/bin/python3
"""How far two HiPS of the same ground are shifted against each other, in pixels of the first one's source.

    registration.py HIPS OTHER --source-degrees D [--most 0.1] [--order K]

Both hold FITS tiles of values. Over all pixels of the order (1) that both have, away from where either has none, the
difference of the two is explained by a shift: d = east * dA/dx + north * dA/dy, by least squares over pieces of 64 x 64
pixels. The slopes are those of the first map's own tiles, so that no resampling stands between. The median shift over
all pieces, and that over the pieces of each eighth of the sphere, must not be more than `--most` source pixels. Ends
with 1 otherwise, and when too few pieces say anything.
"""

import argparse
import os
import sys

import healpy
import numpy as np

from hips import pixel_positions, read_fits, tile_path


def pieces(first, other, order, npix):
    paths = [tile_path(folder, order, npix, "fits") for folder in (first, other)]
    if not all(os.path.exists(path) for path in paths):
        return
    a, b = (read_fits(path)[0] for path in paths)
    lon, lat = pixel_positions(order, npix, 512)
    gy, gx = np.gradient(a)
    # Steps of the tile's rows and columns in degrees to the east and to the north.
    shrink = np.cos(np.radians(lat))
    unwrapped = np.degrees(np.unwrap(np.unwrap(np.radians(lon), axis=0), axis=1))
    er, ec = np.gradient(unwrapped, axis=0) * shrink, np.gradient(unwrapped, axis=1) * shrink
    nr, nc = np.gradient(lat, axis=0), np.gradient(lat, axis=1)
    determinant = er * nc - ec * nr
    east = (gy * nc - gx * nr) / determinant
    north = (gx * er - gy * ec) / determinant
    d = b - a
    for y in range(0, 512, 64):
        for x in range(0, 512, 64):
            part = (slice(y, y + 64), slice(x, x + 64))
            if abs(lat[part]).max() > 88 or not np.isfinite(d[part]).all() or not np.isfinite(east[part]).all():
                continue
            yield (lon[part].mean(), lat[part].mean(), np.stack([east[part].ravel(), north[part].ravel()], 1),
                   d[part].ravel())


def shifts(hips, other, source_degrees, order=1):
    """Longitude, latitude, and source pixels east and north, of each piece of ground that both maps have."""
    found = []
    for npix in range(healpy.nside2npix(2 ** order)):
        for lon, lat, slopes, difference in pieces(hips, other, order, npix):
            # A ground without slopes says nothing of where it lies.
            if np.abs(slopes).mean(axis=0).min() < 20:
                continue
            # A moved map B(p) = A(p + s) differs by slope * s; heights from another level differ by that as well.
            terms = np.column_stack([slopes, np.ones(len(slopes))])
            shift, *_ = np.linalg.lstsq(terms, difference, rcond=None)
            found.append((lon, lat, *shift[:2] / source_degrees))
    return np.array(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hips")
    parser.add_argument("other")
    parser.add_argument("--source-degrees", type=float, required=True)
    parser.add_argument("--most", type=float, default=0.1)
    parser.add_argument("--order", type=int, default=1)
    arguments = parser.parse_args()
    found = shifts(arguments.hips, arguments.other, arguments.source_degrees, arguments.order)
    if len(found) < 8:
        print(f"FAILED: {len(found)} pieces say anything")
        return 1
    failed = False
    groups = {"all": np.full(len(found), True)}
    for name, north in (("north", True), ("south", False)):
        for quarter in range(4):
            inside = (found[:, 1] >= 0) == north
            inside &= (found[:, 0] // 90).astype(int) % 4 == quarter
            if inside.sum() >= 8:
                groups[f"{name}, from {90 * quarter} E"] = inside
    for name, inside in groups.items():
        east, north = np.median(found[inside, 2]), np.median(found[inside, 3])
        wrong = max(abs(east), abs(north)) > arguments.most
        failed |= wrong
        print(f"{'FAILED  ' if wrong else 'ok      '}{name}: {inside.sum()} pieces, {east:+.4f} pixels east, "
              f"{north:+.4f} north")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
