#!/usr/bin/env python3
"""Writes pixels.txt: the direction of pixel centres of 512 x 512 tiles, by healpy (chealpix/Healpix C++)."""
import random
from pathlib import Path

import healpy

random.seed(20150)
WIDTH = 512
CORNERS = [(0, 0), (0, WIDTH - 1), (WIDTH - 1, 0), (WIDTH - 1, WIDTH - 1)]


def spread(value):
    """The bits of value at the even places."""
    return sum(((value >> bit) & 1) << (2 * bit) for bit in range(9))


lines = [
    "# Directions of pixel centres of tiles, made by tools/truth/tiler_pixels.py with healpy " + healpy.__version__,
    "# Row counts from the top of the picture (even bits of the nested index), column from the left (odd bits).",
    "# order\tnpix\trow\tcolumn\teast longitude (degrees)\tlatitude (degrees)",
]
for order in (0, 1):
    nside = WIDTH << order
    for npix in range(12 << (2 * order)):
        inner = [(random.randrange(WIDTH), random.randrange(WIDTH)) for _ in range(36)]
        edge = [(0, random.randrange(WIDTH)), (random.randrange(WIDTH), WIDTH - 1)]
        for row, column in CORNERS + edge + inner:
            pixel = npix * WIDTH * WIDTH + spread(row) + 2 * spread(column)
            lon, lat = healpy.pix2ang(nside, pixel, nest=True, lonlat=True)
            lines.append(f"{order}\t{npix}\t{row}\t{column}\t{float(lon)!r}\t{float(lat)!r}")
(Path(__file__).parents[2] / "Tests/TilerTests/Tables/pixels.txt").write_text("\n".join(lines) + "\n")
