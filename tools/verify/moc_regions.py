#!/usr/bin/env python3
"""Cells of random shapes, made by `tessera moc create`, against mocpy and against exact geometry worked out here.

    moc_regions.py TESSERA [--cases 10000] [--seed 1] [--vectors FOLDER]

Needs numpy, healpy and mocpy. Every case is a cone, a box, a zone or a polygon (3 to 500 vertices; convex, star-shaped,
crossing itself, with holes; over poles and longitude 180; tiny and huge; orders 3 to 29). Held against each other are

- centre mode: every cell near the shape, by a point-in-polygon test in the gnomonic plane, or by the angle from the axis;
- inclusive mode: cells whose centre is outside, and cells beyond the border that were left out, by crossings of the
  curved sides of cells with great circles;
- mocpy's coverage of the same simple polygon, cone or zone: each cell that only one has is decided by that test;
- cells of positions, which are mocpy's own.

The shapes and their geometry are in moc_cases.py, moc_polygon.py and moc_round.py beside this file.

With --vectors the GeoJSON files of a folder are covered and their parts are tested in the same way.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import astropy.units as U
import numpy as np
from astropy.coordinates import SkyCoord
from mocpy import MOC

from moc_cases import corners_of_box, random_case
from moc_cells import TINY, centres, flat, neighbours
from moc_polygon import Polygon
from moc_round import Cone, Zone


# Words of s_region, and the shapes of their numbers.
REGIONS = {
    "cone": ("Circle", lambda numbers: Cone(*numbers)),
    "box": ("Box", lambda numbers: Polygon([corners_of_box(*numbers)])),
    "zone": ("Range", lambda numbers: Zone(*numbers)),
}


class Tally:
    def __init__(self):
        self.cases = self.centres = self.tested = self.unsure = self.only_ours = self.only_mocpy = self.mocpy = 0
        self.failures = []

    def fail(self, *what):
        self.failures.append(what)
        print("WRONG", *what, flush=True)


def positions(options, tally, rng):
    """Tables of positions, of which no one lies on a border."""
    for order in (0, 3, 8, 13, 20, 29):
        lon, lat = rng.uniform(0, 360, 500), np.degrees(np.arcsin(rng.uniform(-1, 1, 500)))
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write("lon,lat\n" + "".join(f"{x!r},{y!r}\n" for x, y in zip(lon.tolist(), lat.tolist())))
            file.flush()
            for mode in ("inclusive", "centre"):
                done = subprocess.run([options.binary, "moc", "create", "--order", str(order), "--mode", mode, file.name],
                                      capture_output=True, text=True)
                theirs = np.unique(np.asarray(MOC.from_lonlat(lon * U.deg, lat * U.deg, max_norder=order).flatten(), np.int64))
                if done.returncode or not np.array_equal(flat(done.stdout, order), theirs):
                    tally.fail("positions", order, mode, done.stderr)
        tally.cases += 500


def run(binary, order, mode, form, lines):
    with tempfile.NamedTemporaryFile("w", suffix={"wkt": ".wkt", "region": ".txt"}[form]) as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        result = subprocess.run(
            [binary, "moc", "create", "--order", str(order), "--mode", mode, "--each", file.name],
            capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{binary}: {result.stderr}")
    return result.stdout.splitlines()


def check(tally, rng, kind, order, shape, inclusive, centre, description, mocpy_cells=None):
    tally.cases += 1
    # Centres: of all cells found and of their neighbours.
    cells = np.union1d(inclusive, centre)
    ring = neighbours(order, cells)
    cells = np.union1d(cells, ring)
    p = centres(order, cells) if len(cells) else np.zeros((0, 3))
    sure = shape.border(p) > TINY
    expected = shape.contains(p)
    wrong = sure & (expected != np.isin(cells, centre))
    tally.centres += int(sure.sum())
    for c in cells[wrong][:3]:
        tally.fail("centre", kind, order, int(c), description)
    if not np.isin(centre, inclusive).all():
        tally.fail("a cell of centre mode is missing in inclusive mode", kind, order, description)

    def test(candidates, wanted, limit):
        chosen = candidates if len(candidates) <= limit else rng.choice(candidates, limit, replace=False)
        for c in chosen:
            answer = shape.touches(order, int(c))
            tally.tested += 1
            if answer is None:
                tally.unsure += 1
            elif answer != wanted:
                tally.fail("inclusive", kind, order, int(c), "wanted", wanted, description)

    test(np.setdiff1d(inclusive, cells[expected & sure]), 1, 12)
    test(neighbours(order, inclusive), 0, 12)
    if mocpy_cells is not None:
        tally.mocpy += 1
        ours, theirs = np.setdiff1d(inclusive, mocpy_cells), np.setdiff1d(mocpy_cells, inclusive)
        tally.only_ours += len(ours)
        tally.only_mocpy += len(theirs)
        test(ours, 1, 200)
        test(theirs, 0, 200)


def quiet(work, most, order):
    """The cells that mocpy makes; None where it fails, or takes the other side of a shape: more than `most` cells."""
    try:
        cells = flat(work().to_string("ascii"), order)
    except BaseException as error:  # a panic in mocpy, which is no Exception, says nothing about us
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        print("mocpy:", error)
        return None
    return cells if len(cells) <= most else None


def cells_of_mocpy(kind, data, shape, order):
    """What mocpy covers of the same shape; None for shapes that it has no maker for."""
    if kind == "zone":
        corners = [[data[0] % 360, data[2]], [data[1] % 360, data[3]]]
        return quiet(lambda: MOC.from_zone(SkyCoord(corners, unit="deg"), order), 4**order, order)
    # mocpy takes no polygons beyond a hemisphere, nor doubled vertices.
    if kind in ("convex", "star", "few") and shape.reach > 0.1:
        ring = np.array(data[0])
        # Where the middle of the vertices is outside, mocpy takes the other side.
        return quiet(lambda: MOC.from_polygon(lon=ring[:, 0] * U.deg, lat=ring[:, 1] * U.deg, max_depth=order),
                     6 * 4**order, order)
    if kind == "cone":
        moc = MOC.from_cone(lon=data[0] * U.deg, lat=data[1] * U.deg, radius=data[2] * U.deg, max_depth=order,
                            delta_depth=min(8, 29 - order))
        return flat(moc.to_string("ascii"), order)
    return None


def text_of(rings):
    """A polygon as well-known text."""
    return "POLYGON(" + ",".join("(" + ",".join(f"{x!r} {y!r}" for x, y in ring) + ")" for ring in rings) + ")"


def cases_of(options, tally, rng, order, group, cases):
    """Shapes of one order, made in one go."""
    if group == "polygon":
        form, lines = "wkt", [text_of([ring + ring[:1] for ring in rings]) for _, _, rings, _ in cases]
    else:
        form, lines = "region", [
            f"{REGIONS[group][0]} IAU2020:49900 " + " ".join(map(repr, numbers)) for _, _, numbers, _ in cases]
    inclusive = run(options.binary, order, "inclusive", form, lines)
    centre = run(options.binary, order, "centre", form, lines)
    for (kind, _, data, _), line, text, inner in zip(cases, lines, inclusive, centre):
        shape = REGIONS[group][1](data) if group != "polygon" else Polygon(data)
        if isinstance(shape, Polygon) and shape.reach < 0.1:
            continue
        theirs = cells_of_mocpy(kind, data, shape, order)
        check(tally, rng, kind, order, shape, flat(text, order), flat(inner, order), line[:300], theirs)


def vectors(options, tally, rng):
    def polygons(geometry):
        if geometry["type"] == "Polygon":
            yield geometry["coordinates"]
        elif geometry["type"] == "MultiPolygon":
            yield from geometry["coordinates"]

    for path in sorted(pathlib.Path(options.vectors).glob("*.geojson")):
        features = json.loads(path.read_text())["features"]
        shapes = [p for f in features if f["geometry"] for p in polygons(f["geometry"])]
        shapes = [[[tuple(v[:2]) for v in ring] for ring in p] for p in shapes]
        shapes = [p for p in shapes if all(len(set(r)) >= 3 for r in p)]
        for order in (8, 12):
            lines = [text_of(rings) for rings in shapes]
            if not lines:
                continue
            inclusive = run(options.binary, order, "inclusive", "wkt", lines)
            centre = run(options.binary, order, "centre", "wkt", lines)
            chosen = rng.choice(len(shapes), min(600, len(shapes)), replace=False)
            for index in chosen:
                rings = [ring[:-1] if ring[0] == ring[-1] else ring for ring in shapes[index]]
                shape = Polygon(rings)
                ours = flat(inclusive[index], order)
                if shape.reach < 0.1 or len(ours) > 20000:
                    continue
                check(tally, rng, path.name, order, shape, ours, flat(centre[index], order), lines[index][:200])
        print(path.name, len(shapes), "polygons")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--cases", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vectors")
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    tally = Tally()
    begun = time.time()
    groups = {}
    for _ in range(options.cases):
        case = random_case(rng)
        groups.setdefault((case[1], case[0] if case[0] in REGIONS else "polygon"), []).append(case)
    positions(options, tally, rng)
    for (order, group), cases in sorted(groups.items()):
        cases_of(options, tally, rng, order, group, cases)
    if options.vectors:
        vectors(options, tally, rng)
    print(f"{tally.cases} shapes, {tally.centres} centres, {tally.tested} cells tested for touching "
          f"({tally.unsure} within rounding), {tally.mocpy} against mocpy (cells of one only: {tally.only_ours} ours, "
          f"{tally.only_mocpy} mocpy's), {len(tally.failures)} wrong, {time.time() - begun:.0f} s")
    sys.exit(1 if tally.failures else 0)


if __name__ == "__main__":
    main()
