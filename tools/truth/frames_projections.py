#!/usr/bin/env python3
"""Writes where projections put directions, for PlanetaryFramesTests.

Usage: frames_projections.py forward|outside > Tests/PlanetaryFramesTests/Tables/projections{,_outside}.txt

Needs mpmath and pyproj (made with pyproj 3.7.2, PROJ 9.5.1; the program is tested with another release of PROJ).
On spheres x and y are Snyder's formulas (USGS Professional Paper 1395) in 40-digit arithmetic; on ellipsoids they are
pyproj's bare operations of planetographic latitudes that mpmath made (sinusoidal maps: mpmath's own); Robinson, which is a table, is pyproj's as well.
Longitudes are east-positive, latitudes planetocentric, in degrees; x and y are in the unit of the definition.
"""
import random
import sys

from mpmath import acos, asin, atan, atan2, atanh, cos, findroot, log, mp, mpf, pi, quad, radians, sin, sqrt, tan
from pyproj import Proj

mp.dps = 40
random.seed(20151)
NAN = (mpf("nan"), mpf("nan"))


def wrap(angle):
    turn = 2 * pi
    return angle - turn * mp.nint(angle / turn)


def rotated(dlon, lat, lat0):
    """Cosine of the distance from the centre, and the two planar directions."""
    cos_c = sin(lat0) * sin(lat) + cos(lat0) * cos(lat) * cos(dlon)
    return cos_c, cos(lat) * sin(dlon), cos(lat0) * sin(lat) - sin(lat0) * cos(lat) * cos(dlon)


def sphere(name, p, lon, lat):
    """x and y on the unit sphere; angles in radians."""
    dlon, lat0 = wrap(lon - radians(p.get("lon_0", 0))), radians(p.get("lat_0", 0))
    k0 = mpf(p.get("k_0", 1))
    cos_c, east, north = rotated(dlon, lat, lat0)
    if name == "eqc":
        return dlon * cos(radians(p.get("lat_ts", 0))), lat - lat0
    if name == "sinu":
        return dlon * cos(lat), lat
    if name == "stere":
        if "lat_ts" in p:
            k0 = (1 + sin(abs(radians(p["lat_ts"])))) / 2
        k = 2 * k0 / (1 + cos_c)
        return k * east, k * north
    if name == "merc":
        if "lat_ts" in p:
            k0 = cos(radians(p["lat_ts"]))
        return k0 * dlon, k0 * log(tan(pi / 4 + lat / 2))
    if name == "tmerc":
        return k0 * atanh(cos(lat) * sin(dlon)), k0 * (atan2(sin(lat), cos(lat) * cos(dlon)) - lat0)
    if name in ("lcc", "aea"):
        one, two = radians(p["lat_1"]), radians(p.get("lat_2", p["lat_1"]))
        if name == "lcc":
            def half(a):
                return tan(pi / 4 + a / 2)
            n = sin(one) if one == two else log(cos(one) / cos(two)) / log(half(two) / half(one))
            f = cos(one) * half(one) ** n / n * k0
            rho, rho0 = (f / half(a) ** n for a in (lat, lat0))
        else:
            n = (sin(one) + sin(two)) / 2
            c = cos(one) ** 2 + 2 * n * sin(one)
            rho, rho0 = (sqrt(c - 2 * n * sin(a)) / n for a in (lat, lat0))
        return rho * sin(n * dlon), rho0 - rho * cos(n * dlon)
    if name == "laea":
        k = sqrt(2 / (1 + cos_c))
        return k * east, k * north
    if name == "aeqd":
        c = atan2(sqrt(east ** 2 + north ** 2), cos_c)
        k = 1 if c == 0 else c / sin(c)
        return k * east, k * north
    if name == "ortho":
        return (east, north) if cos_c >= 0 else NAN
    if name == "gnom":
        return (east / cos_c, north / cos_c) if cos_c > 0 else NAN
    if name == "nsper":
        view = 1 + mpf(p["h"]) / mpf(p["R"])
        k = (view - 1) / (view - cos_c)
        return (k * east, k * north) if cos_c > 1 / view else NAN
    if name == "moll":
        if abs(lat) == pi / 2:
            theta = lat
        else:
            theta = findroot(lambda t: 2 * t + sin(2 * t) - pi * sin(lat), (-pi / 2, pi / 2), solver="anderson", maxsteps=500)
        return 2 * sqrt(2) / pi * dlon * cos(theta), sqrt(2) * sin(theta)
    if name == "ob_tran":
        pole, shift = radians(p["o_lat_p"]), radians(p["o_lon_p"])
        inner = asin(sin(pole) * sin(lat) - cos(pole) * cos(lat) * cos(dlon))
        turned = atan2(cos(lat) * sin(dlon), sin(pole) * cos(lat) * cos(dlon) + cos(pole) * sin(lat)) + shift
        return wrap(turned), inner
    if name == "healpix":
        # Calabretta & Roukema 2007, equations 1 to 5, for H = 4 and K = 3, in radians instead of degrees.
        if abs(sin(lat)) <= mpf(2) / 3:
            return dlon, 3 * pi / 8 * sin(lat)
        sigma = sqrt(3 * (1 - abs(sin(lat))))
        centre = -3 * pi / 4 + pi / 2 * min(3, max(0, mp.floor((dlon + pi) / (pi / 2))))
        return centre + (dlon - centre) * sigma, (pi / 4 * (2 - sigma)) * (1 if lat > 0 else -1)
    raise SystemExit(name)


