#!/usr/bin/python3
"""Writes the table docs/formats.md: what Tessera believes of every file in some folders, and how that was checked.

Each file goes through `tessera inspect --json`. What is believed is held to three truths that Tessera does not have:
the 300 samples of MOLA beside this program, read from the file's own array at the believed place; another map of the same
ground, through `--against`, for which the tolerance is half a pixel of the coarser map; and the limits that a label
states. A refusal is a result: the table holds its reason. The program fails where a file is neither believed nor refused
with its name, where a truth does not hold, or where Tessera ends by a signal.

A second table holds MOLA's and LOLA's heights out of all their formats and projections to each other by sub-pixel
correlation (registration.py), and to pictures of the same ground from other instruments (relief.py).

    formats.py --tessera .build/release/tessera --output docs/formats.md FOLDER...

With `--check` nothing is written: the files in the folders of which the table has a row of the same name are looked at,
and the program fails where they are believed or refused otherwise than the row says.

    formats.py --tessera .build/release/tessera --check docs/formats.md Tests/RastersTests/Samples surveys
"""
import argparse
import csv
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np
from osgeo import gdal

import registration
import relief

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
    frozenset(["enceladus_PIA18435_4096.jpg", "enceladus_usgs_1024.tif"]):
        "numpy finds the same between the two pictures: 2 degrees at 45 N and S, the difference of the two kinds of latitude; "
        "which of them counts which is not known from a document",
}
# One ground in several files: what they are held to, the degrees of its pixels, and the others.
SAME_GROUND = [
    ("mars", "megt90n000cb.lbl", 0.25, ["mars_mola_180.tif", "mars_mola_0_360.tif", "mars_mola_sinu.tif",
                                        "mars_mola_npole_stere.tif", "mars_mola_geofits.fits", "mars_mola_pds4.xml"]),
    ("moon", "ldem_4.cub", 0.25, ["ldem_4_original_pds3.lbl"]),
]
# Heights, and pictures of the same ground that have nothing to do with them; the degrees of their pixels, and what is known of
# their places.
PICTURES = [
    ("mars_mola_180.tif", "Mars_Viking_2048.jpg", ""),
    ("mars_mola_180.tif", "mars_usgs_1024.tif",
     "0.238 degrees is the difference of the IAU's longitudes of 1991 and of 2000: the mosaic counts in the former"),
    ("ldem_4.cub", "Moon_LROC_WAC_2048.jpg", ""),
]


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


def lola_samples(folder, label, cube):
    """LOLA's label beside samples as it describes them, made from the cube, as the set has the label alone."""
    dataset = gdal.Open(str(cube))
    array = dataset.ReadAsArray().astype(np.float64)
    band = dataset.GetRasterBand(1)
    radii = array * (band.GetScale() or 1) + (band.GetOffset() or 0)
    heights = radii - 1737400 if radii.mean() > 1e6 else radii
    np.round(heights / 0.5).astype("<i2").tofile(folder / "LDEM_4.IMG")
    return pathlib.Path(shutil.copy(label, folder))


