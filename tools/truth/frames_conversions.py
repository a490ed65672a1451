#!/usr/bin/env python3
"""Writes conversions between systems of every body with an ellipsoid, for PlanetaryFramesTests.

Usage: frames_conversions.py > Tests/PlanetaryFramesTests/Tables/conversions.txt

Codes, radii and senses are read from PROJ's database with SQL, angles computed with mpmath: x00 and x02 count the same
planetocentric angles, x01 planetographic latitudes (tan g = (a/b)^2 tan c) and longitudes in its own sense. Where PROJ
is right (between x01 and x02) the figures were compared with cs2cs of PROJ 9.1.1 to 1e-8 degrees.
"""
import random
import sqlite3

from mpmath import atan, mp, mpf, pi, radians, tan

mp.dps = 40
random.seed(101)
database = sqlite3.connect("/usr/share/proj/proj.db")
rows = database.execute(
    """select g.code, e.semi_major_axis, e.inv_flattening, e.semi_minor_axis, g.coordinate_system_code
    from geodetic_crs g join geodetic_datum d on d.auth_name = g.datum_auth_name and d.code = g.datum_code
    join ellipsoid e on e.auth_name = d.ellipsoid_auth_name and e.code = d.ellipsoid_code
    where g.auth_name = 'IAU_2015' and g.code % 100 = 1 order by g.code + 0""").fetchall()
has_ocentric = {code for code, in database.execute(
    "select code from geodetic_crs where auth_name = 'IAU_2015' and code % 100 = 2")}


def text(value):
    return mp.nstr(value, 20)


print("# from | to | longitude or x | latitude | longitude | latitude, degrees, longitudes between -180 and 180")
print("# Written by tools/truth/frames_conversions.py.")
for code, a, inverse, b, system in rows:
    code = str(code)
    b = mpf(b) if b else mpf(a) * (1 - 1 / mpf(inverse))
    square = (mpf(a) / b) ** 2
    west = "WEST" in str(system).upper()
    naif = code[:-2]
    for lon, lat in [(30, 45), (330, 45)] + [
            (round(random.uniform(0, 360), 4), round(random.uniform(-89.99, 89.99), 4)) for _ in range(5)]:
        graphic = atan(square * tan(radians(mpf(lat)))) * 180 / pi
        signed = mpf(lon) if lon < 180 else mpf(lon) - 360
        theirs = -signed if west else signed
        print(f"{naif}00 | {naif}01 | {lon} | {lat} | {text(theirs)} | {text(graphic)}")
        print(f"{naif}01 | {naif}00 | {text(theirs)} | {text(graphic)} | {text(signed)} | {lat}")
        if naif + "02" in {str(c) for c in has_ocentric}:
            print(f"{naif}02 | {naif}01 | {lon} | {lat} | {text(theirs)} | {text(graphic)}")
            print(f"{naif}01 | {naif}02 | {text(theirs)} | {text(graphic)} | {text(signed)} | {lat}")
            print(f"{naif}00 | {naif}02 | {lon} | {lat} | {text(signed)} | {lat}")
