#!/usr/bin/python3
"""Whether Moc.fits covers exactly the valid leaf pixels of a HiPS.

What: a cell of the MOC's order is in when any of its leaf pixels is valid; Moc.fits must hold these cells and no
others, in as few cells as can be, and `moc_sky_fraction` must be their share of the sphere.

How: validity is read from the FITS tiles (not blank), else from PNG (alpha), else from the presence of a tile;
astropy reads the table; both sides are compared as sets of cells at the MOC's order.

    moc_pixels.py HIPSDIR
"""

import argparse
import os

import numpy as np

import hips


def read_moc(path):
    """(order, list of (order, npix)) of a MOC in the NUNIQ serialisation."""
    from astropy.io import fits

    with fits.open(path) as hdus:
        header, table = hdus[1].header, hdus[1].data
        numbers = np.asarray(table.field(0), np.int64)
    order = header.get("MOCORD_S", header.get("MOCORDER"))
    if order is None:
        hips.fail(f"{path}: neither MOCORD_S nor MOCORDER")
    if header.get("COORDSYS") != "C":
        hips.fail(f"{path}: COORDSYS is {header.get('COORDSYS')!r}; clients want 'C'")
    if header.get("ORDERING") != "NUNIQ":
        hips.fail(f"{path}: ORDERING is {header.get('ORDERING')!r}, expected NUNIQ")
    orders = (np.frompyfunc(lambda n: int(n).bit_length(), 1, 1)(numbers).astype(np.int64) - 1) // 2 - 1
    return order, list(zip(orders.tolist(), (numbers - (4 << 2 * orders)).tolist()))


def covered(directory, moc_order):
    """Bit per cell of the MOC's order: does any valid leaf pixel lie in it?"""
    words = hips.formats(directory)
    format = next((f for f in ("fits", "png", "jpeg", "webp") if f in words), "jpeg")
    order, width = hips.leaf_order(directory), hips.tile_width(directory)
    pixel_order = order + width.bit_length() - 1
    if moc_order > pixel_order:
        hips.fail(f"Moc.fits has order {moc_order}, finer than the pixels ({pixel_order})")
    cells = np.zeros(12 << 2 * moc_order, bool)
    inner = hips.sub_indices(width)
    for npix in hips.tiles(directory, order, format):
        if format in ("fits", "png"):
            _, valid = hips.read_tile(directory, order, npix, format)
        else:
            valid = np.ones((width, width), bool)
        pixels = npix * width * width + inner[valid]
        cells[np.unique(pixels >> 2 * (pixel_order - moc_order))] = True
    return cells


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hips")
    arguments = parser.parse_args()
    hips.require(arguments.hips)
    order, cells = read_moc(os.path.join(arguments.hips, "Moc.fits"))
    held = np.zeros(12 << 2 * order, bool)
    for cell_order, npix in cells:
        if cell_order > order:
            hips.fail(f"a cell of order {cell_order} in a MOC of order {order}")
        shift = 2 * (order - cell_order)
        part = held[npix << shift:(npix + 1) << shift]
        if part.any():
            hips.fail(f"cell {cell_order}/{npix} overlaps another")
        part[:] = True
    expected = covered(arguments.hips, order)
    missing, extra = int((expected & ~held).sum()), int((held & ~expected).sum())
    by_order = {}
    for cell_order, npix in cells:
        by_order.setdefault(cell_order, set()).add(npix)
    mergeable = sum(
        1 for cell_order, numbers in by_order.items() if cell_order > 0
        for n in numbers if n % 4 == 0 and {n + 1, n + 2, n + 3} <= numbers)
    fraction = expected.mean()
    said = float(hips.properties(arguments.hips).get("moc_sky_fraction", "nan"))
    print(f"{arguments.hips}: MOC of order {order}, {len(cells)} cells, {held.sum()} at its order; "
          f"missing {missing}, too many {extra}, mergeable {mergeable}")
    print(f"  share of the sphere {fraction:.8f}, moc_sky_fraction {said}")
    if missing or extra or mergeable:
        hips.fail("Moc.fits is not the coverage of the leaf pixels")
    if not abs(said - fraction) <= 1e-4 * max(fraction, 1e-3):
        hips.fail("moc_sky_fraction is not the share of the MOC")
    print("OK")


if __name__ == "__main__":
    main()
