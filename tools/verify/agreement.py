#!/usr/bin/python3
"""How often `inspect --against` finds the faults that it is for, and how often it finds one where there is none.

What: pairs of maps of one body from independent sources, and single maps against themselves after a fault was put in: turned by
half a turn or by random angles, mirrored, upside down, latitudes of the other kind, shifted by a few pixels. Each is
inspected against the other map of the pair, both ways, and the verdict is counted as right, as "undecided", or as wrong.
A right pair that is called faulty is a false alarm; pairs that are known to differ (KNOWN) are taken with their difference.

How: faults are put in by a survey file (extent, longitude_sense, latitude_kind) over the same raster, and for maps that are
upside down by a copy with its rows reversed, which GDAL writes. The program fails on a false alarm and on a wrong verdict;
"undecided" is no failure, as nothing is claimed then.

    agreement.py --tessera .build/release/tessera [--table docs.md] FOLDER
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile

from osgeo import gdal

gdal.UseExceptions()
# Maps of one body with their left edges; the first of each is the one that faults are put into, then the other.
PAIRS = [
    ("enceladus", "rasters/enceladus/enceladus_PIA18435_4096.jpg", "rasters/enceladus/enceladus_usgs_1024.tif"),
    ("io", "rasters/io/Io_SSI_clrmerge_2048.jpg", "rasters/io/io_cosmoscout_4096.jpg"),
    ("mars", "derived/mars_mola_180.tif", "rasters/mars/Mars_Viking_2048.jpg"),
    ("mars", "derived/mars_mola_0_360.tif", "rasters/mars/mars_usgs_1024.tif"),
    ("mars", "rasters/mars/Mars_Viking_2048.jpg", "rasters/mars/mars_usgs_1024.tif"),
    ("mercury", "rasters/mercury/Mercury_MDIS_2048.jpg", "rasters/mercury/mercury_usgs_1024.tif"),
    ("moon", "rasters/moon/ldem_4.cub", "rasters/moon/Moon_LROC_WAC_2048.jpg"),
    ("pluto", "rasters/pluto/pluto_PIA11707_4096.jpg", "rasters/pluto/pluto_usgs_1024.tif"),
    ("venus", "rasters/venus/Venus_Magellan_2048.jpg", "rasters/venus/venus_usgs_1024.tif"),
]
# One map alone: faults are looked for against the map itself.
ALONE = [
    ("callisto", "rasters/callisto/callisto_usgs_1024.tif"), ("ceres", "rasters/ceres/ceres_dawn_FC_4096.jpg"),
    ("europa", "rasters/europa/europa_usgs_1024.tif"), ("phobos", "rasters/phobos/phobos_usgs_1024.tif"),
    ("titan", "rasters/titan/titan_4096.jpg"),
]
# What is right of two maps as they are, where that is not "agrees": the latitudes of these differ in kind, as the shifts
# between the two pictures in bands of latitude show without Tessera; which of them counts which is not known.
KNOWN = {
    ("enceladus_PIA18435_4096.jpg", "enceladus_usgs_1024.tif"): {
        "as it is": {"planetographic"}, "latitudes": {"agrees"}, "a small shift": {"planetographic"}},
    ("enceladus_usgs_1024.tif", "enceladus_PIA18435_4096.jpg"): {
        "as it is": {"planetocentric"}, "a small shift": {"planetocentric"}},
}
# Flattening times radius is less than a pixel elsewhere.
FLAT = {"enceladus", "io", "mars", "ceres", "phobos"}


def inspect(tessera, path, *more):
    run = subprocess.run([tessera, "inspect", "--json", "--skip-range", *more, str(path)], capture_output=True, text=True)
    rows = json.loads(run.stdout or "[]")
    if not rows:
        sys.exit(f"{path}: {run.stderr.strip()}")
    return rows[0]


def survey(folder, body, path, row, name, **change):
    """A survey file over a raster, whose extent is the believed one with a change."""
    lines = [f"inputs: [{path}]", f"body: {body}"]
    shift = change.get("shift")
    if shift is not None:
        west = row["westDegrees"] + shift
        west -= 360 * round((west - row["westDegrees"]) / 720)
        width = min(360, row["eastDegrees"] - row["westDegrees"])
        while west + width > 360:
            west -= 360
        south, north = max(-90, row["southDegrees"]), min(90, row["northDegrees"])
        lines.append(f"extent: [{west}, {south}, {west + width}, {north}]")
    lines += [f"{key}: {value}" for key, value in change.items() if key != "shift"]
    target = folder / f"{name}.yaml"
    target.write_text("\n".join(lines) + "\n")
    return target


def upside_down(folder, path):
    source = gdal.Open(str(path))
    target = folder / "upside.tif"
    copy = gdal.GetDriverByName("GTiff").CreateCopy(str(target), source)
    for band in range(1, source.RasterCount + 1):
        copy.GetRasterBand(band).WriteArray(source.GetRasterBand(band).ReadAsArray()[::-1])
    copy.FlushCache()
    return target


def faults(folder, body, path, row, dice):
    """Name, survey file and the verdicts that are right."""
    pixel = row["resolutionDegrees"]
    yield "as it is", path, {"agrees"}, None
    yield "half a turn", survey(folder, body, path, row, "half", shift=180), {"half a turn"}, None
    for number in range(2):
        angle = round(dice.uniform(8, 172) * dice.choice([-1, 1]), 2)
        yield "another turn", survey(folder, body, path, row, f"turn{number}", shift=angle), {"turned"}, angle
    yield "mirrored", survey(folder, body, path, row, "mirror", longitude_sense="west"), {"mirrored"}, None
    yield "upside down", upside_down(folder, path), {"upside down"}, None
    few = round(max(3 * pixel, 0.9) * dice.choice([-1, 1]), 4)
    yield "a small shift", survey(folder, body, path, row, "shift", shift=few), {"shifted"}, few
    if body in FLAT:
        yield "latitudes", survey(folder, body, path, row, "latitude", latitude_kind="planetographic"), {"planetocentric"}, None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tessera", default=".build/release/tessera")
    parser.add_argument("--table", help="a file for the table")
    parser.add_argument("--raw", help="a file for every outcome, as JSON")
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    dice = random.Random(2026)
    counts, notes, raw = {}, [], []
    jobs = [(body, one, other) for body, a, b in PAIRS for one, other in ((a, b), (b, a))]
    jobs += [(body, path, path) for body, path in ALONE]
    for body, one, other in jobs:
        with tempfile.TemporaryDirectory() as scratch:
            path, against = options.folder / one, options.folder / other
            row = inspect(options.tessera, path)
            alone = one == other
            for name, file, right, angle in faults(pathlib.Path(scratch), body, path, row, dice):
                found = inspect(options.tessera, file, "--against", str(against))["against"][0]
                right = KNOWN.get((path.name, against.name), {}).get(name, right)
                verdict = found["verdict"]
                isRight = verdict in right
                if isRight and angle is not None and verdict == "turned":
                    apart = (found["eastDegrees"] - angle + 180) % 360 - 180
                    isRight = abs(apart) < 3
                # A small fault below what the comparison resolves is no wrong verdict.
                isCoarse = found["precisionDegrees"] > 1 and name in ("a small shift", "latitudes")
                outcome = ("right" if isRight else "undecided" if verdict == "undecided" or isCoarse and verdict == "agrees"
                           else "wrong")
                key = ("itself" if alone else "another map", name)
                counts.setdefault(key, {"right": 0, "undecided": 0, "wrong": 0})[outcome] += 1
                raw.append(dict(body=body, map=path.name, other=against.name, fault=name, angle=angle, outcome=outcome,
                                **{k: found[k] for k in ("verdict", "correlation", "eastDegrees", "northDegrees", "precisionDegrees", "overlap")}))
                if outcome == "wrong":
                    notes.append(f"{path.name} {name}{'' if angle is None else f' by {angle}'} against {against.name}: "
                                 f"{verdict}, {found['eastDegrees']:.2f} E, {found['northDegrees']:.2f} N, correlation "
                                 f"{found['correlation']:.2f}")
                print(f"{outcome:9} {path.name} {name} against {against.name}: {verdict} {found['correlation']:.2f}", flush=True)
    lines = ["| fault | against | right | undecided | wrong |", "|---|---|---|---|---|"]
    for (kind, name), count in sorted(counts.items(), key=lambda item: item[0][0]):
        lines.append(f"| {name} | {kind} | {count['right']} | {count['undecided']} | {count['wrong']} |")
    print("\n".join(lines + [""] + notes))
    if options.table:
        pathlib.Path(options.table).write_text("\n".join(lines) + "\n")
    if options.raw:
        pathlib.Path(options.raw).write_text(json.dumps(raw, indent=1))
    return 1 if notes else 0


if __name__ == "__main__":
    sys.exit(main())
