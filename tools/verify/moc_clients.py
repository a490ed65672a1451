#!/usr/bin/env python3
"""Whether mocpy, Aladin Desktop and STILTS read the coverages that `tessera moc` writes.

    moc_clients.py TESSERA [--jar /usr/share/java/aladin.jar] [--keep DIR]

What: coverages over poles, seams and of single deep cells, in every form: FITS with NUNIQ numbers (MOC 1.1 and 2.0) and
with ranges, each with COORDSYS = 'C' and with the body, ASCII and JSON. Aladin Desktop loads all of them and exports each
again: the cells must be the same. mocpy reads all but the body-framed ones, which it refuses. STILTS is asked whether
2000 places are covered, of the NUNIQ forms: Debian's 3.4.7 takes a file of ranges for one of NUNIQ numbers, mocpy's as well,
and reads no texts. What mocpy and Aladin write is read by tessera.

Needs mocpy (pip), aladin, xvfb and stilts (Debian). Ends with 1 on the first difference.
"""
import argparse
import os
import random
import shutil
import subprocess
import tempfile

from mocpy import MOC

FORMS = [("fits", "celestial"), ("fits", "body"), ("fits-range", "celestial"), ("fits-range", "body"),
         ("fits-v1", "celestial"), ("fits-v1", "body"), ("ascii", "celestial"), ("json", "celestial")]
COVERAGES = {
    "jezero": ["--order", "8", "--cone", "77.5,18.4,5", "--ring", "180,10,3,8"],
    "poles": ["--order", "6", "--cone", "0,90,12", "--cone", "20,-89,7"],
    "deep": ["--order", "20", "--cone", "137.4,-4.6,0.0005"],
    "zone": ["--order", "5", "--zone", "0,360,-10,10"],
}


def fail(text):
    raise SystemExit(f"FAILED: {text}")


def run(*words, **more):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240,
                          check=False, **more)
    text = done.stdout.decode(errors="replace")
    if done.returncode != 0:
        fail(f"{' '.join(map(str, words))} ended with {done.returncode}: {text[-800:]}")
    return text


def ranges(path):
    form = {".fits": "fits", ".json": "json", ".txt": "ascii"}[os.path.splitext(path)[1]]
    moc = MOC.load(path, format=form)
    return moc.max_order, moc.to_depth29_ranges.tolist()


class Checker:
    def __init__(self, binary, folder, jar):
        self.binary, self.folder, self.jar, self.seen = binary, folder, jar, 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def moc(self, *words):
        return run(self.binary, "moc", *words)

    def write(self):
        """{file: (coverage, form, frame)}"""
        files = {}
        for name, options in COVERAGES.items():
            self.moc("create", *options, "--body", "mars", "-o", self.path(name + ".fits"))
            for form, frame in FORMS:
                suffix = {"ascii": ".txt", "json": ".json"}.get(form, ".fits")
                path = self.path(f"{name}-{form}-{frame}{suffix}")
                self.moc("convert", self.path(name + ".fits"), "--format", form, "--frame", frame, "-o", path)
                files[path] = (name, form, frame)
        return files

    def mocpy(self, files):
        for path, (name, _, frame) in files.items():
            if frame == "body":
                try:
                    ranges(path)
                except Exception:
                    continue
                fail(f"mocpy reads {path}: docs/moc.md says that it refuses it")
            if ranges(path) != ranges(self.path(name + ".fits")):
                fail(f"mocpy reads {path} differently")
            self.seen += 1

    def aladin(self, files):
        words, exports = [], {}
        for number, path in enumerate(files):
            exports[path] = self.path(f"aladin{number}.fits")
            words += [f"m{number}=get File({path})", "sync", f"export m{number} {exports[path]}"]
        home = self.path("home")
        os.makedirs(home)
        text = run("xvfb-run", "-a", "-s", "-screen 0 1280x1024x24", "java", "-Xmx1g", f"-Duser.home={home}",
                   "-Dfile.encoding=UTF-8", "-jar", self.jar, "-nogui", "-local", "-nobanner",
                   "-script=" + "; ".join(words + ["quit"]), env=dict(os.environ, HOME=home, LC_ALL="C.UTF-8"))
        for path, export in exports.items():
            name = files[path][0]
            if not os.path.isfile(export):
                fail(f"Aladin did not load {path}: {text[-800:]}")
            left = self.moc("op", "xor", self.path(name + ".fits"), export, "--body", "mars").split()
            if any(not word.endswith("/") for word in left):
                fail(f"Aladin reads {path} differently: {left[:10]}")
            self.seen += 1

    def stilts(self, files):
        places = [(random.uniform(0, 360), random.uniform(-90, 90)) for _ in range(1000)]
        places += [(77.5 + random.uniform(-7, 7), 18.4 + random.uniform(-7, 7)) for _ in range(500)]
        places += [(137.4 + random.uniform(-.001, .001), -4.6 + random.uniform(-.001, .001)) for _ in range(500)]
        table = self.path("places.csv")
        with open(table, "w", encoding="ascii") as out:
            out.write("lon,lat\n" + "".join(f"{lon:.9f},{lat:.9f}\n" for lon, lat in places))
        for path, (name, form, _) in files.items():
            if form not in ("fits", "fits-v1"):
                continue
            text = run("stilts", "tpipe", f"in={table}", "ifmt=csv", "ofmt=csv",
                       f"cmd=addcol covered 'inMoc(\"{path}\", lon, lat)'")
            theirs = [line.rsplit(",", 1)[1] == "true" for line in text.splitlines() if line[:1].isdigit()]
            text = self.moc("query", self.path(name + ".fits"), "--points", table)
            ours = [line.endswith(",1") for line in text.splitlines()[1:]]
            if theirs != ours or len(ours) != len(places):
                count = sum(a != b for a, b in zip(theirs, ours))
                fail(f"STILTS answers {count} of {len(places)} differently, of {path}")
            self.seen += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tessera")
    parser.add_argument("--jar", default="/usr/share/java/aladin.jar")
    parser.add_argument("--keep", help="folder to keep the files in")
    arguments = parser.parse_args()
    random.seed(5)
    for need in (arguments.jar, shutil.which("stilts") or "stilts"):
        if not os.path.isfile(need):
            fail(f"{need} is missing")
    with tempfile.TemporaryDirectory() as folder:
        folder = arguments.keep or folder
        os.makedirs(folder, exist_ok=True)
        checker = Checker(os.path.abspath(arguments.tessera), folder, arguments.jar)
        files = checker.write()
        checker.mocpy(files)
        print(f"mocpy: {checker.seen} files are the same, body-framed ones refused")
        for name, client in (("Aladin Desktop", checker.aladin), ("STILTS", checker.stilts)):
            checker.seen = 0
            client(files)
            print(f"{name}: {checker.seen} files are the same")


if __name__ == "__main__":
    main()
