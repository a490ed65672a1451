#!/usr/bin/env python3
"""Writes the numeric tables of PlanetaryFramesTests in 50-digit arithmetic.

Usage: frames_grids.py latitudes|grids > Tests/PlanetaryFramesTests/Tables/{latitudes,grids}.txt

Latitudes: tan c = (b/a)^2 tan g. Grids: the inverse of EPSG method 1028/1029 on a sphere (Guidance Note 7-2),
lon = lon_0 + (x u - FE) / (R cos lat_ts), lat = lat_0 + (y u - FN) / R.
"""
import sys

from mpmath import atan, cos, mp, mpf, pi, radians, tan

mp.dps = 50


def degrees(value):
    return value * 180 / pi


def text(value):
    return mp.nstr(value, 25)


def latitudes():
    print("# a m | b m | planetographic degrees | planetocentric degrees")
    bodies = [("3396190", "3376200"), ("71492000", "66854000"), ("17000", "5500"), ("1737400", "1737400")]
    values = ["0", "1e-12", "0.5", "10", "30", "45", "44.999999", "45.000001", "60", "85", "89.5", "89.999999",
              "89.99999999999", "90"]
    for a, b in bodies:
        for value in values:
            for sign in (1, -1):
                g = sign * mpf(value)
                c = g if value == "90" else degrees(atan((mpf(b) / mpf(a)) ** 2 * tan(radians(g))))
                print(f"{a} | {b} | {'-' if sign < 0 else ''}{value} | {text(c)}")


def grids():
    print("# PROJ string | x | y | longitude degrees | latitude degrees")
    frames = [
        ("3396190", "0", "0", "0", "0", "0", "1", "m"),
        ("3396190", "180", "0", "0", "0", "0", "1", "m"),
        ("3395582.0270805", "180", "-10", "0", "0", "0", "1", "m"),
        ("1737400", "-180", "60", "0", "1000", "-2000", "1", "m"),
        ("1737400", "0", "-89", "0", "0", "0", "1", "m"),
        ("3396036.8126024", "180", "0", "-5", "0", "0", "1", "m"),
        ("6051800", "37.25", "33", "12", "500000", "250000", "1000", "km"),
        ("1560800", "0", "0", "0", "0", "0", "0.3048", "ft"),
    ]
    for radius, lon, ts, lat, fe, fn, unit, name in frames:
        definition = (f"+proj=eqc +lat_ts={ts} +lat_0={lat} +lon_0={lon} +x_0={fe} +y_0={fn} "
                      f"+R={radius} +units={name} +no_defs")
        for x, y in [("0", "0"), ("10669477.2", "-5334738.6"), ("-1234.5", "6543.25"), ("5633625.875", "-488784.875")]:
            east = mpf(lon) + degrees((mpf(x) * mpf(unit) - mpf(fe)) / (mpf(radius) * cos(radians(mpf(ts)))))
            north = mpf(lat) + degrees((mpf(y) * mpf(unit) - mpf(fn)) / mpf(radius))
            print(f"{definition} | {x} | {y} | {text(east)} | {text(north)}")


{"latitudes": latitudes, "grids": grids}[sys.argv[1]]()
