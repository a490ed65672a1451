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

With --vectors the GeoJSON files of a folder are covered and their parts are tested in the same way.
"""
import argparse
import json
import math
import subprocess
import sys
import tempfile
import time

import healpy
import numpy as np
from mocpy import MOC

TINY = 2e-14


def xyz(lon, lat):
    lon, lat = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], -1)


def face_point(face, u, v):
    """Gorski et al. 2005, section 5, with u and v as fractions of the face."""
    row, column = face >> 2, (face & 3) * 2 + np.where(face >> 2 != 1, 1, 0)
    s = u + v
    cap = ((row == 0) & (s > 1)) | ((row == 2) & (s < 1))
    sigma = np.where(row == 0, (1 - u) + (1 - v), s)
    safe = np.where(sigma > 0, sigma, 1)
    z = np.where(cap, (1 - sigma**2 / 3) * np.where(row == 0, 1, -1), (2 / 3) * (s - row))
    rho = np.where(cap, sigma * np.sqrt(np.maximum(0, 2 / 3 - sigma**2 / 9)), np.sqrt(np.maximum(0, 1 - z**2)))
    lon = (math.pi / 4) * (column + np.where(cap, np.where(sigma > 0, (u - v) / safe, 0), u - v))
    return np.stack([rho * np.cos(lon), rho * np.sin(lon), z], -1)


def place(order, npix):
    x, y, face = healpy.pix2xyf(2**order, npix, nest=True)
    return face, x, y


def centres(order, cells):
    face, x, y = place(order, cells)
    return face_point(face, (x + 0.5) / 2.0**order, (y + 0.5) / 2.0**order)


def side_points(order, npix, side, t):
    face, x, y = place(order, npix) if not isinstance(npix, tuple) else npix
    n = 2.0**order
    u = (x + (t if side in (0, 2) else float(side == 1))) / n
    v = (y + (t if side in (1, 3) else float(side == 2))) / n
    return face_point(face, u + 0 * t, v + 0 * t)


class Polygon:
    def __init__(self, rings):
        self.rings = [xyz(np.array(r)[:, 0], np.array(r)[:, 1]) for r in rings]
        a = np.concatenate(self.rings)
        b = np.concatenate([np.roll(r, -1, 0) for r in self.rings])
        keep = np.linalg.norm(a - b, axis=1) > 0
        self.a, self.b = a[keep], b[keep]
        # a x (b - a) is good to the last digit where a x b is not.
        n = np.cross(self.a, self.b - self.a)
        self.n = n / np.linalg.norm(n, axis=1)[:, None]
        self.near = slice(None)
        axis = a.sum(0)
        self.axis = axis / np.linalg.norm(axis)
        e = np.cross(self.axis, [0, 0, 1] if abs(self.axis[2]) < 0.9 else [1, 0, 0])
        self.e = e / np.linalg.norm(e)
        self.f = np.cross(self.axis, self.e)
        self.reach = (a @ self.axis).min()

    def plane(self, p):
        d = p @ self.axis
        return np.stack([p @ self.e / d, p @ self.f / d], -1)

    def contains(self, p):
        """Even-odd rule in the gnomonic plane; for places in the hemisphere of the axis."""
        front = p @ self.axis > 1e-9
        q = self.plane(np.where(front[:, None], p, self.axis))
        odd = np.zeros(len(p), bool)
        for ring in self.rings:
            w = self.plane(ring)
            for (x0, y0), (x1, y1) in zip(w, np.roll(w, -1, 0)):
                if y0 == y1:
                    continue
                cross = (y0 > q[:, 1]) != (y1 > q[:, 1])
                odd ^= cross & (q[:, 0] < x0 + (x1 - x0) * ((q[:, 1] - y0) / (y1 - y0)))
        return odd & front

    def border(self, p):
        """The least distance of places from the edges."""
        best = np.full(len(p), 9.0)
        for low in range(0, len(p), 2000):
            best[low:low + 2000] = self.distances(p[low:low + 2000]).min(1)
        return best

    def distances(self, p):
        a, b, n = self.a, self.b, self.n
        on = (p @ np.cross(n, a).T > 0) & (p @ np.cross(b, n).T > 0)
        from_a = np.sqrt(np.maximum(0, ((p[:, None] - a) ** 2).sum(2)))
        from_b = np.sqrt(np.maximum(0, ((p[:, None] - b) ** 2).sum(2)))
        off = np.abs(((p[:, None] - a) * n).sum(2))
        return np.where(on, off, np.minimum(from_a, from_b))

    def touches(self, order, npix):
        """1 touches, 0 does not, None is too near to say."""
        spot = tuple(int(v) for v in place(order, npix))
        corner = side_points(order, spot, 0, np.array([0.0]))
        if self.contains(corner)[0]:
            return 1
        # Edges that come near the cell: it reaches no farther than 2 of its sides from a corner.
        near = np.flatnonzero(self.distances(corner)[0] < 4.0 / 2**order)
        if len(near) == 0:
            return 0
        a, b, n = self.a[near], self.b[near], self.n[near]
        theta, phi = np.arctan2(np.hypot(a[:, 0], a[:, 1]), a[:, 2]), np.arctan2(a[:, 1], a[:, 0])
        if np.any(healpy.ang2pix(2**order, theta, phi, nest=True) == npix):
            return 1
        unsure = False
        for side in range(4):
            t = np.linspace(0, 1, 17)
            for depth in range(5):
                p = side_points(order, spot, side, t)
                f = ((p[:, None] - a) * n).sum(2)
                answer = self.crossing(order, spot, side, t, f, a, b, n)
                if answer == 1:
                    return 1
                unsure |= answer is None
                # A side bends by less than 12 (step / nside)^2 / 8 off the line between two of its points.
                step = np.diff(t)[:, None] / 2.0**order
                close = np.minimum(np.abs(f[:-1]), np.abs(f[1:])) < 1.5 * step**2 + 1e-16
                rows = np.flatnonzero(close.any(1))
                if len(rows) == 0:
                    break
                if depth == 4:
                    unsure |= bool((self.distances(p[rows])[:, near].min(1) < TINY).any())
                    break
                t = np.unique(np.concatenate([np.linspace(t[r], t[r + 1], 9) for r in rows]))
        return None if unsure else 0

    def crossing(self, order, spot, side, t, f, a, b, n):
        """Whether a side crosses an edge: 1, 0, or None when it does so within rounding of the edge's end."""
        result = 0
        for r, e in zip(*np.nonzero((f[:-1] > 0) != (f[1:] > 0))):
            if t[r + 1] - t[r] > 0.1:
                continue
            low, high, sign = t[r], t[r + 1], f[r, e] > 0
            for _ in range(10):
                ts = np.linspace(low, high, 17)
                values = (side_points(order, spot, side, ts) - a[e]) @ n[e]
                k = int(np.argmax((values > 0) != sign))
                if k == 0:
                    break
                low, high = ts[k - 1], ts[k]
            p = side_points(order, spot, side, np.array([low]))[0]
            room = min(np.dot(np.cross(n[e], a[e]), p - a[e]), np.dot(np.cross(b[e], n[e]), p - b[e]))
            if room > TINY:
                return 1
            if room > -TINY:
                result = None
        return result


