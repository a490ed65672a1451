#!/usr/bin/env python3
"""Truth for the MOC tests: writes Tests/MOCTests/Tables/*.txt and *.fits with mocpy.

Needs mocpy (pip install mocpy), numpy and astropy. Membership is worked out with plain sets of cells.
"""
import pathlib
import random
from fractions import Fraction

import numpy as np
from mocpy import MOC

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "MOCTests" / "Tables"
rng = random.Random(20)


def ascii_of(moc):
    return " ".join(moc.to_string("ascii").split())


def random_cells(top, count):
    """Cells of mixed orders up to `top`, half of them near each other so that they merge."""
    cells = []
    for _ in range(count):
        order = rng.randint(0, top) if rng.random() < 0.3 else top
        npix = rng.randrange(12 * 4**order)
        if cells and rng.random() < 0.6:
            o, n = rng.choice(cells)
            npix = (n >> 2 * (o - order)) if o >= order else (n << 2 * (order - o))
            npix = min(12 * 4**order - 1, npix + rng.randint(0, 3))
        cells.append((order, npix))
    return cells


def moc_of(cells, top):
    if not cells:
        return MOC.new_empty(top)
    return MOC.from_healpix_cells(
        np.array([n for _, n in cells], dtype=np.uint64),
        np.array([o for o, _ in cells], dtype=np.uint8), top)


def text(cells):
    return " ".join(f"{o}/{n}" for o, n in cells)


def write(name, head, lines):
    (OUT / name).write_text("# " + head + "\n" + "".join("\t".join(map(str, l)) + "\n" for l in lines))


def cells_table():
    lines = []
    for top in list(range(0, 10)) + [13, 20, 26, 28, 29]:
        for count in (1, 3, 12, 40):
            cells = random_cells(min(top, 6) if count == 40 else top, count)
            moc = moc_of(cells, top)
            ranges = moc.to_depth29_ranges
            covered = sum(int(b) - int(a) for a, b in ranges)
            lines.append((top, text(cells), ascii_of(moc), "".join(moc.to_string("json").split()),
                          covered, float(Fraction(covered, 12 * 4**29)).hex()))
    whole = [(0, n) for n in range(12)]
    moc = moc_of(whole, 3)
    lines.append((3, text(whole), ascii_of(moc), "".join(moc.to_string("json").split()), 12 * 4**29, 1.0.hex()))
    write("cells.txt", "order, cells, ASCII, JSON, covered cells of order 29, their exact share; mocpy", lines)


def operations_table():
    lines = []
    for top_a, top_b in [(0, 0), (1, 3), (3, 3), (5, 2), (6, 6), (8, 4), (29, 29), (29, 5), (17, 18)]:
        for count in (0, 1, 8, 60):
            a = moc_of(random_cells(top_a if count == 8 else min(top_a, 5), count), top_a)
            b = moc_of(random_cells(top_b if count == 8 else min(top_b, 5), count), top_b)
            down = rng.randint(0, max(0, top_a - 1))
            lines.append((ascii_of(a), ascii_of(b), ascii_of(a.union(b)), ascii_of(a.intersection(b)),
                          down, ascii_of(a.degrade_to_order(down))))
    write("operations.txt", "ASCII of A, B, union, intersection, a coarser order, A at that order; mocpy", lines)


def membership_table():
    top = 4
    lines = []
    for count in (1, 5, 30, 200):
        cells = random_cells(top, count)
        covered = set()
        for o, n in cells:
            size = 4 ** (top - o)
            covered.update(range(n * size, (n + 1) * size))
        for _ in range(60):
            order = rng.randint(0, 7)
            npix = rng.randrange(12 * 4**order)
            if rng.random() < 0.7:
                near = rng.choice(sorted(covered))
                npix = near >> 2 * (top - order) if order <= top else near << 2 * (order - top)
            if order <= top:
                size = 4 ** (top - order)
                inside = [k in covered for k in range(npix * size, (npix + 1) * size)]
            else:
                inside = [npix >> 2 * (order - top) in covered]
            lines.append((text(cells), f"{order}/{npix}", int(all(inside)), int(any(inside))))
    write("membership.txt", "cells of order <= 4, cell, wholly inside, at least in part; sets of cells", lines)


def fits_files():
    lines = []
    small = moc_of([(0, 3), (2, 17), (2, 18), (5, 9000), (5, 9001)], 6)
    deep = moc_of([(1, 40), (20, 10**12), (29, 12 * 4**29 - 1), (29, 0)], 29)
    for name, moc, old in [("small_v2.fits", small, False), ("small_v1.fits", small, True),
                           ("deep_v2.fits", deep, False), ("deep_v1.fits", deep, True)]:
        moc.save(OUT / name, format="fits", overwrite=True, v1_compatible=old)
        lines.append((name, ascii_of(moc)))
    for name in ["SMOC.fits", "CDS-I-125A-catalog_MOC.fits"]:
        lines.append((name, ascii_of(MOC.from_fits(OUT / name))))
    write("fits.txt", "file, its ASCII as mocpy reads it", lines)


def random_moc():
    """A small coverage of orders up to 6: scattered, or at the corners and edges of faces."""
    top = rng.randint(0, 6)
    cells = []
    for _ in range(rng.choice([0, 1, 3, 8, 20])):
        order = top if rng.random() < 0.7 else rng.randint(0, top)
        side = 4**order
        place = rng.choice([0, side - 1, side // 3, 2 * (side // 3), rng.randrange(side), rng.randrange(side)])
        cells.append((order, rng.randrange(12) * side + place))
    return moc_of(cells, top)


def pairs_table():
    """mocpy 0.21's own difference loses ranges, hence the intersection with the complement."""
    lines = []
    for _ in range(600):
        a, b = random_moc(), random_moc()
        lines.append((ascii_of(a), ascii_of(b), ascii_of(a.union(b)), ascii_of(a.intersection(b)),
                      ascii_of(a.intersection(b.complement())), ascii_of(a.symmetric_difference(b)),
                      ascii_of(a.complement())))
    write("pairs.txt", "A, B, union, intersection, A without B, symmetric difference, complement of A; mocpy", lines)


def borders_table():
    lines = []
    for _ in range(350):
        moc = random_moc()
        # extended and contracted give new coverages; add_neighbours changes its own.
        parts = [";".join(sorted(ascii_of(m) for m in moc.split(include_indirect_neighbours=d))) if not moc.empty() else ""
                 for d in (False, True)]
        lines.append((ascii_of(moc), ascii_of(moc.extended()), ascii_of(moc.contracted()), *parts,
                      " ".join(map(str, moc.flatten())) if len(moc.flatten()) < 60 else ""))
    write("borders.txt", "coverage, grown, shrunk, parts along edges, parts with diagonals, flat cells; mocpy", lines)


def positions_table():
    import astropy.units as u
    lines = []
    for order in (0, 1, 3, 8, 15, 29):
        for _ in range(8):
            count = rng.choice([1, 5, 40])
            lon = [rng.uniform(0, 360) for _ in range(count)]
            lat = [np.degrees(np.arcsin(rng.uniform(-1, 1))) for _ in range(count)]
            moc = MOC.from_lonlat(np.array(lon) * u.deg, np.array(lat) * u.deg, max_norder=order)
            lines.append((order, " ".join(f"{x!r},{float(y)!r}" for x, y in zip(lon, lat)), ascii_of(moc)))
    write("positions.txt", "order, longitudes and latitudes in degrees, the coverage of their cells; mocpy", lines)


if __name__ == "__main__":
    cells_table()
    operations_table()
    membership_table()
    fits_files()
    pairs_table()
    borders_table()
    positions_table()
