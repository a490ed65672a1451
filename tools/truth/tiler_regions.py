#!/usr/bin/env python3
"""Writes regions.txt: which pixels of tiles of order 1 lie in boxes of longitude and latitude, by healpy."""
from pathlib import Path

import healpy
import numpy as np

# name, west edge, south edge, columns, rows, step: degrees; no edge passes through a pixel's centre.
REGIONS = [
    ("across-180", 173.13, -4.31, 130, 112, 0.1),
    ("across-0", -5.31, 40.17, 57, 38, 0.2),
    ("north-cap", 0.0, 80.0, 360, 10, 1.0),
    ("south-cap", -180.0, -90.0, 240, 8, 1.5),
    ("across-270", 268.33, -60.21, 36, 51, 0.1),
    ("one-pixel", 100.03, 20.01, 1, 1, 0.5),
    ("across-270-twice-round", 628.33, -60.21, 36, 51, 0.1),
]
TILE_ORDER, PIXEL_ORDER, MOC_ORDER = 1, 10, 4

nside = 1 << PIXEL_ORDER
lon, lat = healpy.pix2ang(nside, np.arange(12 * nside * nside), nest=True, lonlat=True)
lines = [
    "# Pixels of tiles of order 1 whose centres lie in a box, made by tools/truth/tiler_regions.py with healpy "
    + healpy.__version__,
    "# box\tname\twest\tsouth\tcolumns\trows\tstep (degrees)",
    "# tile\tname\tnpix at order 1\tpixels in the box",
    "# moc\tname\tnpix at order 4 of the cells with such a pixel",
]
for name, west, south, columns, rows, step in REGIONS:
    inside = (np.mod(lon - west, 360) <= columns * step) & (lat >= south) & (lat <= south + rows * step)
    pixels = np.flatnonzero(inside)
    lines.append(f"box\t{name}\t{west}\t{south}\t{columns}\t{rows}\t{step}")
    for npix, count in zip(*np.unique(pixels >> 2 * (PIXEL_ORDER - TILE_ORDER), return_counts=True)):
        lines.append(f"tile\t{name}\t{npix}\t{count}")
    for npix in np.unique(pixels >> 2 * (PIXEL_ORDER - MOC_ORDER)):
        lines.append(f"moc\t{name}\t{npix}")
(Path(__file__).parents[2] / "Tests/TilerTests/Tables/regions.txt").write_text("\n".join(lines) + "\n")
