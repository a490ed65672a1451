#!/usr/bin/env python3
"""The same rows with mocpy: peer.py FOLDER prints name, tab, least CPU seconds."""
import sys
import time

import astropy.units as u
import numpy as np
from mocpy import MOC

folder = sys.argv[1]
lon, lat = (np.fromfile(f"{folder}/{name}.f64") * u.deg for name in ("lon", "lat"))
a, b = MOC.load(f"{folder}/a.fits", "fits"), MOC.load(f"{folder}/b.fits", "fits")


def row(name, work):
    least, repeats, begun = float("inf"), 0, time.process_time()
    while repeats < 7 or time.process_time() - begun < 2:
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
        repeats += 1
    print(f"{name}\t{least:.9g}", flush=True)


row("positions to order 18", lambda: MOC.from_lonlat(lon, lat, max_norder=18))
row("union", lambda: a.union(b))
row("intersection", lambda: a.intersection(b))
row("difference", lambda: a.difference(b))
row("symmetric difference", lambda: a.symmetric_difference(b))
row("complement", lambda: a.complement())
row("degrade to order 9", lambda: a.degrade_to_order(9))
row("grow by a ring", lambda: a.extended())
row("look up 1M points", lambda: a.contains_lonlat(lon, lat))
row("FITS RANGE save", lambda: a.save(f"{folder}/theirs.fits", "fits", overwrite=True))
row("FITS RANGE load", lambda: MOC.load(f"{folder}/a.fits", "fits"))
row("FITS NUNIQ save", lambda: a.save(f"{folder}/theirs-nuniq.fits", "fits", overwrite=True, v1_compatible=True))
row("FITS NUNIQ load", lambda: MOC.load(f"{folder}/a-nuniq.fits", "fits"))
