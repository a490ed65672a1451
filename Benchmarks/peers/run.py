#!/usr/bin/python3
"""Measures `tessera build`, and Hipsgen beside it, and writes the table of docs/performance.md.

What: builds the mosaic of mosaic.py (made first where it is missing) to order 3 in the cases that the project sets
itself targets for: heights to FITS, colour and grey to PNG and to JPEG; colour to PNG again with one and with two
workers in turns; that the tiles' bytes do not depend on the workers; and Hipsgen on the same world in the same run
(`--hipsgen dem`, one and a half minutes of CPU time; `all` adds the colour mosaic, 13 minutes; `none`).

How: every build is a process of its own, its user and system time, wall time and peak memory taken from wait4. CPU
seconds compare between machines better than wall time; the sources are read once before, so that all find them in
the page cache. The table goes between two marker lines, or to the end of a file that has none. `--check` ends with 1
where a target is missed.

    run.py TESSERA [--mosaic DIR] [--work DIR] [--hipsgen none|dem|all] [--repeats 5] [--output FILE] [--check]
"""

import argparse
import dataclasses
import datetime
import hashlib
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BEGIN, END = "<!-- peers: begin (Benchmarks/peers/run.py writes this) -->", "<!-- peers: end -->"

# (label, source, format, most CPU seconds)
CASES = [
    ("int16 heights -> FITS", "dem_i16.tif", "fits", 4.0),
    ("RGB -> PNG", "rgb_u8.tif", "png", 12.0),
    ("RGB -> JPEG", "rgb_u8.tif", "jpeg", 6.0),
    ("8-bit grey -> PNG", "grey_u8.tif", "png", 5.0),
    ("8-bit grey -> JPEG", "grey_u8.tif", "jpeg", 3.0),
]
LEAST_RATIO, LEAST_SPEEDUP, MOST_EXTRA_CPU = 17.0, 1.7, 1.1


@dataclasses.dataclass
class Cost:
    """What a process took."""

    cpu: float
    wall: float
    peak_megabytes: float


