#!/usr/bin/python3
"""Whether Aladin Desktop shows a served HiPS as the source map looks, with east to the right.

What: Aladin Desktop (Debian package aladin, under xvfb-run) opens the URL and saves pictures at several centres,
on the meridians 0 and 180 and at both poles among them. Each must correlate with the source drawn in the same
orthographic projection by at least `--least`, and better than the mirrored drawing does. Exit 1 otherwise.

How: Aladin's script language; scale and roll are fitted (see view.py). Labels, compass and reticle are masked.

    aladin_desktop.py URL SOURCE [--least 0.85] [--keep DIR]
"""

import argparse
import os
import shutil
import subprocess
import tempfile

import numpy as np
from PIL import Image

import hips
import view
from source import Source

SIZE = 800


def pictures(url, folder, jar, timeout):
    """{centre: RGB array} as Aladin saves them."""
    words = [f"get File({url.rstrip('/')})", "sync", "zoom 90°", "sync"]
    names = {}
    for number, (lon, lat) in enumerate(view.CENTRES):
        names[(lon, lat)] = os.path.join(folder, f"centre{number}.png")
        words += [f"{lon:g} {lat:+g}", "sync", f"save {SIZE}x{SIZE} {names[(lon, lat)]}"]
    home = os.path.join(folder, "home")
    os.makedirs(home, exist_ok=True)
    command = ["xvfb-run", "-a", "-s", "-screen 0 1280x1024x24", "java", "-Xmx1g", f"-Duser.home={home}",
               "-Dfile.encoding=UTF-8", "-jar", jar, "-nogui", "-local", "-nobanner",
               "-script=" + "; ".join(words + ["quit"])]
    environment = dict(os.environ, HOME=home, LC_ALL="C.UTF-8")
    try:
        done = subprocess.run(command, env=environment, timeout=timeout, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
    except subprocess.TimeoutExpired:
        hips.fail(f"Aladin did not end within {timeout} s")
    missing = [n for n in names.values() if not os.path.isfile(n)]
    if missing:
        print(done.stdout.decode(errors="replace")[-2000:])
        hips.fail(f"Aladin saved {len(names) - len(missing)} of {len(names)} pictures")
    return {c: np.asarray(Image.open(n).convert("RGB")) for c, n in names.items()}


def mask():
    """The pixels that Aladin does not write on: all but title, scale, compass and the reticle."""
    free = np.ones((SIZE, SIZE), bool)
    free[:40, :240] = False
    free[-90:] = False
    middle = SIZE // 2
    free[middle - 14:middle + 14, middle - 14:middle + 14] = False
    return free


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("source")
    parser.add_argument("--least", type=float, default=0.85, help="least correlation")
    parser.add_argument("--keep", help="folder to keep the pictures in")
    parser.add_argument("--jar", default="/usr/share/java/aladin.jar")
    parser.add_argument("--timeout", type=float, default=240)
    parser.add_argument("--attempts", type=int, default=3)
    arguments = parser.parse_args()
    for need in (arguments.jar, arguments.source):
        if not os.path.isfile(need):
            hips.fail(f"{need} is missing")
    # Aladin draws what it has when the script moves on: on a busy machine a picture may come too early.
    for attempt in range(arguments.attempts):
        with tempfile.TemporaryDirectory() as folder:
            taken = pictures(arguments.url, folder, arguments.jar, arguments.timeout)
            if arguments.keep:
                shutil.copytree(folder, arguments.keep, dirs_exist_ok=True, ignore=shutil.ignore_patterns("home"))
        print(f"Aladin Desktop on {arguments.url}:")
        wrong = view.judge(taken, mask(), Source(arguments.source), arguments.least)
        if not wrong:
            break
    if wrong:
        hips.fail(f"{wrong} of {len(taken)} pictures, in the last of {arguments.attempts} attempts")
    print("OK")


if __name__ == "__main__":
    main()