def text(p, a, b):
    name = p["proj"]
    rest = " ".join(f"+{k}={v}" for k, v in p.items() if k not in ("proj", "R"))
    shape = f"+R={a}" if a == b else f"+a={a} +b={b}"
    return f"+proj={name} {rest} {shape} +units=m"


def forward(p, a, b, lon, lat, graphic=True):
    """x and y in metres of a planetocentric direction in degrees."""
    lon, lat = radians(mpf(lon)), radians(mpf(lat))
    if a == b and p["proj"] != "robin":
        try:
            x, y = sphere(p["proj"], {**p, "R": a}, lon, lat)
        except ZeroDivisionError:
            return NAN
        return x * mpf(a), y * mpf(a)
    if graphic and abs(lat) < pi / 2:
        lat = atan((mpf(a) / mpf(b)) ** 2 * tan(lat))
    if p["proj"] == "sinu":
        square = 1 - (mpf(b) / mpf(a)) ** 2
        arc = mpf(a) * (1 - square) * quad(lambda t: (1 - square * sin(t) ** 2) ** mpf(-1.5), [0, lat / 2, lat])
        east = wrap(lon - radians(p["lon_0"])) * cos(lat) / sqrt(1 - square * sin(lat) ** 2)
        return east * mpf(a), arc
    operation = Proj({k: v for k, v in {**p, "a": a, "b": b}.items()})
    x, y = operation(float(lon), float(lat), radians=True)
    return (mpf(x), mpf(y)) if abs(x) < 1e16 else NAN


SYSTEMS = [
    (dict(proj="eqc", lon_0=37.5, lat_ts=33), "sphere"), (dict(proj="eqc", lon_0=180), "sphere"),
    (dict(proj="sinu", lon_0=0), "both"), (dict(proj="sinu", lon_0=137), "both"),
    (dict(proj="stere", lat_0=90, lon_0=0), "both"), (dict(proj="stere", lat_0=-90, lon_0=45, k_0=0.97), "both"),
    (dict(proj="stere", lat_0=90, lat_ts=70, lon_0=-30), "both"), (dict(proj="stere", lat_0=-20, lon_0=200), "sphere"),
    (dict(proj="merc", lon_0=180), "both"), (dict(proj="merc", lon_0=0, lat_ts=40), "both"),
    (dict(proj="tmerc", lat_0=10, lon_0=60, k_0=0.9996), "both"), (dict(proj="tmerc", lat_0=0, lon_0=0), "both"),
    (dict(proj="lcc", lat_0=40, lon_0=300, lat_1=20, lat_2=60), "both"),
    (dict(proj="lcc", lat_0=-30, lon_0=10, lat_1=-30), "both"),
    (dict(proj="aea", lat_0=40, lon_0=0, lat_1=20, lat_2=60), "both"),
    (dict(proj="laea", lat_0=40, lon_0=0), "both"), (dict(proj="laea", lat_0=-90, lon_0=0), "both"),
    (dict(proj="aeqd", lat_0=-35, lon_0=75), "sphere"),
    (dict(proj="ortho", lat_0=0, lon_0=0), "both"), (dict(proj="ortho", lat_0=55, lon_0=180), "both"),
    (dict(proj="gnom", lat_0=-80, lon_0=20), "sphere"),
    (dict(proj="moll", lon_0=0), "sphere"), (dict(proj="moll", lon_0=180), "sphere"),
    (dict(proj="robin", lon_0=0), "sphere"), (dict(proj="robin", lon_0=180), "sphere"),
    (dict(proj="nsper", lat_0=20, lon_0=30, h=1000000), "sphere"),
    (dict(proj="nsper", lat_0=-5, lon_0=250, h=50000000), "sphere"),
]
OBLIQUE = dict(proj="ob_tran", o_proj="eqc", o_lon_p=-257.744003, o_lat_p=120.374532, lon_0=-303.571748)
HEALPIX = [dict(proj="healpix", lon_0=0), dict(proj="healpix", lon_0=137)]
MARS, JUPITER, MOON, TITAN = ("3396190", "3376200"), ("71492000", "66854000"), ("1737400",) * 2, ("2575000",) * 2