class Cone:
    def __init__(self, lon, lat, radius):
        self.axis, self.r = xyz(lon, lat), math.radians(radius)
        self.lon, self.lat = lon, lat
        self.reach = math.cos(self.r)

    def angle(self, p):
        return 2 * np.arcsin(np.minimum(1, np.linalg.norm(p - self.axis, axis=-1) / 2))

    def contains(self, p):
        return self.angle(p) < self.r

    def border(self, p):
        return np.abs(self.angle(p) - self.r)

    def touches(self, order, npix):
        spot = tuple(int(v) for v in place(order, npix))
        if healpy.ang2pix(2**order, self.lon, self.lat, nest=True, lonlat=True) == npix:
            return 1
        least = 9.0
        for side in range(4):
            low, high = 0.0, 1.0
            for _ in range(12):
                t = np.linspace(low, high, 33)
                a = self.angle(side_points(order, spot, side, t))
                k = int(a.argmin())
                least = min(least, a[k])
                low, high = t[max(0, k - 2)], t[min(32, k + 2)]
        return 1 if least < self.r - TINY else 0 if least > self.r + TINY else None


class Zone:
    """Between two meridians and two parallels, in degrees."""

    def __init__(self, west, east, south, north):
        self.west, self.width = math.radians(west), math.radians(east - west)
        self.south, self.north = math.radians(south), math.radians(north)

    def place(self, p):
        """How far east of the western meridian, in -pi to pi around the middle, and the latitude."""
        east = np.arctan2(p[..., 1], p[..., 0]) - self.west - self.width / 2
        east -= 2 * math.pi * np.round(east / (2 * math.pi))
        return east + self.width / 2, np.arctan2(p[..., 2], np.hypot(p[..., 0], p[..., 1]))

    def contains(self, p):
        east, lat = self.place(p)
        return (east > 0) & (east < self.width) & (lat > self.south) & (lat < self.north)

    def border(self, p):
        east, lat = self.place(p)
        rho = np.hypot(p[..., 0], p[..., 1])
        return np.min([np.abs(lat - self.south), np.abs(lat - self.north), np.abs(east) * rho,
                       np.abs(east - self.width) * rho], axis=0)

    def touches(self, order, npix):
        """1 touches, 0 does not, None is too near to say: what a hair more or less decides."""
        more, less = (self.touched(order, npix, hair) for hair in (1e-13, -1e-13))
        return more if more == less else None

    def touched(self, order, npix, hair):
        """The same of a zone whose bounds are moved out by a hair."""
        spot = tuple(int(v) for v in place(order, npix))
        for lon in (self.west, self.west + self.width / 2, self.west + self.width):
            for lat in (self.south, self.north):
                if healpy.ang2pix(2**order, math.pi / 2 - lat, lon % (2 * math.pi), nest=True) == npix:
                    return 1
        # A pole is one place for all longitudes.
        corners = np.concatenate([side_points(order, spot, side, np.array([0.0, 1.0])) for side in range(4)])
        poles = corners[np.hypot(corners[:, 0], corners[:, 1]) == 0, 2]
        if (self.north >= math.pi / 2 and 1 in poles) or (self.south <= -math.pi / 2 and -1 in poles):
            return 1
        # Along a side of a cell latitude and longitude rise or fall throughout: each is in the zone for one interval.
        unsure = False
        for side in range(4):
            spans = []
            for coordinate, (low, high) in ((0, (0, self.width)), (1, (self.south, self.north))):

                def beyond(t, bound):
                    p = side_points(order, spot, side, t)
                    length = np.hypot(p[:, 0], p[:, 1]) if coordinate == 0 else 1
                    return (self.place(p)[coordinate] - bound) * length + (hair if bound == low else -hair)

                ends = []
                for bound in (low, high):
                    a, b = 0.0, 1.0
                    for _ in range(14):
                        t = np.linspace(a, b, 17)
                        values = beyond(t, bound)
                        change = np.flatnonzero((values[1:] > 0) != (values[0] > 0))
                        if len(change) == 0:
                            # It is on one side of the bound all along.
                            a = b = math.inf if values[0] > 0 else -math.inf
                            break
                        a, b = t[change[0]], t[change[0] + 1]
                    first = beyond(np.array([0.0]), bound)[0] > 0
                    ends.append((a, first))
                (low_at, above_low), (high_at, above_high) = ends
                if math.isinf(low_at):
                    begin, end = (0.0, 1.0) if low_at > 0 else (1.0, 0.0)
                else:
                    begin, end = (0.0, low_at) if above_low else (low_at, 1.0)
                if math.isinf(high_at):
                    if high_at > 0:
                        begin, end = 1.0, 0.0
                elif above_high:
                    begin = max(begin, high_at)
                else:
                    end = min(end, high_at)
                spans.append((begin, end))
            room = min(spans[0][1], spans[1][1]) - max(spans[0][0], spans[1][0])
            if min(spans[0][1] - spans[0][0], spans[1][1] - spans[1][0]) < -0.5:
                continue
            slack = TINY * 2**order + 1e-12
            if room > slack:
                return 1
            unsure |= room > -slack
        return None if unsure else 0


