#!/usr/bin/python3
"""Whether two HiPS hold the same tiles.

What: lists the tiles (and Allsky files) that only one has, those whose bytes differ, and among these those whose
decoded pixels differ, with the largest difference. Exit 1 when pixels differ or a tile is missing; with
`--bytes` also when only bytes differ.

How: both folders are walked; FITS are decoded by astropy (values and blanks), pictures by Pillow.

    compare_hips.py A B [--bytes]
"""

import argparse
import os

import numpy as np

import hips


def files(directory):
    hips.require(directory)
    found = set()
    for folder, _, names in os.walk(directory):
        if os.path.relpath(folder, directory).startswith("Norder"):
            found |= {os.path.relpath(os.path.join(folder, n), directory) for n in names}
    return found


def pixels(path):
    if path.endswith(".fits"):
        return hips.read_fits(path)[0]
    return hips.read_picture(path).astype(np.float64)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("a")
    parser.add_argument("b")
    parser.add_argument("--bytes", action="store_true", help="differing bytes alone are a failure")
    arguments = parser.parse_args()
    first, second = files(arguments.a), files(arguments.b)
    for name in sorted(first - second):
        print(f"  only in {arguments.a}: {name}")
    for name in sorted(second - first):
        print(f"  only in {arguments.b}: {name}")
    bytes_differ, pixels_differ, largest = 0, 0, 0.0
    for name in sorted(first & second):
        paths = [os.path.join(d, name) for d in (arguments.a, arguments.b)]
        contents = [open(p, "rb").read() for p in paths]
        if contents[0] == contents[1]:
            continue
        bytes_differ += 1
        a, b = (pixels(p) for p in paths)
        if a.shape == b.shape and np.array_equal(a, b, equal_nan=True):
            continue
        pixels_differ += 1
        said = f"shapes {a.shape} and {b.shape}"
        if a.shape == b.shape:
            apart = np.abs(a - b)
            blanks = int((np.isnan(a) != np.isnan(b)).sum())
            count = int((np.nan_to_num(apart) > 0).sum())
            worst = float(np.nanmax(apart)) if np.isfinite(apart).any() else 0.0
            largest = max(largest, worst)
            said = f"{count} pixels by up to {worst:g}, {blanks} blank in one only"
        if pixels_differ <= 50:
            print(f"  differs: {name}: {said}")
    missing = len(first ^ second)
    print(f"{len(first & second)} files in both, {missing} in one only, {bytes_differ} with other bytes, "
          f"{pixels_differ} with other pixels (largest difference {largest:g})")
    if not first & second:
        hips.fail("no tile in common")
    if missing or pixels_differ or (arguments.bytes and bytes_differ):
        hips.fail("the maps differ")
    print("OK")


if __name__ == "__main__":
    main()