def directions(p):
    lon0, lat0 = p.get("lon_0", 0), p.get("lat_0", 0)
    some = [(lon0, 0), (lon0, lat0), (lon0 + 0.25, 89.75), (lon0 - 100, -89.9), (lon0 + 179.999, 30),
            (lon0 - 179.999, -30), (lon0 + 89.5, 5), (lon0 - 91, 12), (lon0 + 179, -lat0 + 0.5), (lon0, 90), (lon0, -90)]
    some = [(lon, max(-90, min(90, lat))) for lon, lat in some]
    some += [(random.uniform(-360, 360), float(90 - 180 * acos(random.uniform(-1, 1)) / pi)) for _ in range(8)]
    return [(round(lon, 6), round(lat, 6)) for lon, lat in some]


def show(definition, body, shape, p, lon, lat, x, y):
    a, b = shape
    # The projection ends at (1 - e) 90 degrees from the central meridian on the equator.
    reach = (1 - sqrt(1 - (mpf(b) / mpf(a)) ** 2)) * 85
    limit = p["proj"] == "tmerc" and (
        abs(asin(cos(radians(lat)) * sin(radians(lon - p.get("lon_0", 0))))) > radians(reach))
    pole = abs(lat) == 90 and p["proj"] not in ("stere", "laea", "ortho", "gnom", "nsper", "aeqd", "ob_tran")
    centre_far = abs(x) > mpf("1e12") or abs(y) > mpf("1e12")
    if limit or pole or centre_far:
        return
    print(f"{definition} | {body} | {lon} | {lat} | {mp.nstr(x, 18)} | {mp.nstr(y, 18)}")


