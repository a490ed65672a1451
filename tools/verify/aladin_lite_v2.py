#!/usr/bin/python3
"""Whether Aladin Lite v2 shows a served HiPS as the source map looks, with east to the right.

What: headless Chromium opens a page with Aladin Lite v2 (2020) on the URL, with `longitudeReversed` as v2 needs it
for a body, at several centres. Each picture must be filled and correlate with the source drawn in the same
orthographic projection by at least `--least`, and better than the mirrored drawing does. Without a SOURCE only
the filling is looked at. v2 draws JPEG and PNG tiles and asks Norder3/Allsky first.

How: Aladin Lite v2 comes from the package dash-aladin-lite of PyPI, fetched by pip into a cache folder on the
first run (it is a test client, no part of the product); a small server inside this program hands out the page.

    aladin_lite_v2.py URL [SOURCE] [--least 0.85] [--cache DIR] [--keep DIR]
"""

import argparse
import functools
import glob
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.request
import zipfile

import numpy as np
from PIL import Image

import hips
import view

SIZE = 800
# Away from the poles: v2 draws the four tiles that meet there as flat patches, many pixels beside the truth.
CENTRES = [(0.0, 0.0), (60.0, 30.0), (180.0, 0.0), (250.0, -30.0), (120.0, -20.0)]
PARTS = ["aladin.min.css", "aladin.min.js", "jquery-1.10.1.min.js"]

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<link rel="stylesheet" href="aladin.min.css">
<style>html, body {{ margin: 0; overflow: hidden }} #view {{ width: {size}px; height: {size}px }}</style>
<script src="jquery-1.10.1.min.js"></script><script src="aladin.min.js"></script></head>
<body><div id="view"></div><script>
var aladin = A.aladin('#view', {{ fov: 100, target: '{lon} {lat}', cooFrame: 'J2000', showReticle: false,
  showLayersControl: false, showGotoControl: false, showZoomControl: false, showFullscreenControl: false,
  showShareControl: false, showFrame: false, showCooGrid: false, log: false }});
aladin.setImageSurvey(aladin.createImageSurvey('map', 'map', '{url}', 'equatorial', {order},
  {{ imgFormat: '{format}', longitudeReversed: true, minOrder: 0 }}));
aladin.setFov(100);
aladin.gotoRaDec({lon}, {lat});
</script></body></html>
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def client(cache):
    """The folder with the three files of Aladin Lite v2, fetched when it is not there."""
    folder = os.path.join(cache, "aladin-lite-v2")
    if all(os.path.isfile(os.path.join(folder, p)) for p in PARTS):
        return folder
    with tempfile.TemporaryDirectory() as download:
        done = subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", download,
                               "dash-aladin-lite==0.1.1"], check=False)
        wheels = glob.glob(os.path.join(download, "*.whl"))
        if done.returncode or not wheels:
            hips.fail("pip cannot fetch dash-aladin-lite 0.1.1")
        os.makedirs(folder, exist_ok=True)
        with zipfile.ZipFile(wheels[0]) as wheel:
            for part in PARTS:
                with wheel.open("dash_aladin_lite/third_party/" + part) as source:
                    with open(os.path.join(folder, part), "wb") as target:
                        shutil.copyfileobj(source, target)
    return folder


def served_properties(url):
    with urllib.request.urlopen(url + "/properties", timeout=20) as answer:
        lines = answer.read().decode("utf-8").splitlines()
    return dict((p.strip() for p in line.split("=", 1)) for line in lines if "=" in line and line[0] != "#")


def picture(chromium, page, folder, number):
    """RGB array of what Chromium shows of a page."""
    out = os.path.join(folder, f"centre{number}.png")
    command = [chromium, "--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu",
               f"--window-size={SIZE},{SIZE}", f"--user-data-dir={folder}/profile{number}",
               "--virtual-time-budget=20000", f"--screenshot={out}", page]
    try:
        subprocess.run(command, timeout=120, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        hips.fail("Chromium did not end within 120 s")
    if not os.path.isfile(out):
        hips.fail("Chromium took no picture")
    return np.asarray(Image.open(out).convert("RGB"))[:SIZE, :SIZE]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("source", nargs="?")
    parser.add_argument("--least", type=float, default=0.85, help="least correlation")
    parser.add_argument("--cache", default=os.path.expanduser("~/.cache/tessera-verify"))
    parser.add_argument("--chromium", default="chromium")
    parser.add_argument("--keep", help="folder to keep the pictures in")
    arguments = parser.parse_args()
    if shutil.which(arguments.chromium) is None:
        hips.fail(f"{arguments.chromium} is missing; install the package chromium")
    url = arguments.url.rstrip("/")
    keys = served_properties(url)
    words = keys["hips_tile_format"].split()
    format = next((f for f in ("jpeg", "png") if f in words), None)
    if format is None:
        hips.fail(f"Aladin Lite v2 draws JPEG and PNG; {url} has {' '.join(words)}")
    taken = {}
    with tempfile.TemporaryDirectory() as folder:
        site = os.path.join(folder, "site")
        shutil.copytree(client(arguments.cache), site)
        for number, (lon, lat) in enumerate(CENTRES):
            with open(os.path.join(site, f"page{number}.html"), "w", encoding="utf-8") as file:
                file.write(PAGE.format(size=SIZE, lon=lon, lat=lat, url=url, order=keys["hips_order"],
                                       format=hips.EXTENSIONS[format]))
        handler = functools.partial(Quiet, directory=site)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for number, centre in enumerate(CENTRES):
            page = f"http://127.0.0.1:{server.server_address[1]}/page{number}.html"
            taken[centre] = picture(arguments.chromium, page, folder, number)
        server.shutdown()
        if arguments.keep:
            os.makedirs(arguments.keep, exist_ok=True)
            for number in range(len(CENTRES)):
                shutil.copy(os.path.join(folder, f"centre{number}.png"), arguments.keep)
    mask = np.ones((SIZE, SIZE), bool)
    mask[:60] = mask[-60:] = False
    print(f"Aladin Lite v2 on {url} ({format}):")
    wrong = 0
    for centre, shown in taken.items():
        middle = shown[200:600, 200:600].max(axis=-1)
        filled = float((middle > 0).mean())
        spread = float(view.luminance(shown)[mask].std())
        print(f"  centre {centre[0]:g} {centre[1]:+g}: {100 * filled:.1f} % filled, spread {spread:.1f}")
        wrong += spread < 1 or filled < 0.9
    if arguments.source:
        from source import Source

        wrong += view.judge(taken, mask, Source(arguments.source), arguments.least)
    if wrong:
        hips.fail(f"{wrong} pictures")
    print("OK")


if __name__ == "__main__":
    main()
