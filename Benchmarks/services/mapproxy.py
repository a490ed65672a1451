#!/usr/bin/python3
"""Measures maps of a HiPS by MapProxy with its plugin mapproxy_hips beside those of `tessera serve`, speed and truth.

What: Viking's map of Mars (surveys/mars) as a HiPS of order 3 with PNG tiles; 256 x 256 JPEG maps of random boxes,
equirectangular and north polar; and the windows of tools/verify/wms_clients.py in the systems of both, as PNG, held to
GDAL's warp of the source by the same rule: pixels off by more than 1.5 grey levels.

How: Tessera serves the HiPS and its own WMS; MapProxy (two gunicorn workers) reads the tiles from it over HTTP. Both see
the same boxes, first once to fill their caches of tiles; then the CPU time of their processes is read from /proc.
Writes the block `mapproxy` of docs/performance.md.

    mapproxy.py TESSERA [--requests 40] [--output FILE]
"""

import argparse
import datetime
import io
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tools", "verify"))
import wms_clients  # noqa: E402  (found by the path above)
from wms_truth import Truth  # noqa: E402

PACKAGES = ["mapproxy==7.0.0", "mapproxy_hips==0.4.0", "gunicorn"]
SOURCE = os.path.join(ROOT, "surveys", "mars", "Mars_Viking_2048.jpg")
HALF = np.pi * wms_clients.RADIUS
SYSTEMS = ("IAU_2015:49910", "IAU_2015:49930", "IAU_2015:49935")

CONFIGURATION = """
services:
  wms:
    srs: {systems}
    image_formats: [image/png, image/jpeg]
    md: {{title: maps of a HiPS}}
layers:
  - {{name: viking, title: viking, sources: [viking]}}
sources:
  viking:
    type: hips
    image: {{format: image/png}}
    resampling_method: bilinear
    url: {url}
globals:
  cache: {{base_dir: {cache}}}
  image:
    formats:
      image/png: {{mode: RGB, colors: 0}}
      image/jpeg: {{encoding_options: {{jpeg_quality: 85}}}}
"""


def spelt(crs):
    return crs.replace("_2015", "")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def seconds(process):
    """CPU seconds of a process and of those that it started."""
    total, ticks = 0, os.sysconf("SC_CLK_TCK")
    wanted = {process.pid}
    for _ in range(2):
        for name in filter(str.isdigit, os.listdir("/proc")):
            fields = stat(name)
            if fields and int(fields[1]) in wanted:
                wanted.add(int(name))
    for number in wanted:
        fields = stat(number)
        total += (int(fields[11]) + int(fields[12])) / ticks if fields else 0
    return total


def stat(number):
    """The fields of /proc/N/stat after the name of the program."""
    try:
        with open(f"/proc/{number}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def boxes(kind, count, seed=7):
    """Boxes as wide as 256 pixels of 1 to 16 times (polar: 1 to 4 times) those of a map of 16384 columns."""
    chance = random.Random(seed)
    for _ in range(count):
        if kind == "equirectangular":
            side = min(256 * 2 * HALF / 16384 * 2 ** (4 * chance.random()), HALF)
            x, y = -HALF + chance.random() * (2 * HALF - side), -HALF / 2 + chance.random() * (HALF - side)
        else:
            side = 256 * 2 * HALF / 16384 * 2 ** (2 * chance.random())
            x, y = (-1.8e6 + chance.random() * (3.6e6 - side) for _ in range(2))
        yield (x, y, x + side, y + side)


def address(base, crs, box, width, height, kind):
    """The address of a map; MapProxy has a spelling of its own for the systems of the IAU."""
    crs = crs if base.endswith("/wms") else spelt(crs)
    return (f"{base}?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=viking&STYLES=&SRS={crs}"
            f"&BBOX={','.join(f'{value:.3f}' for value in box)}&WIDTH={width}&HEIGHT={height}&FORMAT=image/{kind}")


def fetch(url):
    with urllib.request.urlopen(url, timeout=300) as answer:
        content = answer.read()
        if not answer.headers["Content-Type"].startswith("image/"):
            raise SystemExit(f"FAILED: {url} answers {content[:500]!r}")
    return content


def wait_for(url):
    for _ in range(600):
        try:
            return fetch(url)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise SystemExit(f"FAILED: {url} does not answer")


def speed(servers, requests):
    """Rows of CPU milliseconds per map, both servers in turns on the same boxes."""
    for kind, crs in (("equirectangular", "IAU_2015:49910"), ("north polar", "IAU_2015:49930")):
        row = [f"256 x 256 JPEG, {kind}"]
        for base, process in servers:
            urls = [address(base, crs, box, 256, 256, "jpeg") for box in boxes(kind.split()[0], requests)]
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(fetch, urls))
                before, began = seconds(process), time.monotonic()
                # Enough of them for the clock of /proc, which counts hundredths of a second.
                repeats = 20 if base.endswith("/wms") else 1
                for _ in range(repeats):
                    sizes = [len(content) for content in pool.map(fetch, urls)]
                wall = time.monotonic() - began
            count = repeats * len(urls)
            row.append((1000 * (seconds(process) - before) / count, count / wall, sum(sizes) / len(sizes)))
        yield row


