#!/usr/bin/env python3
"""Truth for the tests of regions: writes Tests/RegionsTests/Tables/cells.txt.

Cells of cones and polygons as worked out by moc_polygon.py and moc_round.py of tools/verify: centres by a point-in-polygon
test in the gnomonic plane, touching cells by crossings of the curved sides of cells with great circles. Needs numpy and
healpy.
"""
import math
import pathlib
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "verify"))
import healpy  # noqa: E402
from moc_cases import random_case  # noqa: E402
from moc_cells import centres  # noqa: E402
from moc_polygon import Polygon  # noqa: E402
from moc_round import Cone  # noqa: E402


def candidates(order, axis, radius):
    """All cells whose centres are within a radius and two cells."""
    nside = 2**order
    reach = min(math.pi, radius + 2.5 / nside)
    return healpy.query_disc(nside, axis, reach, nest=True) if order < 24 else None


def ascii_of(order, cells):
    return f"{order}/" + " ".join(map(str, cells))


def main():
    rng = np.random.default_rng(11)
    lines = []
    while len(lines) < 123:
        kind, order, data, radius = random_case(rng)
        if radius * 2**order > 6 or order > 20:
            continue
        shape = Cone(*data) if kind == "cone" else Polygon(data)
        if kind != "cone" and shape.reach < 0.1:
            continue
        around = radius if kind == "cone" else math.acos(min(1, shape.reach))
        cells = candidates(order, shape.axis, around)
        p = centres(order, cells)
        if (shape.border(p) < 1e-13).any():
            continue
        inner = cells[shape.contains(p)]
        answers = {int(c): shape.touches(order, int(c)) for c in cells}
        if None in answers.values():
            continue
        touched = [c for c in sorted(answers) if answers[c] == 1 or c in inner]
        if len(touched) > 260:
            continue
        if kind == "cone":
            text = "Circle ICRS " + " ".join(repr(float(v)) for v in data)
        else:
            text = "POLYGON (" + ", ".join(
                "(" + ", ".join(f"{x!r} {y!r}" for x, y in ring + ring[:1]) + ")" for ring in data) + ")"
        line = (kind, text, order, ascii_of(order, touched), ascii_of(order, sorted(map(int, inner))))
        # Long rings make a large table that shows nothing more.
        if sum(len(str(part)) for part in line) < 5500:
            lines.append(line)
    out = ROOT / "Tests" / "RegionsTests" / "Tables" / "cells.txt"
    out.write_text("# kind, shape, order, touched cells, cells whose centre is inside; tools/truth/regions_tables.py\n"
                   + "".join("\t".join(map(str, line)) + "\n" for line in lines))


if __name__ == "__main__":
    main()
