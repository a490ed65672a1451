#!/usr/bin/env python3
"""Measures coverages of shapes beside mocpy and healpix_cxx, in one run, and writes a block of docs/performance.md.

    Benchmarks/moc/regions.py [--python PYTHON] [--program PROGRAM] [--output docs/performance.md] [--check]

What: 1000 polygons of 8 vertices on circles of 1 degree and 1000 cones of 0.5 degree, all over the sphere, to one
inclusive coverage; healpix_cxx makes the cells of each shape and no union. How: as in run.py beside this file. `--check`
ends with 1 where Tessera is not twice as fast as the better of the two.

Needs mocpy in PYTHON (by default an environment is made under Benchmarks/.build), and g++ with Debian's
libhealpix-cxx-dev.
"""
import subprocess
import tempfile

from run import arguments, built, environment, finish, healpix, measured, milliseconds, rows

INPUTS = """
import sys
import numpy as np
random = np.random.default_rng(21)
def centres():
    return random.uniform(0, 2 * np.pi, 1000), np.arcsin(random.uniform(-1, 1, 1000))
lon, lat = centres()
np.degrees(np.stack([lon, lat], 1)).tofile(f"{sys.argv[1]}/cones.f64")
lon, lat = (v[:, None] for v in centres())
angle = np.sort(random.uniform(0, 2 * np.pi, (1000, 8)), 1)
r = np.radians(1)
sin = np.sin(lat) * np.cos(r) + np.cos(lat) * np.sin(r) * np.cos(angle)
ring = lon + np.arctan2(np.sin(angle) * np.sin(r) * np.cos(lat), np.cos(r) - np.sin(lat) * sin)
np.degrees(np.stack([ring % (2 * np.pi), np.arcsin(sin)], 2)).tofile(f"{sys.argv[1]}/polygons.f64")
"""
MOCPY = """
import sys, time
import numpy as np
import astropy.units as u
from astropy.coordinates import SkyCoord
from mocpy import MOC
polygons = np.fromfile(f"{sys.argv[1]}/polygons.f64").reshape(-1, 8, 2)
cones = np.fromfile(f"{sys.argv[1]}/cones.f64").reshape(-1, 2)
rings = [(p[:, 0] * u.deg, p[:, 1] * u.deg) for p in polygons]
lon, lat = cones[:, 0] * u.deg, cones[:, 1] * u.deg
def polygon(order):
    mocs = [MOC.from_polygon(lon=a, lat=b, max_depth=order) for a, b in rings]
    return mocs[0].union(*mocs[1:])
def row(name, work):
    least = 1e9
    begun = time.process_time()
    repeats = 0
    while repeats < 3 or time.process_time() - begun < 2:
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
        repeats += 1
    print(f"{name}\\t{least}")
row("polygons to order 10", lambda: polygon(10))
row("polygons to order 14", lambda: polygon(14))
row("cones to order 14", lambda: MOC.from_cones(lon=lon, lat=lat, radius=0.5 * u.deg, max_depth=14,
                                                union_strategy="small_cones", n_threads=1))
"""


def main():
    options = arguments(__doc__)
    python = options.python or environment()
    ours = options.program or built("shapes")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, "-c", INPUTS, folder], check=True)
        peer = healpix(folder, "shapes_peer.cpp")
        cxx = rows([peer, folder]) if peer else {}
        tessera = rows([ours, folder])
        mocpy = rows([python, "-c", MOCPY, folder])
    lines = [measured(python, "1000 polygons of 8 vertices and 1 degree, 1000 cones of 0.5 degree; CPU milliseconds, least "
                              "of several repeats"), "",
             "| coverage | Tessera | mocpy | healpix_cxx | better peer / Tessera |", "|---|---|---|---|---|"]
    missed = []
    for name, value in tessera.items():
        ratio = min(p[name] for p in (mocpy, cxx) if name in p) / value
        if ratio < 2:
            missed.append(f"{name}: {ratio:.2f} times as fast as the better peer where 2 is wanted")
        lines.append(f"| {name} | {milliseconds(value)} | {milliseconds(mocpy.get(name))} "
                     f"| {milliseconds(cxx.get(name))} | {ratio:.1f} |")
    finish(options, "regions", lines, missed)


if __name__ == "__main__":
    main()
