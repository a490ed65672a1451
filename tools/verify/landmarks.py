#!/usr/bin/python3
"""Whether built maps show known landmarks where they are.

What: each row of the table (map, name, lon_east_deg, lat_deg, radius_deg, expect, source) names a map under
DATADIR/hips and what is to be seen within the radius:

  brighter, darker                  against the mean of the map between 45 S and 45 N
  brighter|darker than around       against the ring from there to twice the radius; of heights: higher, lower
  redder than around                the same of the red channel less the blue one
  ... than around by <number>       by at least so much, in units of the tiles
  east|west|north|south brighter    one half of a crater or mountain lit, the other not
  <height> m                        (radius 0) the highest or lowest pixel of the map lies within `--position`
                                    degrees of the place and its value within `--height` metres of the height

How: pixels of one order cover equal areas, so means need no weights. They are those of the lowest order that has
at least ten pixels on the smallest radius of the map, and the leaves where an extreme is asked for. FITS tiles are
read where there are any, then PNG, then JPEG; colours are averaged.

`--self-test` also looks for the landmarks where a wrong map would have them: mirrored, turned by 180 degrees, upside
down, and 10 degrees farther east and west. Ends with 1 if all landmarks of a map hold in spite of such a fault.
Of flattened bodies it also looks where a map has them whose latitudes were taken for the other kind, planetographic
for planetocentric and the reverse. That moves Mars' ground by 0.34 degrees at most, less than most landmarks tell:
maps of LATITUDE_TOLD must fail, of others it is said whether they do.

    landmarks.py DATADIR landmarks.csv [--self-test] [--map BODY/NAME] [--position 0.25] [--height 50]
"""

import argparse
import csv
import math
import os
import re

import healpy
import numpy as np

import hips

# Place and expectation on a wrong map, as functions of those on a right one.
FAULTS = {
    "mirrored": lambda lon, lat, expect: (-lon, lat, swap(expect, "east", "west")),
    "turned by 180 degrees": lambda lon, lat, expect: (lon + 180, lat, expect),
    "upside down": lambda lon, lat, expect: (lon, -lat, swap(expect, "north", "south")),
    "10 degrees farther east": lambda lon, lat, expect: (lon - 10, lat, expect),
    "10 degrees farther west": lambda lon, lat, expect: (lon + 10, lat, expect),
}
# Equatorial by polar radius of flattened bodies (IAU 2015; of triaxial ones the mean equatorial radius).
FLATTENED = {
    "ceres": 487.3 / 446.0, "iapetus": 745.7 / 712.1, "jupiter": 71492.0 / 66854.0, "mars": 3396.19 / 3376.2,
    "phobos": 12.2 / 9.1, "vesta": 284.5 / 229.0,
}
# Maps of which some landmark tells one kind of latitude from the other.
LATITUDE_TOLD = {
    "ceres/dawn-fc", "iapetus/iss", "mars/megdr", "mars/mola", "phobos/viking", "vesta/dawn-fc", "vesta/dtm",
}


def latitude_faults(body):
    """Faults of latitude of a body: where ground at a planetocentric latitude appears; none on spheres."""
    if body not in FLATTENED:
        return {}
    square = FLATTENED[body] ** 2

    def moved(factor):
        def change(lon, lat, expect):
            return lon, math.degrees(math.atan(factor * math.tan(math.radians(lat)))), expect
        return change

    return {"planetographic latitudes taken for planetocentric": moved(square),
            "planetocentric latitudes taken for planetographic": moved(1 / square)}


SIDES = {"east": (0, 1), "west": (0, -1), "north": (1, 1), "south": (1, -1)}


def swap(expect, one, other):
    word, _, rest = expect.partition(" ")
    return f"{ {one: other, other: one}.get(word, word) } {rest}".strip() if word in SIDES else expect


class Mean:
    def __init__(self):
        self.total, self.count = 0.0, 0

    def add(self, values, chosen):
        self.total += values[chosen].sum()
        self.count += int(chosen.sum())

    @property
    def value(self):
        return self.total / self.count if self.count else np.nan


class Landmark:
    """One place and what is gathered of the map there."""

    def __init__(self, name, lon, lat, radius, expect):
        self.name, self.lon, self.lat, self.radius, self.expect = name, lon % 360, lat, radius, expect
        east, north = math.radians(lon), math.radians(lat)
        self.place = np.array([math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)])
        self.axes = (
            np.array([-math.sin(east), math.cos(east), 0]),
            np.array([-math.sin(north) * math.cos(east), -math.sin(north) * math.sin(east), math.cos(north)]),
        )
        self.inside, self.ring, self.half, self.other = Mean(), Mean(), Mean(), Mean()

    def add(self, values, redness, valid, vectors):
        if self.expect.startswith("redder"):
            values = redness
        cosine = vectors @ self.place
        inside = valid & (cosine > math.cos(math.radians(self.radius)))
        self.inside.add(values, inside)
        if "than around" in self.expect:
            self.ring.add(values, valid & ~inside & (cosine > math.cos(math.radians(2 * self.radius))))
        side = SIDES.get(self.expect.split()[0])
        if side:
            along = vectors @ self.axes[side[0]] * side[1]
            self.half.add(values, inside & (along > 0))
            self.other.add(values, inside & (along < 0))

    def judged(self, survey, arguments):
        """(whether it holds, what was found)."""
        word = self.expect.split()[0]
        if self.radius == 0:
            height = float(word)
            value, (lon, lat) = survey.highest if height > 0 else survey.lowest
            off = np.degrees(healpy.rotator.angdist((lon, lat), (self.lon, self.lat), lonlat=True))[0]
            return (off <= arguments.position and abs(value - height) <= arguments.height,
                    f"{value:.1f} m at {lon:.3f} {lat:+.3f}, {off:.3f} degrees from the place")
        if word in SIDES:
            return (self.half.value > self.other.value,
                    f"{self.half.value:.1f} on that side, {self.other.value:.1f} on the other")
        mean, where = ((self.ring.value, "around") if "than around" in self.expect
                       else (survey.band.value, "between 45 S and 45 N"))
        sign = 1 if word in ("brighter", "higher", "redder") else -1
        least = float(self.expect.partition(" by ")[2] or 0)
        return (sign * (self.inside.value - mean) > least,
                f"{self.inside.value:.1f} within {self.radius:g} degrees, {mean:.1f} {where}")


