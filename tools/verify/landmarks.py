#!/usr/bin/python3
"""Whether built maps show known landmarks where they are.

What: each row of the table (map, name, lon_east_deg, lat_deg, radius_deg, expect) names a map under
DATADIR/hips. `brighter` or `darker`: the mean of the leaf pixels within the radius against the mean of all
between 45 S and 45 N. `<height> m` (radius 0): the highest or lowest leaf pixel of the map lies within
`--position` degrees of the place and its value within `--height` metres of the height.

How: leaf pixels cover equal areas, so means need no weights; FITS tiles are read where there are any, then PNG,
then JPEG; colours are averaged.

    landmarks.py DATADIR landmarks.csv [--position 0.25] [--height 50]
"""

import argparse
import csv
import os

import healpy
import numpy as np

import hips


class Sums:
    """What one pass over the leaves of a map gathers for its landmarks."""

    def __init__(self, rows):
        self.rows = rows
        self.band = [0.0, 0]
        self.inside = [[0.0, 0] for _ in rows]
        self.highest = (-np.inf, None)
        self.lowest = (np.inf, None)

    def add(self, values, valid, lon, lat):
        band = valid & (np.abs(lat) < 45)
        self.band[0] += values[band].sum()
        self.band[1] += int(band.sum())
        vectors = None
        for sums, row in zip(self.inside, self.rows):
            if row["radius"] == 0:
                continue
            if vectors is None:
                # Flat, as healpy transposes what it is given in two dimensions.
                vectors = healpy.ang2vec(lon.ravel(), lat.ravel(), lonlat=True).reshape(*lon.shape, 3)
            near = vectors @ healpy.ang2vec(row["lon"], row["lat"], lonlat=True) > np.cos(np.radians(row["radius"]))
            near &= valid
            sums[0] += values[near].sum()
            sums[1] += int(near.sum())
        if valid.any():
            for name, best, fill in (("highest", np.argmax, -np.inf), ("lowest", np.argmin, np.inf)):
                index = np.unravel_index(best(np.where(valid, values, fill)), values.shape)
                old = getattr(self, name)[0]
                if (values[index] > old) if name == "highest" else (values[index] < old):
                    setattr(self, name, (values[index], (lon[index], lat[index])))


def survey(directory, rows):
    words = hips.formats(directory)
    format = next((f for f in ("fits", "png", "jpeg") if f in words), None)
    if format is None:
        hips.fail(f"{directory}: no tiles of a format that can be read ({' '.join(words)})")
    order, width = hips.leaf_order(directory), hips.tile_width(directory)
    sums = Sums(rows)
    for npix in hips.tiles(directory, order, format):
        values, valid = hips.read_tile(directory, order, npix, format)
        lon, lat = hips.pixel_positions(order, npix, width)
        sums.add(np.where(valid[..., None], values, 0).mean(axis=-1), valid, lon, lat)
    return sums


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data")
    parser.add_argument("landmarks")
    parser.add_argument("--position", type=float, default=0.25, help="degrees an extreme may be off")
    parser.add_argument("--height", type=float, default=50.0, help="metres an extreme may be off")
    parser.add_argument("--map", help="only this map, as body/name")
    arguments = parser.parse_args()
    maps = {}
    with open(arguments.landmarks, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            maps.setdefault(row["map"], []).append({
                "name": row["name"], "lon": float(row["lon_east_deg"]), "lat": float(row["lat_deg"]),
                "radius": float(row["radius_deg"]), "expect": row["expect"]})
    if arguments.map:
        maps = {k: v for k, v in maps.items() if k == arguments.map}
    if not maps:
        hips.fail("no landmarks to look at")
    wrong = 0
    for name, rows in maps.items():
        directory = os.path.join(arguments.data, "hips", name)
        if not os.path.isdir(directory):
            print(f"{name}: not built")
            wrong += 1
            continue
        sums = survey(directory, rows)
        reference = sums.band[0] / max(sums.band[1], 1)
        for row, (total, count) in zip(rows, sums.inside):
            if row["radius"] > 0:
                mean = total / count if count else np.nan
                good = mean > reference if row["expect"] == "brighter" else mean < reference
                said = f"{mean:.1f} within {row['radius']:g} degrees, {reference:.1f} between 45 S and 45 N"
            else:
                height = float(row["expect"].split()[0])
                value, (lon, lat) = sums.highest if height > 0 else sums.lowest
                off = np.degrees(healpy.rotator.angdist((lon, lat), (row["lon"], row["lat"]), lonlat=True))[0]
                good = off <= arguments.position and abs(value - height) <= arguments.height
                said = f"{value:.1f} m at {lon:.3f} {lat:+.3f}, {off:.3f} degrees from the place"
            wrong += not good
            print(f"{'ok   ' if good else 'WRONG'} {name} {row['name']} ({row['expect']}): {said}")
    if wrong:
        hips.fail(f"{wrong} landmarks or maps")
    print("OK")


if __name__ == "__main__":
    main()