def corners_of_box(lon, lat, width, height):
    """Places at half the width and height on a sphere whose point (0, 0) is the centre; degrees."""
    axis = xyz(lon, lat)
    east = np.array([-math.sin(math.radians(lon)), math.cos(math.radians(lon)), 0])
    north = np.cross(axis, east)
    ring = []
    for x, y in ((1, 1), (-1, 1), (-1, -1), (1, -1)):
        a, b = math.radians(x * width / 2), math.radians(y * height / 2)
        p = math.cos(b) * math.cos(a) * axis + math.cos(b) * math.sin(a) * east + math.sin(b) * north
        ring.append((math.degrees(math.atan2(p[1], p[0])), math.degrees(math.atan2(p[2], math.hypot(p[0], p[1])))))
    return ring


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


def around(rng, lon, lat, angles, radii):
    """Places at angles (from north to east) and distances from a centre, all in radians; degrees."""
    axis = xyz(math.degrees(lon), math.degrees(lat))
    east = np.array([-math.sin(lon), math.cos(lon), 0])
    north = np.cross(axis, east)
    p = (np.cos(radii)[:, None] * axis
         + np.sin(radii)[:, None] * (np.sin(angles)[:, None] * east + np.cos(angles)[:, None] * north))
    return list(zip(np.degrees(np.arctan2(p[:, 1], p[:, 0])).tolist(),
                    np.degrees(np.arctan2(p[:, 2], np.hypot(p[:, 0], p[:, 1]))).tolist()))