def forward_table():
    print("# definition | declared body | east longitude | planetocentric latitude | x | y, nan where not shown")
    print("# Written by tools/truth/frames_projections.py.")
    for p, kinds in SYSTEMS:
        shapes = [("Mars", (MARS[0], MARS[0])), ("Moon", MOON)] if kinds == "sphere" else [
            ("Moon", MOON), ("Mars", MARS), ("Jupiter", JUPITER)]
        for body, (a, b) in shapes:
            for lon, lat in directions(p):
                show(text(p, a, b), body, (a, b), p, lon, lat, *forward(p, a, b, lon, lat))
    for lon, lat in directions(OBLIQUE):
        show(text(OBLIQUE, *TITAN), "Titan", TITAN, OBLIQUE, lon, lat, *forward(OBLIQUE, *TITAN, lon, lat))
    codes = {
        20: dict(proj="sinu", lon_0=0), 25: dict(proj="sinu", lon_0=180), 30: dict(proj="stere", lat_0=90, lon_0=0),
        35: dict(proj="stere", lat_0=-90, lon_0=0), 40: dict(proj="moll", lon_0=0), 45: dict(proj="moll", lon_0=180),
        50: dict(proj="robin", lon_0=0), 55: dict(proj="robin", lon_0=180), 60: dict(proj="tmerc", lat_0=0, lon_0=0),
        65: dict(proj="ortho", lat_0=0, lon_0=0), 70: dict(proj="ortho", lat_0=0, lon_0=180),
        75: dict(proj="lcc", lat_0=40, lon_0=0, lat_1=20, lat_2=60), 80: dict(proj="laea", lat_0=40, lon_0=0),
        85: dict(proj="aea", lat_0=40, lon_0=0, lat_1=20, lat_2=60),
        10: dict(proj="eqc", lon_0=0), 15: dict(proj="eqc", lon_0=180)}
    for k, p in sorted(codes.items()):
        flat = p["proj"] in ("moll", "robin", "eqc")
        for code, body, (a, b), west in [
                (49900 + k, "Mars", (MARS[0], MARS[0]), False), (49901 + k, "Mars", MARS, True),
                (49902 + k, "Mars", MARS, False), (30100 + k, "Moon", MOON, False),
                (59901 + k, "Jupiter", JUPITER, True)]:
            if flat and a != b and code % 100 == k + 1 and p["proj"] == "eqc":
                continue  # Refused: writers understand it in different ways.
            graphic = not (flat and code % 100 == k + 2)
            for lon, lat in directions(p)[:12]:
                if flat and a != b and p["proj"] != "robin":
                    # Formulas for the sphere alone, of the latitude that the system counts.
                    lat_in = lat
                    if graphic and abs(lat) < 90:
                        lat_in = atan((mpf(a) / mpf(b)) ** 2 * tan(radians(mpf(lat)))) * 180 / pi
                    x, y = forward(p, a, a, lon, lat_in)
                else:
                    x, y = forward(p, a, b, lon, lat, graphic)
                show(f"IAU_2015:{code}", body, (a, b), p, lon, lat, -x if west else x, y)
    for p in HEALPIX:
        for body, (a, b) in [("Mars", (MARS[0], MARS[0])), ("Moon", MOON)]:
            for lon, lat in directions(p):
                show(text(p, a, b), body, (a, b), p, lon, lat, *forward(p, a, b, lon, lat))
    # Published conversions of Mars: PROJ's where it is right, the USGS's where it is not. A sphere's planetocentric 45
    # degrees are planetographic 45.338; the latitude number is never copied.
    square = (mpf(MARS[1]) / mpf(MARS[0])) ** 2
    lower, upper = (mp.nstr(atan(tan(pi / 4) * f) * 180 / pi, 18) for f in (square, 1 / square))
    print(f"IAU_2015:49901 | Mars | -30 | {lower} | 30 | 45")
    print(f"IAU_2015:49901 | Mars | 330 | 45 | 30 | {upper}")
    print("IAU_2015:49900 | Mars | 330 | 45 | -30 | 45")
    print("IAU_2015:49902 | Mars | 330 | 45 | -30 | 45")
    radius = mpf(MARS[0])
    for code in (49910, 49912):
        x, y = (mp.nstr(radius * radians(mpf(a)), 18) for a in (30, 45))
        print(f"IAU_2015:{code} | Mars | 30 | 45 | {x} | {y}")


def outside_table():
    print("# definition | declared body | x | y, places that the map does not have")
    r = 3396190
    body = f"+R={r} +units=m"
    for p, places in [
            ("+proj=ortho +lat_0=20 +lon_0=10", [(1.001, 0), (0.8, 0.8)]), ("+proj=sinu +lon_0=0", [(1.7, 1.3), (0.1, 1.5707), (3.15, 0), (-2, 1.2)]),
            ("+proj=moll +lon_0=180", [(2.7, 0.5), (0.2, 1.4142), (2.83, 0)]), ("+proj=robin +lon_0=0", [(2.7, 0.1), (2.5, 1.2), (0, 1.4)]),
            ("+proj=laea +lat_0=40 +lon_0=0", [(2.0001, 0), (1.5, 1.5)]), ("+proj=aeqd +lat_0=40 +lon_0=0", [(3.15, 0), (2.5, -2.5)]),
            ("+proj=nsper +lat_0=20 +lon_0=30 +h=1000000", [(0.4, 0), (0.3, 0.3)]),
            ("+proj=lcc +lat_0=40 +lon_0=0 +lat_1=20 +lat_2=60", [(0.5, 3), (-1, 2.5)]),
            ("+proj=healpix +lon_0=0", [(0, 1.2), (0.01, 0.8), (1.5, 1.5), (3.2, 0), (-3.1, -0.9), (0.7854, 1.571)]),
            ("+proj=eqc +lon_0=0", [(0, 1.58), (1, -1.571)]), ("+proj=aea +lat_0=40 +lon_0=0 +lat_1=20 +lat_2=60", [(0, 1.5), (0.2, 2)])]:
        for x, y in places:
            print(f"{p} {body} | Mars | {x * r} | {y * r}")
    print("IAU_2015:49900 | Mars | 20 | 90.001")
    print("IAU_2015:49901 | Mars | 20 | -91")


{"forward": forward_table, "outside": outside_table}[sys.argv[1]]()