class Survey:
    """What one pass over a map gathers for its landmarks."""

    def __init__(self, directory, landmarks):
        words = hips.formats(directory)
        format = next((f for f in ("fits", "png", "jpeg") if f in words), None)
        if format is None:
            hips.fail(f"{directory}: no tiles of a format that can be read ({' '.join(words)})")
        self.band, self.highest, self.lowest = Mean(), (-np.inf, None), (np.inf, None)
        leaves, width = hips.leaf_order(directory), hips.tile_width(directory)
        radii = [place.radius for place in landmarks]
        pixels = [math.degrees(healpy.nside2resol(width << order)) for order in range(leaves)]
        order = next((k for k, pixel in enumerate(pixels) if pixel <= min(radii) / 10), leaves)
        for npix in hips.tiles(directory, order, format):
            values, valid = hips.read_tile(directory, order, npix, format)
            values = np.where(valid[..., None], values, 0)
            redness = values[..., 0] - values[..., -1]
            values = values.mean(axis=-1)
            lon, lat = hips.pixel_positions(order, npix, width)
            self.band.add(values, valid & (np.abs(lat) < 45))
            if valid.any() and min(radii) == 0:
                highest = np.unravel_index(np.where(valid, values, -np.inf).argmax(), values.shape)
                lowest = np.unravel_index(np.where(valid, values, np.inf).argmin(), values.shape)
                if values[highest] > self.highest[0]:
                    self.highest = values[highest], (lon[highest], lat[highest])
                if values[lowest] < self.lowest[0]:
                    self.lowest = values[lowest], (lon[lowest], lat[lowest])
            centre = np.array(healpy.pix2vec(1 << order, npix, nest=True))
            reach = healpy.max_pixrad(1 << order)
            vectors = None
            for place in landmarks:
                if place.radius == 0:
                    continue
                near = reach + 2 * math.radians(place.radius)
                if near < math.pi and centre @ place.place < math.cos(near):
                    continue
                if vectors is None:
                    # Flat, as healpy transposes what it is given in two dimensions.
                    vectors = healpy.ang2vec(lon.ravel(), lat.ravel(), lonlat=True).reshape(*lon.shape, 3)
                place.add(values, redness, valid, vectors)


def expected(text):
    number = r"-?\d+(\.\d+)?"
    forms = ("brighter|darker", f"(brighter|darker|higher|lower|redder) than around( by {number})?",
             f"({'|'.join(SIDES)}) brighter", f"{number} m")
    if not any(re.fullmatch(form, text) for form in forms):
        raise SystemExit(f"unknown expectation: {text!r}")
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data")
    parser.add_argument("landmarks")
    parser.add_argument("--self-test", action="store_true", help="whether wrong maps would be found out")
    parser.add_argument("--position", type=float, default=0.25, help="degrees an extreme may be off")
    parser.add_argument("--height", type=float, default=50.0, help="metres an extreme may be off")
    parser.add_argument("--map", help="only this map, as body/name")
    arguments = parser.parse_args()
    maps = {}
    with open(arguments.landmarks, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            maps.setdefault(row["map"], []).append((
                row["name"], float(row["lon_east_deg"]), float(row["lat_deg"]), float(row["radius_deg"]),
                expected(row["expect"])))
    if arguments.map:
        maps = {k: v for k, v in maps.items() if k == arguments.map}
    if not maps and arguments.map:
        print(f"{arguments.map}: no landmark is known")
        return
    if not maps:
        hips.fail("no landmarks to look at")
    wrong = 0
    for name, rows in maps.items():
        directory = os.path.join(arguments.data, "hips", name)
        if not os.path.isdir(directory):
            print(f"WRONG {name}: not built")
            wrong += 1
            continue
        right = [Landmark(*row) for row in rows]
        faulty = {}
        if arguments.self_test:
            faults = FAULTS | latitude_faults(name.split("/")[0])
            for fault, change in faults.items():
                faulty[fault] = []
                for title, lon, lat, radius, expect in rows:
                    lon, lat, expect = change(lon, lat, expect)
                    faulty[fault].append(Landmark(title, lon, lat, radius, expect))
        survey = Survey(directory, right + sum(faulty.values(), []))
        for landmark in right:
            good, found = landmark.judged(survey, arguments)
            wrong += not good
            print(f"{'ok   ' if good else 'WRONG'} {name} {landmark.name} ({landmark.expect}): {found}")
        for fault, landmarks in faulty.items():
            missed = [landmark.name for landmark in landmarks if not landmark.judged(survey, arguments)[0]]
            if fault not in FAULTS and name not in LATITUDE_TOLD:
                print(f"note  {name} {fault}: {len(missed)} of {len(landmarks)} landmarks do not hold")
                continue
            wrong += not missed
            print(f"{'ok   ' if missed else 'WRONG'} {name} {fault}: " + (
                f"{len(missed)} of {len(landmarks)} landmarks do not hold" if missed else "nobody would see it"))
    if wrong:
        hips.fail(f"{wrong} landmarks, faults or maps")
    print("OK")


if __name__ == "__main__":
    main()