def measure(command, environment=None):
    """Runs a command to its end and returns its cost, that of its children included."""
    began = time.monotonic()
    with open(os.devnull, "wb") as nothing:
        process = subprocess.Popen(command, stdout=nothing, stderr=subprocess.PIPE, env=environment)
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.stderr.write(said.decode(errors="replace")[-2000:])
        raise SystemExit(f"FAILED: {' '.join(command)} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def tiles(directory):
    """(number of tiles, their bytes, digest of names and contents) below a HiPS folder."""
    count, size, digest = 0, 0, hashlib.sha256()
    for folder, folders, files in os.walk(directory):
        # Hipsgen keeps an index in files of the same names beside the orders.
        folders[:] = sorted(f for f in folders if f != "HpxFinder")
        for name in sorted(files):
            if not name.startswith("Npix"):
                continue
            with open(os.path.join(folder, name), "rb") as file:
                contents = file.read()
            count, size = count + 1, size + len(contents)
            digest.update(os.path.relpath(os.path.join(folder, name), directory).encode() + b"\0")
            digest.update(hashlib.sha256(contents).digest())
    return count, size, digest.hexdigest()


class Bench:
    """The binary, its mosaic and the place it builds in."""

    def __init__(self, tessera, mosaic, work, order):
        self.tessera, self.mosaic, self.work, self.order = os.path.abspath(tessera), mosaic, work, order

    def build(self, source, format, jobs):
        """(cost, tiles, bytes, digest) of one build."""
        name = f"{source.split('.')[0]}-{format}".replace("_", "-")
        cost = measure([self.tessera, "build", os.path.join(self.mosaic, source), "--data", self.work,
                        "--body", "mars", "--name", name, "--order", str(self.order), "--formats", format,
                        "--jobs", str(jobs), "--force", "--quiet"])
        place = os.path.join(self.work, "hips", "mars", name)
        result = tiles(place)
        if result[0] == 0:
            raise SystemExit(f"FAILED: no tile under {place}")
        shutil.rmtree(place)
        return (cost,) + result

    def hipsgen(self, what):
        """(cost, tiles, bytes) of Hipsgen."""
        out = os.path.join(self.work, f"hipsgen-{what}")
        environment = dict(os.environ, HIPSGEN_ORDER=str(self.order))
        cost = measure([os.path.join(HERE, "hipsgen.sh"), self.mosaic, out, what], environment)
        count, size, _ = tiles(out)
        shutil.rmtree(out)
        return cost, count, size


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def row(label, cost, count, size, target):
    return (f"| {label} | {cost.cpu:.2f} | {cost.wall:.2f} | {cost.peak_megabytes:.0f} | {count} | "
            f"{size / 1e6:.1f} | {target} |")


def write_block(path, lines):
    """Puts the lines between the markers of a file, or at its end."""
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    text = ""
    if os.path.isfile(path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
    block = "\n".join([BEGIN, *lines, END])
    if BEGIN in text and END in text:
        head, rest = text.split(BEGIN, 1)
        text = head + block + rest.split(END, 1)[1]
    else:
        text = (text.rstrip("\n") + "\n\n" if text.strip() else "") + block + "\n"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tessera", help="the release binary")
    parser.add_argument("--mosaic", default=os.path.join(ROOT, "Benchmarks", "work", "mosaic"))
    parser.add_argument("--work", default=os.path.join(ROOT, "Benchmarks", "work", "data"))
    parser.add_argument("--order", type=int, default=3)
    parser.add_argument("--hipsgen", choices=["none", "dem", "all"], default="dem")
    parser.add_argument("--runs", type=int, default=3, help="runs of each of Tessera's builds; the median CPU counts")
    parser.add_argument("--repeats", type=int, default=5, help="pairs of one and two workers")
    parser.add_argument("--output", default=os.path.join(ROOT, "docs", "performance.md"))
    parser.add_argument("--check", action="store_true", help="end with 1 where a target is missed")
    arguments = parser.parse_args()
    if not os.access(arguments.tessera, os.X_OK):
        raise SystemExit(f"FAILED: {arguments.tessera} is no program")
    missing = {c[1] for c in CASES} | {"fits_in/dem_i16.fits", "png_in/mars.png"}
    if any(not os.path.isfile(os.path.join(arguments.mosaic, m)) for m in missing):
        subprocess.run([sys.executable, os.path.join(HERE, "mosaic.py"), arguments.mosaic], check=True)
    os.makedirs(arguments.work, exist_ok=True)
    for source in sorted(missing):
        with open(os.path.join(arguments.mosaic, source), "rb") as file:
            while file.read(1 << 24):
                pass
    bench = Bench(arguments.tessera, arguments.mosaic, arguments.work, arguments.order)
    missed, rows, costs = [], [], {}
    jobs = min(2, os.cpu_count() or 1)
    for label, source, format, most in CASES:
        runs = [bench.build(source, format, jobs) for _ in range(arguments.runs)]
        cost, count, size, _ = sorted(runs, key=lambda run: run[0].cpu)[len(runs) // 2]
        costs[label] = cost
        rows.append(row(f"Tessera, {label}", cost, count, size, f"CPU at most {most:g}"))
        print(rows[-1], flush=True)
        if cost.cpu > most:
            missed.append(f"{label}: {cost.cpu:.2f} CPU s, at most {most:g} wanted")
    notes = []
    for what, label in (("dem", "int16 heights -> FITS"), ("rgb", "RGB -> PNG")):
        if arguments.hipsgen == "all" or arguments.hipsgen == what:
            cost, count, size = bench.hipsgen(what)
            rows.append(row(f"Hipsgen, {label}", cost, count, size, ""))
            print(rows[-1], flush=True)
            ratio = cost.cpu / costs[label].cpu
            notes.append(f"{label}: Hipsgen takes {ratio:.1f} times the CPU time of Tessera"
                         + (f" (wanted: {LEAST_RATIO:g})." if what == "dem" else "."))
            if what == "dem" and ratio < LEAST_RATIO:
                missed.append(f"{label}: only {ratio:.1f} times less CPU than Hipsgen")
    if arguments.repeats > 0:
        pairs = {1: [], 2: []}
        digests = set()
        for _ in range(arguments.repeats):
            for workers in (1, 2):
                cost, _, _, digest = bench.build("rgb_u8.tif", "png", workers)
                pairs[workers].append(cost)
                digests.add(digest)
        wall = {w: statistics.median(c.wall for c in costs) for w, costs in pairs.items()}
        cpu = {w: statistics.median(c.cpu for c in costs) for w, costs in pairs.items()}
        speedup, extra = wall[1] / wall[2], cpu[2] / cpu[1]
        notes.append(f"RGB -> PNG, one and two workers in turns, medians of {arguments.repeats}: wall {wall[1]:.2f} "
                     f"and {wall[2]:.2f} s ({speedup:.2f} times as fast, wanted {LEAST_SPEEDUP:g}), CPU {cpu[1]:.2f} "
                     f"and {cpu[2]:.2f} s ({extra:.2f} times, at most {MOST_EXTRA_CPU:g}); the tiles' bytes are "
                     + ("the same." if len(digests) == 1 else "NOT the same."))
        print(notes[-1], flush=True)
        if speedup < LEAST_SPEEDUP:
            missed.append(f"two workers are {speedup:.2f} times as fast as one")
        if extra > MOST_EXTRA_CPU:
            missed.append(f"two workers take {extra:.2f} times the CPU of one")
        if len(digests) != 1:
            missed.append("tiles depend on the number of workers")
    when = datetime.date.today().isoformat()
    lines = [
        f"Measured {when} on {os.cpu_count()} x {processor()}, {platform.system()} {platform.release()}: the mosaic of "
        f"`Benchmarks/peers/mosaic.py` to order {arguments.order}, {jobs} workers, whole process; "
        f"Tessera's rows are the median of {arguments.runs} runs.",
        "",
        "| work | CPU s | wall s | peak MB | tiles | MB | target |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        *[f"- {n}" for n in notes],
    ]
    write_block(arguments.output, lines)
    print(f"written to {arguments.output}")
    for miss in missed:
        print(f"MISSED: {miss}")
    if missed and arguments.check:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
