#!/usr/bin/python3
"""Checks `tessera build` of sources on a server and in archives against the same source on disk.

What: a map is built from a tiled GeoTIFF on disk, then through `/vsicurl/` from a local HTTP server, from a server that
answers every fifth request with 503, as strips (which are copied into tiles first), from a ZIP, a TAR and a gzip file,
and through a virtual raster: the tiles have to have the same bytes, and a server may have to send no byte more than
three times. A server without ranges, a file that is replaced by another of another size half-way, a file that is not
there and a server that is gone have to end with a message, without a map. Then maps of a file on the server are served:
GDAL has to read the samples of the file out of `<name>__native`, bit by bit, from a server that answers and one that is
busy now and then; the file must be no coverage once it has changed, and 503 has to come within seconds, and other
coverages as ever, once its server is gone.

    network.py TESSERA
"""

import gzip
import hashlib
import http.server
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import urllib.error
import urllib.request
import zipfile

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
WIDTH, HEIGHT = 6144, 3072
failures = []


class Server:
    """An HTTP server of one folder, with faults, that counts the bytes it sends."""

    def __init__(self, folder, ranges=True, busy=0, replace_after=0):
        self.sent, self.requests, self.busy_answers = 0, 0, 0
        outer, lock = self, threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_HEAD(self):
                self.answer(False)

            def do_GET(self):
                self.answer(True)

            def answer(self, body):
                with lock:
                    outer.requests += 1
                    number = outer.requests
                if busy and number % busy == 0:
                    outer.busy_answers += 1
                    return self.empty(503)
                path = os.path.join(folder, os.path.basename(self.path))
                if replace_after and number == replace_after:
                    with open(path, "r+b") as file:
                        file.truncate(os.path.getsize(path) // 2)
                if not os.path.isfile(path):
                    return self.empty(404)
                size = os.path.getsize(path)
                first, last, status = 0, size - 1, 200
                wanted = re.match(r"bytes=(\d+)-(\d*)$", self.headers.get("Range", ""))
                if ranges and wanted:
                    first, status = int(wanted.group(1)), 206
                    last = min(size - 1, int(wanted.group(2) or size - 1))
                    if first >= size:
                        return self.empty(416)
                self.send_response(status)
                if ranges:
                    self.send_header("Accept-Ranges", "bytes")
                if status == 206:
                    self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
                self.send_header("Content-Length", str(last + 1 - first))
                self.send_header("Last-Modified", self.date_time_string(os.path.getmtime(path)))
                self.end_headers()
                if body:
                    with open(path, "rb") as file:
                        file.seek(first)
                        data = file.read(last + 1 - first)
                    try:
                        self.wfile.write(data)
                    except ConnectionError:
                        pass
                    with lock:
                        outer.sent += len(data)

            def empty(self, status):
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"/vsicurl/http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def write(path, options):
    random = np.random.default_rng(5)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    values = 3000 * np.sin(columns / 97) * np.cos(rows / 61) + random.integers(-500, 500, (HEIGHT, WIDTH))
    dataset = gdal.GetDriverByName("GTiff").Create(path, WIDTH, HEIGHT, 1, gdal.GDT_Int16, options)
    system = osr.SpatialReference()
    system.SetFromUserInput("IAU_2015:49900")
    dataset.SetProjection(system.ExportToWkt())
    dataset.SetGeoTransform((-180, 360 / WIDTH, 0, 90, 0, -180 / HEIGHT))
    dataset.GetRasterBand(1).WriteArray(values.astype(np.int16))
    dataset.FlushCache()


def build(tessera, source, work):
    """(exit code, digest of the tiles, what was said, whether a copy of the source was left)."""
    data = os.path.join(work, "data")
    shutil.rmtree(data, ignore_errors=True)
    environment = dict(os.environ, GDAL_HTTP_RETRY_DELAY="0.05", GDAL_HTTP_CONNECTTIMEOUT="3", GDAL_HTTP_TIMEOUT="20")
    done = subprocess.run([tessera, "build", source, "--data", data, "--name", "map", "--formats", "fits"],
                          capture_output=True, text=True, timeout=300, env=environment)
    digest = hashlib.sha256()
    place = os.path.join(data, "hips", "mars", "map")
    for folder, folders, files in os.walk(place):
        folders.sort()
        for name in sorted(f for f in files if f.startswith("Npix")):
            with open(os.path.join(folder, name), "rb") as file:
                digest.update(os.path.relpath(os.path.join(folder, name), place).encode() + file.read())
    left = any(name.startswith("spool-") for _, _, names in os.walk(data) for name in names)
    return done.returncode, digest.hexdigest() if os.path.isdir(place) else None, done.stdout + done.stderr, left


class Service:
    """`tessera serve` of the map that was built last."""

    def __init__(self, tessera, work):
        environment = dict(os.environ, TESSERA_LIMITS_WORKERS="1")
        self.process = subprocess.Popen(
            [tessera, "serve", "--data", os.path.join(work, "data"), "--port", "0"], stderr=subprocess.PIPE, text=True,
            env=environment)
        self.said = []
        for line in self.process.stderr:
            self.said.append(line)
            found = re.search(r"listening on (http://[^ ]*)/", line)
            if found:
                break
        self.base = found.group(1) + "/mars/wcs"
        # What it says later must not fill the pipe.
        self.reader = threading.Thread(target=lambda: self.said.extend(self.process.stderr), daemon=True)
        self.reader.start()

    def ask(self, query):
        """(status, body, seconds)."""
        start = time.monotonic()
        try:
            with urllib.request.urlopen(f"{self.base}?SERVICE=WCS&{query}", timeout=120) as answer:
                return answer.status, answer.read(), time.monotonic() - start
        except urllib.error.HTTPError as error:
            return error.code, error.read(), time.monotonic() - start

    def numbers(self, name):
        return self.ask(f"VERSION=2.0.1&REQUEST=GetCoverage&COVERAGEID={name}&SUBSET=E(0,300000)&SUBSET=N(0,200000)")

    def lists(self, name):
        return f">{name}<".encode() in self.ask("REQUEST=GetCapabilities")[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.reader.join()


def native(tessera, files, work):
    """The coverage of a file on a server."""
    path = os.path.join(files, "tiled.tif")
    truth = gdal.Open(path).ReadAsArray()
    os.environ["HOME"] = work
    for label, options in [("native", {}), ("native, of a server that is busy now and then", {"busy": 5})]:
        with Server(files, **options) as server:
            code, _, said, _ = build(tessera, server.address + "tiled.tif", work)
            check(f"{label}: built", code == 0, said.splitlines()[-1] if code else "")
            with Service(tessera, work) as service:
                shutil.rmtree(os.path.join(work, ".gdal"), ignore_errors=True)
                dataset = gdal.Open(f"WCS:{service.base}?version=2.0.1&coverage=map__native")
                found = dataset.ReadAsArray()
                check(f"{label}: every sample", np.array_equal(found, truth), f"{found.shape}, {server.requests} requests")
                small = dataset.ReadAsArray(1234, 567, 300, 200)
                check(f"{label}: a window", np.array_equal(small, truth[567:767, 1234:1534]))
                dataset = None
            address = server.address.split("//")[1].rstrip("/")
            check(f"{label}: nothing is said of where it lies", not any(address in line for line in service.said),
                  "".join(service.said))
    with Server(files) as server:
        build(tessera, server.address + "tiled.tif", work)
        with Service(tessera, work) as service:
            before = service.numbers("map__native")
            check("a window in one piece", before[0] == 200)
            stamp = os.path.getmtime(path)
            os.utime(path, (stamp + 10, stamp + 10))
            time.sleep(6)
            status, body, _ = service.numbers("map__native")
            check("a changed file is no coverage", status == 404 and b"NoSuchCoverage" in body and not service.lists("map__native"),
                  f"{status}")
            os.utime(path, (stamp, stamp))
            time.sleep(6)
            check("it is one again", service.numbers("map__native")[:2] == before[:2] and service.lists("map__native"))
            server.__exit__()
            time.sleep(6)
            status, body, seconds = service.numbers("map__native")
            check("a server that is gone is 503", status == 503 and b"does not answer" in body and seconds < 15,
                  f"{status} after {seconds:.1f} s")
            address = server.address.split("//")[1].rstrip("/").encode()
            check("its address is not told", address not in body and b"vsi" not in body)
            status, _, seconds = service.numbers("map__native")
            check("and at once the next time", status == 503 and seconds < 1, f"{status} after {seconds:.2f} s")
            check("others go on", service.numbers("map")[0] == 200 and not service.lists("map__native"))


def check(label, good, detail=""):
    print(f"{'ok    ' if good else 'FAILED'} {label} {detail}", flush=True)
    if not good:
        failures.append(label)


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    tessera = os.path.abspath(sys.argv[1])
    work = tempfile.mkdtemp(prefix="tessera-network-")
    try:
        run(tessera, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if failures:
        raise SystemExit(f"FAILED: {len(failures)} of the checks")


def run(tessera, work):
    files = os.path.join(work, "files")
    os.makedirs(files)
    tiled, strips = os.path.join(files, "tiled.tif"), os.path.join(files, "strips.tif")
    write(tiled, ["TILED=YES", "COMPRESS=DEFLATE"])
    write(strips, [])
    with zipfile.ZipFile(os.path.join(files, "map.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(strips, "strips.tif")
    with tarfile.open(os.path.join(files, "map.tar"), "w") as archive:
        archive.add(strips, "strips.tif")
    with open(strips, "rb") as file, gzip.open(os.path.join(files, "map.tif.gz"), "wb", 1) as packed:
        shutil.copyfileobj(file, packed)
    gdal.Translate(os.path.join(files, "map.vrt"), tiled, format="VRT").FlushCache()

    code, truth, said, _ = build(tessera, tiled, work)
    check("on disk", code == 0 and truth is not None, said.splitlines()[-1] if said else "")
    for label, source in [
            ("strips on disk", strips), ("ZIP", f"/vsizip/{files}/map.zip/strips.tif"),
            ("TAR", f"/vsitar/{files}/map.tar/strips.tif"), ("gzip", f"/vsigzip/{files}/map.tif.gz"),
            ("virtual raster", f"{files}/map.vrt")]:
        code, digest, said, left = build(tessera, source, work)
        check(label, code == 0 and digest == truth and not left, said.splitlines()[-1] if said else "")
    for label, options, name in [
            ("server", {}, "tiled.tif"), ("server that is busy now and then", {"busy": 5}, "tiled.tif"),
            ("server, strips", {}, "strips.tif")]:
        with Server(files, **options) as server:
            code, digest, said, left = build(tessera, server.address + name, work)
            times = server.sent / os.path.getsize(os.path.join(files, name))
            if label == "server":
                needed = server.requests
            check(label, code == 0 and digest == truth and times <= 3 and not left,
                  f"{times:.2f} times the bytes, {server.requests} requests, {server.busy_answers} of them refused"
                  + ("" if code == 0 else ": " + said.splitlines()[-1]))
    with Server(files, ranges=False) as server:
        code, digest, said, _ = build(tessera, server.address + "tiled.tif", work)
        check("server without ranges", digest == truth if code == 0 else "ange" in said, said.splitlines()[-1])
    with Server(files) as server:
        code, digest, said, _ = build(tessera, server.address + "missing.tif", work)
        check("file that is not there", code != 0 and "404" in said and digest is None, said.splitlines()[-1])
    gone = server.address + "tiled.tif"
    code, digest, said, _ = build(tessera, gone, work)
    check("server that is gone", code != 0 and digest is None, said.splitlines()[-1])
    with Server(files, replace_after=needed // 2) as server:
        code, digest, said, _ = build(tessera, server.address + "tiled.tif", work)
        check("file that changes half-way", server.requests >= needed // 2 and code != 0 and digest is None,
              said.splitlines()[-1])
    # The file was cut by the last one.
    write(tiled, ["TILED=YES", "COMPRESS=DEFLATE"])
    native(tessera, files, work)


if __name__ == "__main__":
    main()
