#!/usr/bin/env python3
"""Measures coverages beside mocpy and healpix_cxx, in one run, and writes a block of docs/performance.md.

    Benchmarks/moc/run.py [--points 1000000] [--python PYTHON] [--output docs/performance.md] [--check]

What: random positions to a coverage, set operations of two coverages of such positions, points looked up, files saved
and loaded. How: each program repeats each row for two seconds of CPU time and gives the least; the time is that of the
process around the operation, files included where it is about files. Each program is one process; the inputs are the same
files. `--check` ends with 1 where Tessera is slower than the better of the two, takes more than 0.15 s for the points, or
more than 32 bytes for each range.

Needs mocpy in PYTHON (by default an environment is made under Benchmarks/.build), and g++ with Debian's
libhealpix-cxx-dev; without the latter its column is empty.
"""
import argparse
import datetime
import os
import platform
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(ROOT, "Benchmarks", ".build")
INPUTS = """
import sys
import numpy as np
import astropy.units as u
from mocpy import MOC
folder, count = sys.argv[1], int(sys.argv[2])
random = np.random.default_rng(20)
def positions():
    return random.uniform(0, 360, count), np.degrees(np.arcsin(random.uniform(-1, 1, count)))
for name in "ab":
    lon, lat = positions()
    moc = MOC.from_lonlat(lon * u.deg, lat * u.deg, max_norder=18)
    moc.save(f"{folder}/{name}.fits", "fits", overwrite=True)
    moc.save(f"{folder}/{name}-nuniq.fits", "fits", overwrite=True, v1_compatible=True)
    moc.to_depth29_ranges.astype(np.int64).tofile(f"{folder}/{name}.i64")
lon, lat = positions()
lon.tofile(f"{folder}/lon.f64")
lat.tofile(f"{folder}/lat.f64")
"""


def rows(command, **environment):
    """What a program prints, as a dictionary in the order of the lines."""
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)
    if not done.stdout.strip():
        raise SystemExit(f"FAILED: {' '.join(command)}: {done.stderr[-1000:]}")
    return {name: float(value) for name, value in (line.split("\t") for line in done.stdout.splitlines())}


def environment():
    """A Python that has mocpy."""
    python = os.path.join(BUILD, "mocpy", "bin", "python")
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", os.path.join(BUILD, "mocpy")], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "mocpy", "astropy"], check=True)
    return python


def healpix(folder, source):
    """The program with healpix_cxx; None where it cannot be compiled."""
    program = os.path.join(folder, "peer")
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "healpix_cxx"], capture_output=True, text=True)
    if flags.returncode != 0 or not shutil.which("g++"):
        return None
    subprocess.run(["g++", "-O3", "-o", program, os.path.join(HERE, source), *flags.stdout.split()], check=True)
    return program


def built(product):
    """A program of the package of benchmarks."""
    subprocess.run(["swift", "build", "--package-path", os.path.join(ROOT, "Benchmarks"), "-c", "release",
                    "--product", product], check=True)
    return os.path.join(BUILD, "release", product)


def arguments(description, **more):
    """The options of both benchmarks."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--python")
    parser.add_argument("--program", help="the Swift program, where it is built already")
    parser.add_argument("--output", default=os.path.join(ROOT, "docs", "performance.md"))
    parser.add_argument("--check", action="store_true")
    for name, default in more.items():
        parser.add_argument("--" + name, type=type(default), default=default)
    return parser.parse_args()


def measured(python, what):
    """The line above a table."""
    version = subprocess.run([python, "-c", "import mocpy; print(mocpy.__version__)"], capture_output=True, text=True)
    return (f"Measured {datetime.date.today()} on {os.cpu_count()} cores, Linux {platform.release()}: {what}; mocpy "
            f"{version.stdout.strip()}, healpix_cxx of Debian.")


def finish(options, block, lines, missed):
    """Prints and keeps a table, and tells what was not reached."""
    text = "\n".join(lines) + "\n"
    print(text)
    subprocess.run([os.path.join(ROOT, "tools", "write-block"), options.output, block], input=text, text=True, check=True)
    for line in missed:
        print("MISSED " + line)
    if options.check and missed:
        raise SystemExit(1)


def milliseconds(value):
    return "" if value is None else f"{value * 1000:.1f}"


def main():
    options = arguments(__doc__, points=1_000_000)
    python = options.python or environment()
    ours = options.program or built("coverages")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, "-c", INPUTS, folder, str(options.points)], check=True)
        peer = healpix(folder, "peer.cpp")
        tessera = rows([ours, folder])
        memory = {}
        for name in tessera:
            # A process each, and memory that is given back goes to the system: none finds what another one had.
            memory |= rows([ours, folder, "--memory", name], MALLOC_MMAP_THRESHOLD_="65536")
        mocpy = rows([python, os.path.join(HERE, "peer.py"), folder])
        cxx = rows([peer, folder]) if peer else {}
    lines = [measured(python, f"{options.points} random positions, order 18; CPU milliseconds, least of many repeats"), "",
             "| operation | Tessera | mocpy | healpix_cxx | better peer / Tessera | bytes a range |",
             "|---|---|---|---|---|---|"]
    missed = []
    for name, value in tessera.items():
        peers = [p[name] for p in (mocpy, cxx) if name in p]
        ratio = min(peers) / value if peers else None
        if ratio is not None and ratio < 1:
            missed.append(f"{name}: {1 / ratio:.2f} times the better peer")
        bytes_each = memory.get(name, float("nan"))
        if bytes_each > 32:
            missed.append(f"{name}: {bytes_each:.0f} bytes for each range")
        if name == "look up 1M points" and value > 0.15:
            missed.append(f"{name}: {value:.3f} s")
        lines.append(f"| {name} | {milliseconds(value)} | {milliseconds(mocpy.get(name))} | {milliseconds(cxx.get(name))} "
                     f"| {'' if ratio is None else f'{ratio:.1f}'} "
                     f"| {'' if bytes_each != bytes_each else f'{bytes_each:.1f}'} |")
    finish(options, "moc", lines, missed)


if __name__ == "__main__":
    main()
