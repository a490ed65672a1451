#!/usr/bin/python3
"""Writes the truth tables of the HEALPix tests to Tests/HEALPixTests/Tables.

Places are computed with mpmath at 60 digits from exact integers, in the form z = 1 - r^2/3, lat = asin z
(Gorski et al. 2005, ApJ 622, section 5), and rounded once to the nearest double; numbers of cells, neighbours and
cones come from healpy. Needs python3-mpmath and python3-healpy.
"""
import os
import random
import sys

import healpy
import mpmath as mp
import numpy as np

mp.mp.dps = 60
random.seed(20050622)
HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "..", "..", "Tests", "HEALPixTests", "Tables")


def write(name, head, rows):
    path = os.path.join(OUT, name + ".txt")
    with open(path, "w") as f:
        for line in head.strip().split("\n"):
            f.write("# " + line.strip() + "\n")
        for row in rows:
            f.write(" ".join(row if isinstance(row, (list, tuple)) else [row]) + "\n")
    print(f"{name}: {len(rows)} rows, {os.path.getsize(path)} bytes", file=sys.stderr)


def hexf(x):
    return float(x).hex()


def row_column(face):
    return (2, 3, 4)[face // 4], 2 * (face % 4) + (1, 0, 1)[face // 4]


def interleave(x, y):
    """The naive bit loop."""
    npix = 0
    for i in range(30):
        npix |= ((x >> i) & 1) << (2 * i) | ((y >> i) & 1) << (2 * i + 1)
    return npix


def place(face, u, v, side):
    """Longitude in [0, 2 pi) and latitude of the point (u, v) of a face with `side` steps along its edge."""
    row, column = row_column(face)
    ring = row * side - u - v
    if ring < side or ring > 3 * side:
        n = ring if ring < side else 4 * side - ring
        z = 1 - mp.mpf(n) ** 2 / (3 * mp.mpf(side) ** 2)
        if ring > 3 * side:
            z = -z
    else:
        n = side
        z = 2 * mp.mpf(2 * side - ring) / (3 * mp.mpf(side))
    offset = mp.mpf(u - v) / n if n else mp.mpf(0)
    lon = mp.pi / 4 * ((column + offset) % 8)
    return lon, mp.asin(z)


def special_places(order):
    """Corners, edges, middle and random places of a face, and those 1, 2, 3 rings from a pole."""
    n = 1 << order
    last = n - 1
    picks = {(0, 0), (last, 0), (0, last), (last, last), (n // 2, n // 2)}
    for _ in range(2):
        a = random.randrange(n)
        picks |= {(a, 0), (0, a), (a, last), (last, a)}
    for d in (1, 2):
        if n > d:
            picks |= {(last - d, last), (last, last - d), (d, 0), (0, d)}
    a = random.randrange(n)
    picks.add((a, last - a))  # on the border of a cap
    for _ in range(4):
        picks.add((random.randrange(n), random.randrange(n)))
    return sorted(picks)


def pixels(orders=range(30)):
    for order in orders:
        for face in range(12):
            for x, y in special_places(order):
                yield order, face, x, y


def npix_of(order, face, x, y):
    return (face << (2 * order)) + interleave(x, y)


def centres_and_numbers():
    rows = []
    for order, face, x, y in pixels():
        npix = npix_of(order, face, x, y)
        ring = int(healpy.nest2ring(1 << order, npix))
        lon, lat = place(face, 2 * x + 1, 2 * y + 1, 2 << order)
        theta, phi = healpy.pix2ang(1 << order, npix, nest=True)
        assert abs(theta - float(mp.pi / 2 - lat)) < 1e-14 and abs(phi - float(lon)) < 2e-15, (order, npix)
        assert tuple(int(i) for i in healpy.pix2xyf(1 << order, npix, nest=True)) == (x, y, face)
        rows.append([str(v) for v in (order, npix, face, x, y, ring)] + [hexf(lon), hexf(lat)])
    write("centres", """Centres of cells: face, x, y from the bits, ring number from healpy, place from mpmath.
        order npix face x y ring lonRad latRad""", rows)


def corners():
    rows = []
    for order, face, x, y in pixels():
        if order > 3 and random.random() > 0.35:
            continue
        row = [str(order), str(npix_of(order, face, x, y))]
        for u, v in ((x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)):
            lon, lat = place(face, u, v, 1 << order)
            row += [hexf(lon), hexf(lat)]
        rows.append(row)
    write("corners", """Corners of cells from mpmath; at a pole the longitude is that of the middle of the face.
        order npix south(lonRad latRad) east(lonRad latRad) north(lonRad latRad) west(lonRad latRad)""", rows)


def ring_ends():
    """First, last and random numbers of rings at both ends of each zone."""
    rows = []
    for order in range(30):
        n = 1 << order
        numbers = {0, 1, 2, 3, 4, 12 * n * n - 1, 12 * n * n - 4, 12 * n * n - 5}
        rings = {1, 2, 3, n - 1, n, n + 1, 2 * n - 1, 2 * n, 2 * n + 1, 3 * n - 1, 3 * n, 3 * n + 1, 4 * n - 1}
        for ring in rings | {random.randrange(1, 4 * n) for _ in range(6)}:
            if not 1 <= ring <= 4 * n - 1:
                continue
            if ring < n:
                start, length = 2 * ring * (ring - 1), 4 * ring
            elif ring <= 3 * n:
                start, length = 2 * n * (n - 1) + 4 * n * (ring - n), 4 * n
            else:
                start, length = 12 * n * n - 2 * (4 * n - ring) * (4 * n - ring + 1), 4 * (4 * n - ring)
            numbers |= {start, start + length - 1, start + random.randrange(length)}
        for ring in sorted(i for i in numbers if 0 <= i < 12 * n * n):
            rows.append([str(order), str(ring), str(int(healpy.ring2nest(n, ring)))])
    write("rings", "Ring numbers to nested numbers from healpy.\norder ring npix", rows)


def neighbours():
    rows = []
    for order, face, x, y in pixels():
        if order > 2 and random.random() > 0.5:
            continue
        npix = npix_of(order, face, x, y)
        # healpy's order is SW W NW N NE E SE S.
        eight = healpy.get_all_neighbours(1 << order, npix, nest=True)
        rows.append([str(order), str(npix)] + [str(int(i)) for i in eight])
    write("neighbours", """Neighbours from healpy, -1 where there is none.
        order npix SW W NW N NE E SE S""", rows)


def cells_holding(order, lon, lat, margin):
    """All cells within `margin` (in radians) of a place given by exact numbers, from the inverse formulas."""
    side = 1 << order
    found = set()
    for dlon in (-margin, 0, margin):
        for dlat in (-margin, 0, margin):
            phi = (mp.mpf(lon) + dlon / max(mp.cos(mp.mpf(lat)), mp.mpf(10) ** -9)) % (2 * mp.pi)
            theta = min(max(mp.mpf(lat) + dlat, -mp.pi / 2), mp.pi / 2)
            z = mp.sin(theta)
            t = phi * 2 / mp.pi
            if abs(z) <= mp.mpf(2) / 3:
                # The plane of the belt: u and v grow by one per face to the north-east and north-west.
                u, v = t + mp.mpf(1) / 2 + 3 * z / 4, mp.mpf(1) / 2 - t + 3 * z / 4
                i, j = int(mp.floor(u * side)), int(mp.floor(v * side))
                fu, fv = i // side, j // side
                x, y = i - fu * side, j - fv * side
                face = {0: 4 + fu % 4, 1: (fu - 1) % 4, -1: 8 + fu % 4}.get(fu + fv)
                if face is None:
                    continue
            else:
                k = min(int(mp.floor(t)), 3)
                s = mp.sqrt(3 * (1 - abs(z)))
                a, b = s * (t - k), s * (1 - t + k)
                i, j = (min(int(mp.floor(side * w)), side - 1) for w in (a, b))
                face, x, y = (k, side - 1 - j, side - 1 - i) if z > 0 else (8 + k, i, j)
            found.add(npix_of(order, face, x, y))
    return found


def directions():
    rows = []
    half = float(mp.pi / 2)
    fixed = []
    for lon in (0.0, -0.0, 2 * np.pi, -2 * np.pi, np.pi, -np.pi, np.pi / 2, 1.5 * np.pi, np.pi / 4, 5e-324, -5e-324,
                np.nextafter(2 * np.pi, 0), np.nextafter(2 * np.pi, 7), -1e-17, 7 * np.pi, -9.5 * np.pi, 1e-9):
        for lat in (0.0, -0.0, 0.5, -0.5, 1.2, -1.2, half, -half, float(mp.asin(mp.mpf(2) / 3)),
                    -float(mp.asin(mp.mpf(2) / 3)), np.nextafter(half, 0), half - 1e-9, -half + 1e-9):
            fixed.append((float(lon), float(lat)))
    two_pi = float(2 * mp.pi)
    for order in range(30):
        points = [(random.uniform(0, two_pi), float(np.arcsin(random.uniform(-1, 1)))) for _ in range(80)]
        points += [(random.uniform(-20, 20), float(np.arcsin(random.uniform(-1, 1)))) for _ in range(20)]
        points += [(random.uniform(0, two_pi), random.choice((-1, 1)) * (half - 10 ** random.uniform(-9, -1)))
                   for _ in range(20)]
        if order in (0, 1, 3, 8, 13, 20, 29):
            points += fixed
        for lon, lat in points:
            # The nearest double of whole turns stands for whole turns, so reduce by that double.
            exact = mp.mpf(lon) % mp.mpf(two_pi) if not 0 <= lon < two_pi else mp.mpf(lon)
            one = cells_holding(order, exact, lat, mp.mpf(0))
            near = cells_holding(order, exact, lat, mp.mpf(2) ** -50)
            theirs = int(healpy.ang2pix(1 << order, half - lat, lon, nest=True))
            if len(near) == 1:
                assert theirs in near or order > 24, (order, lon, lat, theirs, near)
            rest = sorted((near | one) - one)
            rows.append([str(order), hexf(lon), hexf(lat)] + [str(i) for i in sorted(one) + rest])
    write("directions", """Cells that hold a direction, from mpmath; more than one where the direction is within
        2^-50 rad (what a rounding of longitude or latitude can move it) of a border.
        order lonRad latRad npix [npix...]""", rows)


def tiles():
    rows = []
    picks = []
    for width_order in (0, 1, 6, 9):
        for order in (0, 1, 3, 5, 10, 15, 20):
            if order + width_order > 29:
                continue
            n = 1 << order
            for face in range(12):
                edge = random.choice([(0, 0), (n - 1, n - 1), (n - 1, 0), (0, n - 1)])
                polar = (n - 1, n - 1) if face < 4 else (0, 0)
                for x, y in sorted({edge, polar, (random.randrange(n), random.randrange(n))}):
                    if width_order in (0, 1, 6) and random.random() < 0.6:
                        continue
                    picks.append((order, face, x, y, width_order))
    for order, face, x, y, width_order in picks:
        width = 1 << width_order
        side = width << order
        u, v = x * width, y * width
        row, column = row_column(face)
        diagonals = sorted({0, 1, 2, width - 1, width, 2 * width - 2, random.randrange(2 * width - 1),
                            random.randrange(2 * width - 1)} & set(range(2 * width - 1)))
        for s in diagonals:
            px = random.randint(max(0, s - width + 1), min(s, width - 1))
            py = s - px
            lon, lat = place(face, 2 * (u + px) + 1, 2 * (v + py) + 1, 2 * side)
            ring = row * side - u - v - s - 1
            length = min(ring, side, 4 * side - ring)
            difference = u + px - v - py
            step = mp.pi / 4 / length
            unwrapped = mp.pi / 4 * (column + mp.mpf(difference) / length)
            rows.append([str(i) for i in (order, npix_of(order, face, x, y), width_order, s, px, py, difference)]
                        + [hexf(i) for i in (mp.pi / 4 * column, lat, step, unwrapped, lon)])
    write("tiles", """Pixels of tiles from mpmath. The tile is order/npix, 2^widthOrder pixels wide; the pixel (x, y)
        is on the diagonal s = x + y; difference = xFace - yFace; the unwrapped longitude is
        lonCentre + difference * lonStep.
        order npix widthOrder s x y difference lonCentreRad latRad lonStepRad unwrappedRad lonRad""", rows)


def distances():
    rows = []
    for _ in range(250):
        lon, lat = random.uniform(0, 6.28), float(np.arcsin(random.uniform(-1, 1)))
        kind = random.randrange(4)
        step = 10 ** random.uniform(-12, 0.3)
        angle = random.uniform(0, 6.28)
        if kind == 0:
            other = random.uniform(0, 6.28), float(np.arcsin(random.uniform(-1, 1)))
        elif kind == 1:
            other = lon + step * np.cos(angle), max(-1.57, min(1.57, lat + step * np.sin(angle)))
        elif kind == 2:
            other = lon + np.pi + step * np.cos(angle), max(-1.57, min(1.57, -lat + step * np.sin(angle)))
        else:
            lat = random.choice((-1, 1)) * (np.pi / 2 - 10 ** random.uniform(-12, -2))
            other = random.uniform(0, 6.28), float(np.copysign(np.pi / 2 - 10 ** random.uniform(-12, -2), lat))
        rows.append((lon, lat, float(other[0]), float(other[1])))
    rows += [(0.0, 0.0, 0.0, 0.0), (1.0, 0.5, 1.0, 0.5), (0.0, 0.0, np.pi, 0.0), (0.3, np.pi / 2, 5.0, np.pi / 2),
             (0.3, np.pi / 2, 5.0, -np.pi / 2), (1.0, 0.0, 1.0 + 1e-12, 0.0), (1.0, 1.0, 1.0, 1.0 + 1e-12),
             (-0.5, 0.2, 2 * np.pi - 0.5, 0.2), (2.0, 1e-300, 2.0, 0.0)]
    out = []
    for row in rows:
        a, b, c, d = (mp.mpf(float(i)) for i in row)
        p = [mp.cos(b) * mp.cos(a), mp.cos(b) * mp.sin(a), mp.sin(b)]
        q = [mp.cos(d) * mp.cos(c), mp.cos(d) * mp.sin(c), mp.sin(d)]
        cross = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]]
        angle = mp.atan2(mp.sqrt(sum(i * i for i in cross)), sum(i * j for i, j in zip(p, q)))
        out.append([hexf(i) for i in row] + [hexf(angle)])
    write("distances", "Angles between two directions, from mpmath.\nlonRad latRad lonRad latRad angleRad", out)


def as_ranges(cells):
    """Ascending numbers as first-last,first-last; - when there are none."""
    cells = sorted(int(i) for i in cells)
    parts = []
    for i in cells:
        if parts and parts[-1][1] == i - 1:
            parts[-1][1] = i
        else:
            parts.append([i, i])
    return ",".join(f"{a}-{b}" if a != b else str(a) for a, b in parts) or "-"


def cone_truth(order, lon, lat, radius):
    """Cells in, possibly in and with their centre in a cone, by brute force along the borders of the cells.

    The border of every candidate of healpy's generous query is sampled finely; a sample in the cone proves that the
    cell touches it. A border whose samples all keep farther off than they can miss proves that it does not, unless
    the cell holds the centre of the cone.
    """
    nside = 1 << order
    theta = np.pi / 2 - lat
    axis = np.array(healpy.ang2vec(theta, lon))
    far = radius > np.pi - 1e-9
    most = np.arange(12 * nside * nside) if far else healpy.query_disc(
        nside, axis, min(radius + 1e-12, np.pi), inclusive=True, fact=min(128, (1 << 29) // nside), nest=True)
    centre_in = np.arange(12 * nside * nside) if far else healpy.query_disc(nside, axis, radius, nest=True)
    holder = int(healpy.ang2pix(nside, theta, lon, nest=True))
    sure, maybe = set(), set()
    cell_size = np.sqrt(np.pi / 3) / nside
    steps = 512
    # Between samples a border of curvature up to 4 / cell size strays from its chord by less than this.
    miss = 3 * cell_size / steps ** 2 + 1e-15
    known = set(int(i) for i in centre_in)
    for npix in (int(i) for i in most):
        if npix in known or npix == holder:
            sure.add(npix)
            continue
        border = healpy.boundaries(nside, npix, step=steps, nest=True).T
        p = border / np.linalg.norm(border, axis=1)[:, None]
        q = np.roll(p, -1, axis=0)
        dots, crosses = p @ axis, np.linalg.norm(np.cross(p, axis), axis=1)
        nearest = np.arctan2(crosses, dots).min()
        if nearest <= radius:
            sure.add(npix)
            continue
        # Foot of the perpendicular on each chord, on the sphere.
        d = q - p
        t = np.clip(((axis - p) * d).sum(1) / (d * d).sum(1), 0, 1)
        foot = p + t[:, None] * d
        feet = np.arctan2(np.linalg.norm(np.cross(foot, axis), axis=1), foot @ axis).min()
        if min(nearest, feet) <= radius + miss:
            maybe.add(npix)
    return known, sure, maybe


def sphere(lon, lat):
    return mp.matrix([mp.cos(lat) * mp.cos(lon), mp.cos(lat) * mp.sin(lon), mp.sin(lat)])


def small_cone_truth(order, lon, lat, radius):
    """The same for small cones at deep orders, where healpy's query drowns in the rounding of cos(radius).

    Candidates are found by walking over healpy's neighbours; places relative to the axis are computed with mpmath.
    """
    nside = 1 << order
    axis = sphere(mp.mpf(lon), mp.mpf(lat))
    reach = float(2 * mp.sin(mp.mpf(radius) / 2))
    cell_size = np.sqrt(np.pi / 3) / nside
    steps = 16
    miss = 3 * cell_size / steps ** 2
    holder = min(cells_holding(order, mp.mpf(lon), lat, mp.mpf(0)))
    known, sure, maybe = set(), set(), set()
    queue, seen = [holder], {holder}
    while queue:
        npix = queue.pop()
        x, y, face = (int(i) for i in healpy.pix2xyf(nside, npix, nest=True))

        def offset(u, v, fine):
            return [float(i) for i in sphere(*place(face, u, v, fine)) - axis]

        if np.linalg.norm(offset(2 * x + 1, 2 * y + 1, 2 * nside)) <= reach:
            known.add(npix)
        u, v = x * steps, y * steps
        border = [(u + i, v) for i in range(steps)] + [(u + steps, v + i) for i in range(steps)]
        border += [(u + steps - i, v + steps) for i in range(steps)] + [(u, v + steps - i) for i in range(steps)]
        p = np.array([offset(a, b, steps * nside) for a, b in border])
        d = np.roll(p, -1, axis=0) - p
        t = np.clip(-(p * d).sum(1) / (d * d).sum(1), 0, 1)
        nearest = np.linalg.norm(p, axis=1).min()
        feet = np.linalg.norm(p + t[:, None] * d, axis=1).min()
        if npix == holder or nearest <= reach:
            sure.add(npix)
        elif min(nearest, feet) <= reach + miss:
            maybe.add(npix)
        if npix == holder or min(nearest, feet) <= reach + miss:
            for other in (int(i) for i in healpy.get_all_neighbours(nside, npix, nest=True)):
                if other >= 0 and other not in seen:
                    seen.add(other)
                    queue.append(other)
    return known, sure | known, maybe - known


def cones():
    rows = []
    half = np.pi / 2
    picks = []
    for order in (0, 1, 2, 3, 4):
        for lon, lat, radius in (
            (0, 0, 0), (0, half, 0.3), (1, half, 1e-9), (2, -half, 0.7), (0, 0, 0.2), (2 * np.pi, 0.1, 0.11),
            (0.01, -0.4, 0.15), (6.28, 0.4, 0.15), (1.1, 0.3, half), (4, -1, half + 0.3), (3, 0.2, 3.0),
            (3.1, 0.02, 3.1), (5, 1.5, 3.141592), (2.2, -0.9, np.pi), (0.7, 0.72, 2e-3),
            (half, 0.7297276562269663, 1e-6),
        ):
            picks.append((order, float(lon), float(lat), float(radius)))
    for _ in range(120):
        order = random.randrange(0, 30)
        size = 1.02 / (1 << order)
        radius = size * 10 ** random.uniform(-2, 1.1 if order <= 12 else 0.6)
        if radius > np.pi:
            radius = random.uniform(0, np.pi)
        lat = float(np.arcsin(random.uniform(-1, 1)))
        if random.random() < 0.3:
            lat = float(np.copysign(half - size * random.uniform(0, 4), lat)) if order > 1 else lat
        lon = random.uniform(0, 2 * np.pi)
        if random.random() < 0.3:
            lon = random.choice((0, 1, 2, 3)) * half + size * random.uniform(-1, 1)
        picks.append((order, lon, lat, radius))
    for order in (5, 6, 7):
        for _ in range(4):
            picks.append((order, random.uniform(-4, 8), float(np.arcsin(random.uniform(-1, 1))),
                          random.uniform(0.02, 0.25)))
    for order, lon, lat, radius in picks:
        truth = cone_truth if order <= 12 else small_cone_truth
        known, sure, maybe = truth(order, lon % (2 * np.pi) if order > 12 else lon, lat, radius)
        rows.append([str(order), hexf(lon), hexf(lat), hexf(radius), as_ranges(known), as_ranges(sure),
                     as_ranges(maybe)])
    write("cones", """Cells of cones as ranges first-last,...: those with their centre in, those that touch (found by fine
        sampling of borders), and those too close to tell by sampling. Up to order 12 the first column and the
        candidates for the second are healpy's query_disc, deeper ones come from mpmath.
        order lonRad latRad radiusRad centreIn touching undecided""", rows)


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    centres_and_numbers()
    corners()
    ring_ends()
    neighbours()
    directions()
    tiles()
    distances()
    cones()
