#!/usr/bin/env python3
"""Writes the table of bodies for PlanetaryFramesTests.

Usage: frames_bodies.py RADII.csv > Tests/PlanetaryFramesTests/Tables/bodies.txt
       frames_bodies.py RADII.csv rotations > Tests/PlanetaryFramesTests/Tables/rotations.txt

RADII.csv is naifcodes_radii_m_IAU2015.csv of the USGS list of IAU 2015 coordinate systems (public domain).
Spheres and the sense of planetographic longitudes are read from PROJ's proj.db with SQL.
"""
import csv
import sqlite3
import sys

database = sqlite3.connect("/usr/share/proj/proj.db")
axes = {}
for row in csv.DictReader(open(sys.argv[1])):
    axes[int(row["Naif_id"])] = [
        float(row[key]) for key in ("IAU2015_Semimajor", "IAU2015_Axisb", "IAU2015_Semiminor")]

if sys.argv[2:] == ["rotations"]:
    known = {int(code) // 100 for code, in database.execute(
        "select code from geodetic_crs where auth_name = 'IAU_2015' and code % 100 = 0")}
    print("# naif | rotation, - where the list leaves it open")
    print("# Written by tools/truth/frames_bodies.py.")
    for row in csv.DictReader(open(sys.argv[1])):
        if int(row["Naif_id"]) in known:
            print(row["Naif_id"], "|", row["rotation"].lower() or "-")
    sys.exit()

query = """select g.code, g.name, e.semi_major_axis from geodetic_crs g
join geodetic_datum d on d.auth_name = g.datum_auth_name and d.code = g.datum_code
join ellipsoid e on e.auth_name = d.ellipsoid_auth_name and e.code = d.ellipsoid_code
where g.auth_name = 'IAU_2015' and g.code % 100 = 0 order by g.code + 0"""
senses = {
    int(code) // 100: "west" if "WEST" in str(system) else "east"
    for code, system in database.execute(
        """select code, coordinate_system_code from geodetic_crs
        where auth_name = 'IAU_2015' and code % 100 = 1""")}

print("# naif | name | sphere radius m | a m | b m | c m | planetographic longitudes")
print("# Written by tools/truth/frames_bodies.py; '-' where the report gives no three axes or no system.")
for code, name, sphere in database.execute(query):
    naif = int(code) // 100
    a, b, c = axes[naif]
    given = a >= b >= c > 0
    shape = [f"{v:.10g}" for v in (a, b, c)] if given else ["-", "-", "-"]
    print(" | ".join([str(naif), name.split(" (2015)")[0], repr(sphere), *shape, senses.get(naif, "-")]))
