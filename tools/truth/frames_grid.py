#!/usr/bin/env python3
"""Writes where HEALPix pixels lie in maps, for ProjectionGridTests.

Usage: frames_grid.py > Tests/PlanetaryFramesTests/Tables/grid_pixels.txt

Directions are healpy's, x and y those of pyproj's bare operations (made with pyproj 3.7.2, PROJ 9.5.1) of
planetographic latitudes computed here where the system lies on an ellipsoid.
"""
import random

import healpy
import numpy
from pyproj import Proj

random.seed(512)
A, B = 3396190.0, 3376200.0
SYSTEMS = [
    ("IAU_2015:49910", "Mars", f"+proj=eqc +R={A}", False), ("IAU_2015:49920", "Mars", f"+proj=sinu +R={A}", False),
    ("IAU_2015:49930", "Mars", f"+proj=stere +lat_0=90 +R={A}", False),
    ("IAU_2015:49937", "Mars", f"+proj=stere +lat_0=-90 +a={A} +b={B}", True),
    ("IAU_2015:49945", "Mars", f"+proj=moll +lon_0=180 +R={A}", False),
    ("IAU_2015:49950", "Mars", f"+proj=robin +R={A}", False), ("IAU_2015:49965", "Mars", f"+proj=ortho +R={A}", False),
    ("IAU_2015:49980", "Mars", f"+proj=laea +lat_0=40 +R={A}", False),
    ("IAU_2015:49977", "Mars", f"+proj=lcc +lat_0=40 +lat_1=20 +lat_2=60 +a={A} +b={B}", True),
    ("IAU_2015:30160", "Moon", "+proj=tmerc +R=1737400", False),
]
TILES = [(0, 4, 0, 0), (1, 0, 1, 1), (2, 6, 1, 2), (4, 8, 0, 0), (7, 5, 70, 33)]


def nested(side, face, x, y):
    bits = sum(((x >> k & 1) << 2 * k) | ((y >> k & 1) << 2 * k + 1) for k in range(30))
    return face * side * side + bits


print("# definition | body | tile's order | face | x | y | pixel i | j | map x | y, nan where not shown")
print("# Written by tools/truth/frames_grid.py.")
for definition, body, operation, is_ellipsoid in SYSTEMS:
    project = Proj(operation)
    for order, face, tile_x, tile_y in TILES:
        side = 512 << order
        for _ in range(16):
            i, j = random.choice([0, 511, random.randrange(512)]), random.randrange(512)
            theta, phi = healpy.pix2ang(side, nested(side, face, tile_x * 512 + i, tile_y * 512 + j), nest=True)
            lat = numpy.pi / 2 - theta
            if is_ellipsoid:
                lat = numpy.arctan2((A / B) ** 2 * numpy.sin(lat), numpy.cos(lat))
            x, y = project(phi, lat, radians=True)
            shown = abs(x) < 1e16
            if "tmerc" in operation and abs(numpy.cos(lat) * numpy.sin(phi)) > 0.999:
                continue
            print(" | ".join([definition, body, *map(str, (order, face, tile_x, tile_y, i, j)),
                              f"{x:.6f}" if shown else "nan", f"{y:.6f}" if shown else "nan"]))