def truth(servers):
    """Rows of the shares of pixels that are off by more than 1.5 levels."""
    warp = Truth(SOURCE)
    for name, crs, box, width, height in wms_clients.WINDOWS:
        if crs not in SYSTEMS:
            continue
        wanted, spacing = warp.warped(crs, box, width, height, "bilinear")
        degrees = (box[3] - box[1]) / height * 180 / np.pi / wms_clients.RADIUS
        judged = np.isfinite(wanted[0]) & (spacing > max(1.5 * wms_clients.TILE_PIXEL, degrees))
        row = [f"{name}, {width} x {height}"]
        for base, _ in servers:
            picture = Image.open(io.BytesIO(fetch(address(base, crs, box, width, height, "png")))).convert("RGB")
            difference = np.abs(np.moveaxis(np.asarray(picture), 2, 0).astype(float) - wanted).max(axis=0)[judged]
            row.append((100 * (difference > 1.5).mean(), difference.mean()))
        yield row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tessera", help="the release binary")
    parser.add_argument("--requests", type=int, default=40, help="different maps of each kind")
    parser.add_argument("--output", default=os.path.join(ROOT, "docs", "performance.md"))
    arguments = parser.parse_args()
    tessera = os.path.abspath(arguments.tessera)
    place = os.path.join(ROOT, ".build", "mapproxy")
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    subprocess.run([f"{place}/bin/pip", "install", "-q", *PACKAGES], check=True)
    work = tempfile.mkdtemp(prefix="tessera-mapproxy-")
    started = []
    try:
        subprocess.run(
            [tessera, "build", SOURCE, "--body", "mars", "--name", "viking", "--data", work, "--order", "3", "--formats",
             "png", "--quiet"], check=True)
        port, other = free_port(), free_port()
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
        ours = subprocess.Popen([tessera, "serve", "--data", work, "--port", str(port)], **quiet)
        started.append(ours)
        configuration = os.path.join(work, "mapproxy.yaml")
        with open(configuration, "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(
                systems=[spelt(system) for system in SYSTEMS],
                url=f"http://127.0.0.1:{port}/hips/mars/viking", cache=os.path.join(work, "cache")))
        subprocess.run(
            [f"{place}/bin/mapproxy-util", "create", "-t", "wsgi-app", "-f", configuration, os.path.join(work, "app.py")],
            check=True, stdout=subprocess.DEVNULL)
        theirs = subprocess.Popen(
            [f"{place}/bin/gunicorn", "-w", "2", "-t", "300", "-b", f"127.0.0.1:{other}", "app:application"], cwd=work, **quiet)
        started.append(theirs)
        servers = [(f"http://127.0.0.1:{port}/mars/wms", ours), (f"http://127.0.0.1:{other}/service", theirs)]
        for base, _ in servers:
            wait_for(address(base, SYSTEMS[0], (0, 0, 1e6, 1e6), 64, 64, "png"))
        report(list(speed(servers, arguments.requests)), list(truth(servers)), arguments)
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        shutil.rmtree(work, ignore_errors=True)


def report(costs, differences, arguments):
    lines = [
        f"Measured {datetime.date.today()}: {arguments.requests} boxes of each kind, two connections, warm; Tessera's WMS "
        f"and MapProxy 7.0.0 with mapproxy_hips 0.4.0 (two gunicorn workers, bilinear, tiles cached) over the same HiPS.", "",
        "| map | Tessera, CPU ms | maps/s | kB | MapProxy, CPU ms | maps/s | kB | MapProxy / Tessera |",
        "|---|---|---|---|---|---|---|---|"]
    for name, (cpu, rate, size), (their_cpu, their_rate, their_size) in costs:
        lines.append(f"| {name} | {cpu:.2f} | {rate:.0f} | {size / 1000:.1f} | {their_cpu:.0f} | {their_rate:.1f} "
                     f"| {their_size / 1000:.1f} | {their_cpu / cpu:.0f} |")
    lines += ["", "| window, beside GDAL's warp of the source | Tessera, % off by more than 1.5 levels | mean | MapProxy, % | mean |",
              "|---|---|---|---|---|"]
    for name, (share, mean), (their_share, their_mean) in differences:
        lines.append(f"| {name} | {share:.2f} | {mean:.2f} | {their_share:.2f} | {their_mean:.2f} |")
    print("\n".join(lines))
    subprocess.run([os.path.join(ROOT, "tools", "write-block"), arguments.output, "mapproxy"],
                   input="\n".join(lines) + "\n", text=True, check=True)


if __name__ == "__main__":
    main()