def agreements(tessera, by_name, failures):
    """Rows of the table of maps of the same ground: file, held to, result."""
    lines = []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)

        def build(body, path):
            name = path.name.lower().replace(".", "-")
            subprocess.run([tessera, "build", str(path), "--data", str(scratch), "--name", name, "--formats", "fits", "--order", "1",
                            "--quiet"], check=True)
            return str(scratch / "hips" / body / name)

        for body, first, step, others in SAME_GROUND:
            if first not in by_name:
                continue
            truth = build(body, by_name[first])
            for name in others:
                if name not in by_name:
                    continue
                path = by_name[name]
                if name == "ldem_4_original_pds3.lbl":
                    path = lola_samples(scratch, path, by_name[first])
                found = registration.shifts(truth, build(body, path), step)
                east, north = np.median(found[:, 2]), np.median(found[:, 3])
                spread = np.percentile(np.hypot(found[:, 2], found[:, 3]), 95)
                lines.append((name, first, f"{east:+.4f} columns, {north:+.4f} rows over {len(found)} pieces of ground, 95 % of "
                              f"them within {spread:.3f}"))
                if max(abs(east), abs(north)) > 0.1:
                    failures.append(f"{name}: {east:+.4f} columns, {north:+.4f} rows from {first}")
    for heights, picture, note in PICTURES:
        if heights not in by_name or picture not in by_name:
            continue
        row, _ = inspect(tessera, by_name[heights])
        shown, _ = inspect(tessera, by_name[picture])

        def grid(path, row):
            return relief.grid(path, (row["westDegrees"], row["northDegrees"], row["eastDegrees"] - row["westDegrees"],
                                      row["southDegrees"] - row["northDegrees"]))

        found = relief.shift(grid(by_name[heights], row), grid(by_name[picture], shown))
        if found is None:
            failures.append(f"{picture}: lies elsewhere than {heights}")
            continue
        step = shown["resolutionDegrees"]
        lines.append((picture, heights, f"{found[0]:+.3f} degrees east, {found[1]:+.3f} north ({found[0] / step:+.2f} columns, "
                      f"{found[1] / step:+.2f} rows); heights and slopes explain {found[2] * 100:.0f} % of the picture"
                      + (f"; {note}" if note else "")))
        if not note and max(abs(found[0]), abs(found[1])) > step / 2:
            failures.append(f"{picture}: {found[0]:+.3f} degrees east, {found[1]:+.3f} north of {heights}")
    return lines


def check(tessera, table, folders):
    """Whether the files of some folders are believed and refused as the rows of the same names say."""
    rows = {}
    for line in pathlib.Path(table).read_text().split("\n"):
        cells = [cell.strip() for cell in line.replace("\\|", "\0").split("|")]
        if len(cells) == 6 and "/" in cells[1]:
            rows[cells[1].rsplit("/", 1)[1]] = [cell.replace("\0", "|") for cell in cells[2:5]]
    wrong, count = [], 0
    for folder in map(pathlib.Path, folders):
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or path.suffix in SKIPPED or path.name not in rows:
                continue
            row, error = inspect(tessera, path)
            if row is None and "No such file" in error:
                continue  # A label without its samples.
            count += 1
            found = ["refused", "", reason(path, error)] if row is None else [believed(row)]
            for says, is_so in zip([rows[path.name][0], rows[path.name][1], rows[path.name][2]], found):
                if says != is_so:
                    wrong.append(f"{path}: the table says\n    {says}\n  and it is\n    {is_so}")
                    break
    print("\n".join(wrong + [f"{table}: {count} files of the repository looked at, {len(wrong)} are not as it says"]))
    return 1 if wrong or count < 40 else 0


def reason(path, error):
    return error.replace(str(path), path.name).replace(str(path.parent) + "/", "").replace("\n", " ")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tessera", default=".build/release/tessera")
    parser.add_argument("--output", default="docs/formats.md")
    parser.add_argument("--check", metavar="TABLE", help="compare with this table instead of writing one")
    parser.add_argument("folders", nargs="+")
    options = parser.parse_args()
    if options.check:
        return check(options.tessera, options.check, options.folders)
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
            lines.append((short, "refused", "", reason(path, error)))
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
    text += [
        "",
        "## One ground in several files",
        "",
        "Heights out of other formats and projections against those of one file, by sub-pixel correlation of the HiPS built of",
        "them (at most 0.1 pixels is right), and pictures from other instruments against heights, by what heights and slopes",
        "explain of them. Columns run east, rows north, in pixels of the heights or of the picture.",
        "",
        "| file | held to | result |",
        "|---|---|---|",
    ]
    for cells in agreements(options.tessera, by_name, failures):
        text.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    pathlib.Path(options.output).write_text("\n".join(text) + "\n")
    print(f"{options.output}: {counts['believed']} believed, {counts['refused']} refused, {len(failures)} failures")
    for failure in failures:
        print("  " + failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
