#!/usr/bin/python3
"""Writes the table docs/formats.md: what Tessera believes of every file in some folders, and how that was checked.

Each file goes through `tessera inspect --json`. What is believed is held to three truths that Tessera does not have:
the 300 samples of MOLA beside this program, read from the file's own array at the believed place; another map of the same
ground, through `--against`, for which the tolerance is half a pixel of the coarser map; and the limits that a label
states. A refusal is a result: the table holds its reason. The program fails where a file is neither believed nor refused
with its name, where a truth does not hold, or where Tessera ends by a signal.

    formats.py --tessera .build/release/tessera --output docs/formats.md FOLDER...
"""
import argparse
import csv
import json
import pathlib
import subprocess
import sys

import numpy as np
from osgeo import gdal

gdal.UseExceptions()
HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = {".jgw", ".wld", ".xml.aux", ".csv", ".fmt", ".md", ".txt", ".tab", ".dat", ".py", ".yaml"}
# Maps that others are held against, by body, in the order of preference.
REFERENCES = {
    "Mars": ["megt90n000cb.lbl", "mars_mola_180.tif", "Mars_Viking_2048.jpg", "mars_usgs_1024.tif"],
    "Moon": ["ldem_4.cub", "Moon_LROC_WAC_2048.jpg"],
    "Io": ["Io_SSI_clrmerge_2048.jpg", "io_cosmoscout_4096.jpg"],
    "Mercury": ["Mercury_MDIS_2048.jpg", "mercury_usgs_1024.tif"],
    "Venus": ["Venus_Magellan_2048.jpg", "venus_usgs_1024.tif"],
    "Pluto": ["pluto_PIA11707_4096.jpg", "pluto_usgs_1024.tif"],
    "Enceladus": ["enceladus_PIA18435_4096.jpg", "enceladus_usgs_1024.tif"],
    "Europa": ["europa_usgs_1024.tif"],
}
# Maps that do lie otherwise than others of the same ground, as was found without Tessera.
KNOWN = {
    frozenset(["Venus_Magellan_2048.jpg", "venus_usgs_1024.tif"]):
        "numpy finds the same between the two pictures, 0.35 to 0.53 degrees in bands from 70 N to 40 S: the mosaics differ",
}



def place(row):
    """The edges of a grid, or the projection of another map and the field that it lies in."""
    if row.get("westDegrees") is None:
        lon, lat = row["centreDegrees"]
        return f"{row['projection']}, within {row['fieldDegrees']:.4g} degrees around {lon:.6g} E, {lat:.6g} N"
    return (f"{row['westDegrees']:.6g} to {row['eastDegrees']:.6g} E, {row['southDegrees']:.6g} to "
            f"{row['northDegrees']:.6g} N")

def inspect(tessera, path, *more):
    run = subprocess.run([tessera, "inspect", "--json", "--skip-range", *more, str(path)], capture_output=True, text=True)
    if run.returncode < 0:
        sys.exit(f"{path}: tessera ended by signal {-run.returncode}: {run.stderr}")
    rows = json.loads(run.stdout or "[]")
    return (rows[0] if rows else None), run.stderr.strip().removeprefix("Error: ")


def raw_array(path):
    return gdal.Open(str(path)).ReadAsArray()


def truth_samples(path, row):
    """The number of MOLA's samples that the array holds at the believed place, and how many there are."""
    array = raw_array(path)
    step_x = (row["eastDegrees"] - row["westDegrees"]) / row["columns"]
    step_y = (row["northDegrees"] - row["southDegrees"]) / row["rows"]
    right = total = 0
    with open(HERE / "mola_samples.csv") as file:
        for sample in csv.DictReader(file):
            lon, lat, value = (float(sample[key]) for key in ("lon_east_deg", "lat_deg", "value"))
            column = int(((lon - row["westDegrees"]) % 360) / step_x)
            line = int((row["northDegrees"] - lat) / step_y)
            total += 1
            right += array[line, column] * row["scale"] + row["offset"] == value
    return right, total


