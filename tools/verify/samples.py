#!/usr/bin/python3
"""A HiPS built with `--resampling nearest` against known values at known places.

What: for each row of a table (columns lon_east_deg, lat_deg, value) the leaf pixel that contains the position
must hold the value exactly.

How: healpy finds the leaf pixel. A nearest build takes the source pixel that holds the CENTRE of a leaf pixel;
where that centre lies outside the source pixel of the sample (`--step` degrees wide and high, the sample at its
centre), which happens only where meridians converge, the row says nothing and is counted apart. More than one
row in ten of that kind is a failure.

    samples.py HIPSDIR truth.csv [--step 0.25]
"""

import argparse
import csv

import healpy
import numpy as np

import hips


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hips")
    parser.add_argument("truth")
    parser.add_argument("--step", type=float, default=0.25, help="side of a source pixel, degrees")
    arguments = parser.parse_args()
    order, width = hips.leaf_order(arguments.hips), hips.tile_width(arguments.hips)
    with open(arguments.truth, newline="", encoding="utf-8") as file:
        rows = [(float(r["lon_east_deg"]), float(r["lat_deg"]), float(r["value"])) for r in csv.DictReader(file)]
    if not rows:
        hips.fail(f"{arguments.truth} has no rows")
    nside = (1 << order) * width
    cache, outside, wrong = {}, 0, []
    for lon, lat, value in rows:
        pixel = healpy.ang2pix(nside, lon, lat, nest=True, lonlat=True)
        centre_lon, centre_lat = healpy.pix2ang(nside, pixel, nest=True, lonlat=True)
        off = abs((centre_lon - lon + 180) % 360 - 180)
        if off >= arguments.step / 2 or abs(centre_lat - lat) >= arguments.step / 2:
            outside += 1
            continue
        npix, inner = divmod(int(pixel), width * width)
        if npix not in cache:
            cache[npix] = hips.read_tile(arguments.hips, order, npix, "fits")[0][..., 0]
        x, y = np.argwhere(hips.sub_indices(width) == inner)[0]
        found = cache[npix][x, y]
        if found != value:
            wrong.append(f"  {lon} {lat:+}: expected {value:g}, found {found:g}")
    print(f"{arguments.hips}: {len(rows) - outside} of {len(rows)} samples compared, {outside} say nothing")
    print("\n".join(wrong[:20]))
    if wrong:
        hips.fail(f"{len(wrong)} samples differ")
    if outside * 10 > len(rows):
        hips.fail("too few samples can be compared at this order")
    print("OK")


if __name__ == "__main__":
    main()
