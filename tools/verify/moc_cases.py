"""Random shapes for moc_regions.py."""
import math

import numpy as np

from moc_cells import xyz


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