def believed(row):
    kinds = {}
    for belief in row["beliefs"]:
        kinds.setdefault(belief["topic"], belief)
    latitudes = kinds.get("latitudes", {})
    text = (
        f"{row['body']}, {row['latitudes']} ({latitudes.get('origin', '')}), {place(row)}, "
        f"R {row['sourceRadiusMetres']:.10g} m"
    )
    if row["columnsRunWest"] if "columnsRunWest" in row else row["longitudes"] == "columns run west":
        text += ", columns run west"
    notes = row["warnings"]
    return text + "".join(f"; {note}" for note in notes)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tessera", default=".build/release/tessera")
    parser.add_argument("--output", default="docs/formats.md")
    parser.add_argument("folders", nargs="+")
    options = parser.parse_args()
    files = []
    for folder in map(pathlib.Path, options.folders):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix not in SKIPPED and not path.name.endswith(".aux.xml"):
                files.append((path, path.relative_to(folder.parent if folder.name != "data" else folder)))
    by_name = {path.name: path for path, _ in files}
    lines, failures = [], []
    counts = {"believed": 0, "refused": 0}
    for path, short in files:
        row, error = inspect(options.tessera, path)
        print(short, flush=True)
        if row is None:
            counts["refused"] += 1
            if not error:
                failures.append(f"{short}: refused without a reason")
            reason = error.replace(str(path), short.name).replace(str(path.parent) + "/", "").replace("\n", " ")
            lines.append((short, "refused", "", reason))
            continue
        counts["believed"] += 1
        checks, results = [], []
        is_mola = row["body"] == "Mars" and row["columns"] == 1440 and row["kind"] == "values"
        if is_mola:
            right, total = truth_samples(path, row)
            checks.append("MOLA's samples at the believed place")
            results.append(f"{right} of {total}")
            if right != total:
                failures.append(f"{short}: {right} of {total} samples of MOLA")
        reference = next(
            (by_name[name] for name in REFERENCES.get(row["body"], []) if name in by_name and name != path.name), None)
        if reference is not None:
            compared, problem = inspect(options.tessera, path, "--against", str(reference))
            if compared is None or not compared["against"]:
                failures.append(f"{short}: {problem}")
            else:
                found = compared["against"][0]
                checks.append(f"against {reference.name}")
                if found["verdict"] == "undecided":
                    results.append(f"undecided ({found['overlap'] * 100:.2g} % in common, correlation {found['correlation']:.2f})")
                elif found["verdict"] == "agrees" and found["precisionDegrees"] > 1:
                    results.append(
                        f"agrees to {found['precisionDegrees']:g} degrees by the roughness of the ground, correlation "
                        f"{found['correlation']:.2f}")
                else:
                    pixel = row["resolutionDegrees"]
                    results.append(
                        f"{found['verdict']}: {found['eastDegrees'] / pixel:+.2f} columns, {found['northDegrees'] / pixel:+.2f} "
                        f"rows, correlation {found['correlation']:.2f}")
                    known = KNOWN.get(frozenset([path.name, reference.name]))
                    if known:
                        results.append(known)
                    elif found["isFault"]:
                        failures.append(f"{short}: {found['sentence']}")
        lines.append((short, believed(row), "; ".join(checks) or "what the label says of its limits", "; ".join(results)))
    text = [
        "# Formats, and what is believed of them",
        "",
        "Made by `tools/verify/formats.py` over a set of planetary samples (real products and GDAL's test data); not by hand.",
        "East and north of another map are in pixels of the file. A projection that is refused by name is one that is not read",
        f"yet. {counts['believed']} files are believed, {counts['refused']} refused with a reason.",
        "",
        "| file | believed | checked by | result |",
        "|---|---|---|---|",
    ]
    for cells in lines:
        text.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    pathlib.Path(options.output).write_text("\n".join(text) + "\n")
    print(f"{options.output}: {counts['believed']} believed, {counts['refused']} refused, {len(failures)} failures")
    for failure in failures:
        print("  " + failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