def random_case(rng):
    where = rng.random()
    lon = rng.uniform(-math.pi, math.pi)
    lat = math.asin(rng.uniform(-1, 1))
    radius = 10 ** rng.uniform(-7.5, 0.05)
    if where < 0.12:
        lat = math.copysign(math.pi / 2 - radius * rng.random(), rng.random() - 0.5)
    elif where < 0.24:
        lon = math.pi + radius * rng.uniform(-1, 1)
    elif where < 0.3:
        lon, lat = rng.integers(8) * math.pi / 4, rng.choice([0, math.asin(2 / 3), -math.asin(2 / 3), math.pi / 2])
    order = int(np.clip(round(math.log2(rng.uniform(0.3, 25) / radius)), 3, 29))
    kind = rng.choice(["cone", "box", "zone", "convex", "star", "crossing", "hole", "few"])
    if kind == "box":
        size = math.degrees(min(radius, 1)) * np.array([2, 2 * rng.uniform(0.05, 1)])
        return kind, order, (math.degrees(lon) % 360, math.degrees(lat), *map(float, size)), radius
    if kind == "zone":
        west = math.degrees(lon) % 360
        south, north = (math.degrees(lat) + math.degrees(radius) * v for v in (-rng.random(), rng.random()))
        return kind, order, (west, west + math.degrees(min(radius, 3)), max(south, -90.0), min(north, 90.0)), radius
    if kind == "cone":
        return kind, order, (math.degrees(lon) % 360, math.degrees(lat), math.degrees(radius)), radius
    n = int(3 + 497 * rng.random() ** 3)
    if kind == "convex":
        angles = np.sort(rng.uniform(0, 2 * math.pi, n))
        rings = [around(rng, lon, lat, angles, np.full(n, radius))]
    elif kind == "few":
        angles = np.sort(rng.uniform(0, 2 * math.pi, 3 + int(rng.random() * 3)))
        rings = [around(rng, lon, lat, angles, np.full(len(angles), radius))]
    elif kind in ("star", "hole"):
        angles = np.arange(n) * (2 * math.pi / n)
        radii = radius * rng.uniform(0.5, 1, n)
        rings = [around(rng, lon, lat, angles, radii)]
        if kind == "hole":
            rings.append(around(rng, lon, lat, -angles, radii * rng.uniform(0.2, 0.8)))
    else:
        n = min(n, 40)
        rings = [around(rng, lon, lat, rng.uniform(0, 2 * math.pi, n), radius * np.sqrt(rng.random(n)))]
    if rng.random() < 0.5:
        rings[0].reverse()
    return kind, order, rings, radius


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


