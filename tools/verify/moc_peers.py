#!/usr/bin/env python3
"""Holds `tessera moc` to mocpy on random coverages, and its files to mocpy's and astropy's readers.

    moc_peers.py TESSERA [--cases 12000] [--seed 1]

What: union, intersection, difference, xor, complement, degrade, grow, shrink and split with and without diagonals,
line by line of random coverages (orders 0 to 29, scattered, clustered, empty, whole, at the corners of faces); cells, shares
and points; every form through every other one and back; files of both written and read; two bodies and damaged files
refused. Each line is a case; all are compared cell by cell as mocpy's ranges.

Needs mocpy, numpy and astropy (pip install mocpy astropy). Ends with 1 on the first difference.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile

import astropy.units as u
import numpy as np
from astropy.io import fits
from mocpy import MOC, STMOC, TimeMOC

MAX = 12 * 4**29


class Checker:
    def __init__(self, binary, folder, seed):
        self.binary, self.folder, self.rng, self.cases = binary, folder, random.Random(seed), 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *arguments, given=None, code=0):
        done = subprocess.run([self.binary, "moc", *arguments], input=given, capture_output=True)
        if done.returncode != code:
            raise SystemExit(f"FAILED: {arguments} ended with {done.returncode}: {done.stderr.decode()[-600:]}")
        return done.stdout, done.stderr.decode()

    def moc(self):
        """A random coverage: its order, and mocpy's object."""
        rng = self.rng
        order = rng.choice([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 18, 24, 29])
        kind = rng.random()
        if kind < 0.03:
            return MOC.new_empty(order)
        if kind < 0.05:
            return MOC.from_string("0/0-11").union(MOC.new_empty(order))
        cells = {}
        for _ in range(rng.choice([1, 2, 5, 20, 60])):
            depth = order if rng.random() < 0.7 else rng.randint(0, order)
            count = 12 * 4**depth
            if kind < 0.35:  # scattered
                number = rng.randrange(count)
            elif kind < 0.6:  # at the corners and edges of faces
                face, side = rng.randrange(12), 4**depth
                number = face * side + rng.choice([0, side - 1, side // 3, 2 * (side // 3), rng.randrange(side)])
            elif cells:  # near the others
                other, near = rng.choice(list(cells))
                near = near >> 2 * (other - depth) if other >= depth else near << 2 * (depth - other)
                number = (near + rng.randint(-6, 6)) % count
            else:
                number = rng.randrange(count)
            cells[(depth, number)] = True
        return MOC.from_healpix_cells(np.array([n for _, n in cells], np.uint64),
                                      np.array([o for o, _ in cells], np.uint8), order)


def text(moc):
    return " ".join(moc.to_string("ascii").split())


def ranges(moc):
    return np.asarray(moc.to_depth29_ranges, dtype=np.uint64).reshape(-1, 2)


def same(what, ours, theirs, order=None):
    if ours.shape != theirs.shape or not np.array_equal(ours, theirs):
        raise SystemExit(f"FAILED: {what}: {ours.tolist()[:4]} where mocpy has {theirs.tolist()[:4]}")


def cells_of(line):
    """The ranges at order 29 of an ASCII coverage, without mocpy, and its finest order."""
    found, order, finest = [], 0, 0
    for word in line.split():
        if "/" in word:
            head, word = word.split("/")
            order = int(head)
            finest = max(finest, order)
            if not word:
                continue
        first, _, last = word.partition("-")
        shift = 2 * (29 - order)
        found.append((int(first) << shift, (int(last or first) + 1) << shift))
    merged = []
    for lower, upper in sorted(found):
        if merged and merged[-1][1] == lower:
            merged[-1][1] = upper
        else:
            merged.append([lower, upper])
    return np.array(merged, dtype=np.uint64).reshape(-1, 2), finest


def operations(check, count):
    """Line by line: two coverages and what becomes of them."""
    firsts, seconds = [check.moc() for _ in range(count)], [check.moc() for _ in range(count)]
    for name, mocs in ("a.txt", firsts), ("b.txt", seconds):
        with open(check.path(name), "w") as file:
            file.writelines(text(m) + "\n" for m in mocs)
    a, b = check.path("a.txt"), check.path("b.txt")

    def compare(name, arguments, theirs, orders):
        lines = check.run("op", *arguments, "--lines")[0].decode().splitlines()
        if len(lines) != len(theirs):
            raise SystemExit(f"FAILED: {name} gave {len(lines)} lines for {len(theirs)}")
        for index, (line, moc) in enumerate(zip(lines, theirs)):
            found, finest = cells_of(line)
            what = f"{name} of {text(firsts[index])} and {text(seconds[index])}"
            same(what, found, ranges(moc))
            if finest != orders[index]:
                raise SystemExit(f"FAILED: {what} has order {finest} where {orders[index]} is right")
        check.cases += len(lines)

    finer = [max(x.max_order, y.max_order) for x, y in zip(firsts, seconds)]
    own = [x.max_order for x in firsts]
    compare("union", ["union", a, b], [x.union(y) for x, y in zip(firsts, seconds)], finer)
    compare("intersection", ["intersection", a, b], [x.intersection(y) for x, y in zip(firsts, seconds)], finer)
    # mocpy 0.21's own difference loses ranges: it says that 29/122 without 29/125 is nothing.
    left = [x.intersection(y.complement()) for x, y in zip(firsts, seconds)]
    compare("difference", ["difference", a, b], left, finer)
    compare("xor", ["xor", a, b], [x.symmetric_difference(y) for x, y in zip(firsts, seconds)], finer)
    compare("complement", ["complement", a], [x.complement() for x in firsts], own)
    for order in (0, 3, 9):
        theirs = [x.degrade_to_order(order) if x.max_order > order else x for x in firsts]
        compare(f"degrade to {order}", ["degrade", a, "--order", str(order)], theirs, [min(o, order) for o in own])

    # Borders of coarse cells at deep orders are too many for anybody: orders to 7 here.
    small = [m if m.max_order <= 7 else m.degrade_to_order(7) for m in firsts]
    with open(a, "w") as file:
        file.writelines(text(m) + "\n" for m in small)
    firsts, own = small, [m.max_order for m in small]
    compare("grow", ["grow", a], [x.extended() for x in small], own)
    compare("shrink", ["shrink", a], [x.contracted() for x in small], own)
    compare("grow by 2", ["grow", a, "--rings", "2"], [x.extended().extended() for x in small], own)
    for diagonal in (False, True):
        extra = ["--diagonal"] if diagonal else []
        lines = check.run("op", "split", a, "--lines", *extra)[0].decode().split("\n")[:-1]
        for moc, line in zip(small, lines, strict=True):
            theirs = moc.split(include_indirect_neighbours=diagonal) if not moc.empty() else []
            ours = [cells_of(part)[0].tolist() for part in line.split("\t")] if line else []
            if sorted(ours) != sorted(ranges(m).tolist() for m in theirs):
                raise SystemExit(f"FAILED: parts of {text(moc)}, diagonal {diagonal}: {line}")
        check.cases += len(lines)


def membership(check, count):
    """Points and cells of one coverage, its share and its number of cells."""
    moc = check.moc()
    name = check.path("m.json")
    with open(name, "w") as file:
        file.write(moc.to_string("json"))
    generator = np.random.default_rng(check.rng.randrange(2**32))
    lon = generator.uniform(0, 360, count)
    lat = np.degrees(np.arcsin(generator.uniform(-1, 1, count)))
    table = "lon,lat\n" + "".join(f"{x!r},{y!r}\n" for x, y in zip(lon.tolist(), lat.tolist()))
    lines = check.run("query", name, "--points", "-", given=table.encode())[0].decode().splitlines()[1:]
    ours = np.array([line.endswith(",1") for line in lines])
    theirs = moc.contains_lonlat(lon * u.deg, lat * u.deg)
    if not np.array_equal(ours, theirs):
        raise SystemExit(f"FAILED: {np.sum(ours != theirs)} points of {text(moc)}")
    info = json.loads(check.run("info", name, "--json")[0])[0]
    if abs(info["fraction"] - moc.sky_fraction) > 1e-15 or info["order"] != moc.max_order:
        raise SystemExit(f"FAILED: info {info} of {text(moc)}")
    if info["ranges"] != len(ranges(moc)):
        raise SystemExit(f"FAILED: ranges {info['ranges']}")
    check.cases += count


def forms(check):
    """One coverage through every form, written by each and read by the other."""
    moc = check.moc()
    start = check.path("start.txt")
    with open(start, "w") as file:
        file.write(text(moc))
    chain = ["fits", "fits-range", "fits-v1", "json", "ascii"]
    check.rng.shuffle(chain)
    before = start
    for form in chain:
        after = check.path("f-" + form)
        check.run("convert", before, "--format", form, "-o", after, "--body", "mars")
        if form.startswith("fits"):
            read = MOC.from_fits(after)
            header = fits.getheader(after, 1)
            if header["COORDSYS"] != "C" or header["MOCBODY"] != "mars":
                raise SystemExit(f"FAILED: COORDSYS and MOCBODY of {form}: {header!r}")
        else:
            with open(after) as file:
                read = MOC.from_string(file.read(), "json" if form == "json" else "ascii")
        same(f"{form} of {text(moc)} read by mocpy", ranges(read), ranges(moc))
        if read.max_order != moc.max_order:
            raise SystemExit(f"FAILED: {form} of {text(moc)} has order {read.max_order}")
        before = after
    for old in (False, True):
        theirs = check.path("theirs.fits")
        moc.save(theirs, format="fits", overwrite=True, v1_compatible=old)
        found, order = cells_of(check.run("convert", theirs)[0].decode())
        same(f"mocpy's file of {text(moc)}", found, ranges(moc))
        if order != moc.max_order:
            raise SystemExit(f"FAILED: mocpy's file of {text(moc)} is read with order {order}")
    check.cases += len(chain) + 2


def times(check):
    """Coverages of time, and of space and time, written by mocpy and back again."""
    rng = check.rng
    days = np.sort(np.array([rng.uniform(2440000, 2460000) for _ in range(8)]))
    from astropy.time import Time
    moc = TimeMOC.from_time_ranges(Time(days[::2], format="jd", scale="tdb"), Time(days[1::2], format="jd", scale="tdb"))
    name, back = check.path("t.fits"), check.path("t-back.fits")
    moc.save(name, format="fits", overwrite=True)
    for middle in ("t.txt", "t.json", "t2.fits"):
        check.run("convert", name, "-o", check.path(middle))
        check.run("convert", check.path(middle), "-o", back)
        if TimeMOC.load(back, format="fits") != moc:
            raise SystemExit(f"FAILED: {moc.to_string()} through {middle}")
    pairs = [(check.moc(), [rng.uniform(2450000, 2450001 + k), k]) for k in range(3)]
    spacetime = STMOC.from_spatial_coverages(
        Time([2450000.5, 2450010.5, 2450020.5], format="jd", scale="tdb"),
        Time([2450005.5, 2450015.5, 2450025.5], format="jd", scale="tdb"),
        [m if not m.empty() else MOC.from_string("3/7") for m, _ in pairs], time_depth=rng.choice([20, 40, 61]))
    name, back = check.path("st.fits"), check.path("st-back.fits")
    spacetime.save(name, format="fits", overwrite=True)
    for middle in ("st.txt", "st.json", "st2.fits"):
        check.run("convert", name, "-o", check.path(middle))
        check.run("convert", check.path(middle), "-o", back)
        if STMOC.load(back, format="fits") != spacetime:
            raise SystemExit(f"FAILED: {spacetime.to_string()} through {middle}")
    check.cases += 6


def refusals(check):
    """What must not be done."""
    with open(check.path("x.txt"), "w") as file:
        file.write("3/1-4 9/")
    check.run("convert", check.path("x.txt"), "-o", check.path("mars.fits"), "--body", "Mars")
    check.run("convert", check.path("x.txt"), "-o", check.path("moon.fits"), "--body", "301", "--frame", "body")
    if fits.getheader(check.path("moon.fits"), 1)["COORDSYS"] != "moon":
        raise SystemExit("FAILED: COORDSYS of a body-framed coverage")
    _, said = check.run("op", "union", check.path("mars.fits"), check.path("moon.fits"), code=1)
    if "mars" not in said or "moon" not in said:
        raise SystemExit(f"FAILED: two bodies are refused with: {said}")
    with open(check.path("mars.fits"), "rb") as file:
        whole = file.read()
    deep = check.path("deep.fits")
    MOC.from_string("5/" + " ".join(str(n) for n in range(0, 3000, 2))).save(deep, format="fits", overwrite=True)
    with open(deep, "rb") as file:
        deep_bytes = file.read()
    for size in (100, 2880, 3000, len(whole) - 2880):
        check.run("info", "-", given=whole[:size], code=1)
    _, said = check.run("info", "-", given=deep_bytes[:9000], code=1)
    if "row" not in said:
        raise SystemExit(f"FAILED: a file cut short is refused with: {said}")
    _, said = check.run("info", "-", "--robust", given=deep_bytes[:9000])
    if "cut short" not in said:
        raise SystemExit(f"FAILED: the repair is not told: {said}")
    for given, word in ((b"30/1", "30"), (b'{"2":[5,5]}', "character"), (b"3/1 2/0", "character"), (b"3/768", "768")):
        _, said = check.run("info", "-", given=given, code=1)
        if word not in said:
            raise SystemExit(f"FAILED: {given} is refused with: {said}")
    check.cases += 12


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tessera")
    parser.add_argument("--cases", type=int, default=12000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        check = Checker(os.path.abspath(options.tessera), folder, options.seed)
        refusals(check)
        operations(check, max(20, options.cases // 13))
        for _ in range(12):
            membership(check, 200)
        for _ in range(25):
            forms(check)
        for _ in range(3):
            times(check)
    print(f"{check.cases} cases agree with mocpy")


if __name__ == "__main__":
    main()