def flat(text, order):
    """The cells of an ASCII coverage, all of one order."""
    cells, level = [], 0
    for word in text.split():
        if "/" in word:
            head, word = word.split("/")
            level = int(head)
            if not word:
                continue
        first, _, last = word.partition("-")
        shift = 2 * (order - level)
        cells.append(np.arange(int(first) << shift, (int(last or first) + 1) << shift, dtype=np.int64))
    return np.unique(np.concatenate(cells)) if cells else np.zeros(0, np.int64)


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


def neighbours(order, cells):
    if len(cells) == 0:
        return cells
    around = healpy.get_all_neighbours(2**order, cells, nest=True).ravel()
    return np.setdiff1d(np.unique(around[around >= 0]), cells)


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
        is_cone = group == "cone"
        if group != "polygon":
            form, lines = "region", [
                f"{REGIONS[group][0]} IAU2020:49900 " + " ".join(map(repr, numbers)) for _, _, numbers, _ in cases]
        else:
            form = "wkt"
            lines = ["POLYGON(" + ",".join(
                "(" + ",".join(f"{x!r} {y!r}" for x, y in ring + ring[:1]) + ")" for ring in rings) + ")"
                for _, _, rings, _ in cases]
        inclusive = run(options.binary, order, "inclusive", form, lines)
        centre = run(options.binary, order, "centre", form, lines)
        for (kind, _, data, radius), line, text, inner in zip(cases, lines, inclusive, centre):
            theirs = None
            shape = REGIONS[group][1](data) if group != "polygon" else Polygon(data)
            if kind == "zone":
                try:
                    moc = MOC.from_zone(SkyCoord([[data[0] % 360, data[2]], [data[1] % 360, data[3]]], unit="deg"), order)
                    theirs = flat(moc.to_string("ascii"), order)
                except BaseException as error:
                    if isinstance(error, (KeyboardInterrupt, SystemExit)):
                        raise
                    print("mocpy:", error)
                if theirs is not None and len(theirs) > 4**order:
                    theirs = None
            elif kind in ("convex", "star", "few"):
                # mocpy takes no polygons beyond a hemisphere, nor doubled vertices.
                if shape.reach > 0.1:
                    ring = np.array(data[0])
                    try:
                        moc = MOC.from_polygon(
                            lon=ring[:, 0] * U.deg, lat=ring[:, 1] * U.deg, max_depth=order)
                        theirs = flat(moc.to_string("ascii"), order)
                    except BaseException as error:  # a panic in mocpy, which is no Exception, says nothing about us
                        if isinstance(error, (KeyboardInterrupt, SystemExit)):
                            raise
                        print("mocpy:", error)
                    # Where the middle of the vertices is outside, mocpy takes the other side.
                    if theirs is not None and len(theirs) > 6 * 4**order:
                        theirs = None
            elif is_cone:
                moc = MOC.from_cone(
                    lon=data[0] * U.deg, lat=data[1] * U.deg, radius=data[2] * U.deg, max_depth=order,
                    delta_depth=min(8, 29 - order))
                theirs = flat(moc.to_string("ascii"), order)
            if isinstance(shape, Polygon) and shape.reach < 0.1:
                continue
            check(tally, rng, kind, order, shape, flat(text, order), flat(inner, order), line[:300], theirs)
    if options.vectors:
        vectors(options, tally, rng)
    print(f"{tally.cases} shapes, {tally.centres} centres, {tally.tested} cells tested for touching "
          f"({tally.unsure} within rounding), {tally.mocpy} against mocpy (cells of one only: {tally.only_ours} ours, "
          f"{tally.only_mocpy} mocpy's), {len(tally.failures)} wrong, {time.time() - begun:.0f} s")
    sys.exit(1 if tally.failures else 0)


def vectors(options, tally, rng):
    import pathlib

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
            lines = ["POLYGON(" + ",".join(
                "(" + ",".join(f"{x!r} {y!r}" for x, y in ring) + ")" for ring in p) + ")" for p in shapes]
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


if __name__ == "__main__":
    import astropy.units as U
    from astropy.coordinates import SkyCoord
    main()
