#!/usr/bin/python3
"""Measures maps and tiles of `tessera serve` beside Debian's MapServer and nginx, and writes a block of docs/performance.md.

    run.py TESSERA [--mosaic DIR] [--work DIR] [--seconds 4] [--runs 3] [--cases CASE,...] [--port 18120] [--no-output] [--check]

What: random maps of the mosaic of Benchmarks/peers/mosaic.py (made first where it is missing), by WMS 1.3.0: 256 or 1024 pixels,
PNG or JPEG of quality 85, equirectangular or polar stereographic, colour or heights; Tessera draws them from HiPS of the
mosaic with 1 GB for decoded tiles and with 128 MB, MapServer from cloud-optimised GeoTIFFs with overviews. Then tiles of the
HiPS out of memory, and the same files by nginx.

How: wrk asks for the same sequence of maps at 1, 4 and 16 connections (requests.lua), one server after the other, in turns;
CPU time is that of the servers' own processes (for MapServer, without the nginx in front of it) from /proc, the least of the
runs, and so are the latencies. Both servers have been asked for the same maps before. The servers and wrk share the
machine. `--check` ends with 1 where a target is missed.

Needs: apt-get install cgi-mapserver spawn-fcgi nginx-light wrk gdal-bin python3-gdal python3-scipy python3-astropy python3-pil
"""

import argparse
import dataclasses
import datetime
import os
import subprocess
import sys

from peers import MapServer, Nginx, Tessera, wait_for

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TICKS = os.sysconf("SC_CLK_TCK")
# The most CPU milliseconds that a map may take.
COVERAGE_TARGET = 5.0
TARGETS = {"png256": 4.0, "jpg256": 1.6, "poljpg256": 2.0, "poljpg1024": 18.0, "dem256": 2.5}
MOST_PNG_BYTES = 1.25
CONNECTIONS = (1, 4, 16)
# Of nginx's rate, by connections.
TILE_TARGETS = {16: 0.5, 128: 0.65}


@dataclasses.dataclass
class Result:
    """What one run of wrk saw."""

    rate: float
    p50: float
    p99: float
    cpu: float
    size: float

    def least(self, other):
        """The better of each figure."""
        return Result(max(self.rate, other.rate), min(self.p50, other.p50), min(self.p99, other.p99),
                      min(self.cpu, other.cpu), self.size)


def cpu_seconds(pids):
    """User and system time of processes and their children."""
    total = 0
    for pid in list(pids):
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def load(url, pids, case, paths, connections, seconds, seed, threads=1, checks=False):
    """One run of wrk."""
    before = cpu_seconds(pids)
    environment = dict(os.environ, CHECK_ANSWERS="1") if checks else None
    done = subprocess.run(
        ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s",
         os.path.join(HERE, "requests.lua"), url, "--", case, str(seed), *paths],
        capture_output=True, text=True, env=environment)
    spent = cpu_seconds(pids) - before
    line = next((line for line in done.stdout.splitlines() if line.startswith("RESULT ")), None)
    if line is None or "WRONG" in done.stderr:
        raise SystemExit(f"FAILED: wrk {case}: {done.stdout[-500:]}{done.stderr[-500:]}")
    count, duration, size, p50, p99, errors = (float(word) for word in line.split()[1:])
    if errors or not count:
        raise SystemExit(f"FAILED: {case} of {url}: {errors:.0f} errors in {count:.0f} answers")
    return Result(count / duration * 1e6, p50 / 1e3, p99 / 1e3, spent / count * 1e3, size / count)


def measure_maps(servers, cases, seconds, runs, report):
    """{(server, case, connections): Result}, the servers in turns."""
    results = {}
    for case in cases:
        for name, (url, path, pids) in servers.items():
            load(url, pids, case, [path], 4, seconds, seed=99, checks=True)
        for _ in range(runs):
            for connections in CONNECTIONS:
                for name, (url, path, pids) in servers.items():
                    key = (name, case, connections)
                    found = load(url, pids, case, [path], connections, seconds, seed=7)
                    results[key] = results[key].least(found) if key in results else found
        for connections in CONNECTIONS:
            for name in servers:
                report(row(name, case, connections, results[name, case, connections]))
    return results


def row(name, case, connections, found):
    return (f"| {case} | {connections} | {name} | {found.cpu:.2f} | {found.rate:.0f} | {found.p50:.1f} | "
            f"{found.p99:.1f} | {found.size / 1000:.1f} |")


def prime(url):
    """All tiles of both layers are asked for once."""
    for layer in ("rgb", "dem"):
        for lat in range(-90, 90, 30):
            for lon in range(-180, 180, 30):
                wait_for(f"{url}/mars/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS={layer}&STYLES=&CRS=IAU_2015:49900"
                         f"&BBOX={lat},{lon},{lat + 30},{lon + 30}&WIDTH=1200&HEIGHT=1200&FORMAT=image/jpeg")


def judge(results, cases):
    """What misses its target."""
    missed = []
    for case in cases:
        ours, peer = results["Tessera", case, 16], results["MapServer", case, 16]
        if ours.cpu > TARGETS[case]:
            missed.append(f"{case}: {ours.cpu:.2f} CPU ms, at most {TARGETS[case]:g} wanted")
        if case == "png256" and ours.size > MOST_PNG_BYTES * peer.size:
            missed.append(f"{case}: {ours.size / peer.size:.2f} times the bytes, at most {MOST_PNG_BYTES:g} wanted")
        if ours.p99 > peer.p99:
            missed.append(f"{case}: p99 {ours.p99:.1f} ms, MapServer's is {peer.p99:.1f} ms")
    return missed


class Bench:
    """The places, the program and its arguments."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.work = os.path.abspath(arguments.work)
        self.data = os.path.join(self.work, "data")
        self.program = os.path.abspath(arguments.tessera)
        self.cases = arguments.cases.split(",") if arguments.cases else list(TARGETS)
        self.lines = []

    def report(self, line):
        self.lines.append(line)
        print(line, flush=True)

    def prepare(self):
        os.makedirs(self.work, exist_ok=True)
        mosaic = self.arguments.mosaic
        if not all(os.path.isfile(os.path.join(mosaic, name)) for name in ("rgb_u8.tif", "dem_i16.tif")):
            subprocess.run([sys.executable, os.path.join(ROOT, "Benchmarks", "peers", "mosaic.py"), mosaic], check=True)
        for source, name, formats in [("rgb_u8.tif", "rgb", "png,jpeg"), ("dem_i16.tif", "dem", "fits")]:
            subprocess.run(
                [self.program, "build", os.path.join(mosaic, source), "--data", self.data, "--body", "mars", "--name",
                 name, "--order", "3", "--formats", formats, "--quiet"], check=True)

    def head(self, title):
        self.report(f"\n{title}\n\n| case | connections | server | CPU ms | requests/s | p50 ms | p99 ms | kB |"
                    "\n|---|---|---|---|---|---|---|---|")

    def maps(self):
        """Maps with the large and the small cache; what misses its target."""
        arguments, port = self.arguments, self.arguments.port
        missed = []
        for decoded in arguments.decoded:
            peer = MapServer(self.work, arguments.mosaic, port + 1)
            web = Nginx(self.work, os.path.join(self.data, "hips"), port + 1, 1)
            ours = Tessera(self.program, self.data, self.work, port, decoded)
            try:
                wait_for(f"http://127.0.0.1:{port + 1}/ms?SERVICE=WMS&REQUEST=GetCapabilities")
                if decoded >= 1024:
                    prime(ours.url)
                servers = {
                    "Tessera": (ours.url, "/mars/wms", ours.pids),
                    "MapServer": (f"http://127.0.0.1:{port + 1}", "/ms", peer.pids)}
                self.head(f"Maps, {decoded} MB for decoded tiles:")
                results = measure_maps(servers, self.cases, arguments.seconds, arguments.runs, self.report)
                if decoded >= 1024:
                    missed += judge(results, self.cases)
            finally:
                ours.stop()
                web.stop()
                peer.stop()
        return missed

    def coverages(self):
        """GeoTIFFs of 512 x 512 heights, uncompressed: out of the HiPS, and out of the file behind it."""
        arguments, port = self.arguments, self.arguments.port
        peer = MapServer(self.work, arguments.mosaic, port + 1)
        web = Nginx(self.work, os.path.join(self.data, "hips"), port + 1, 1)
        ours = Tessera(self.program, self.data, self.work, port, 1024)
        try:
            wait_for(f"http://127.0.0.1:{port + 1}/data?SERVICE=WCS&REQUEST=GetCapabilities")
            prime(ours.url)
            servers = {
                "Tessera": (ours.url, "/mars/wcs", ours.pids),
                "MapServer": (f"http://127.0.0.1:{port + 1}", "/data", peer.pids)}
            self.head("WCS 2.0.1, GeoTIFF of 512 x 512 heights (wcs512: of the HiPS; wcsnative512: of the file on its own grid):")
            results = measure_maps(
                servers, ["wcs512", "wcsnative512"], arguments.seconds, arguments.runs, self.report)
        finally:
            ours.stop()
            web.stop()
            peer.stop()
        found = [(case, results["Tessera", case, 16].cpu) for case in ("wcs512", "wcsnative512")]
        return [f"{case}: {cpu:.2f} CPU ms, at most {COVERAGE_TARGET:g} wanted" for case, cpu in found
                if cpu > COVERAGE_TARGET]

    def tiles(self):
        """Tiles out of memory; what misses its target."""
        arguments, port = self.arguments, self.arguments.port
        paths = [f"/hips/mars/rgb/Norder3/Dir0/Npix{number}.jpg" for number in range(0, 768, 12)]
        ours = Tessera(self.program, self.data, self.work, port, 128)
        webs = {"nginx": Nginx(self.work, os.path.join(self.data, "hips"), port + 1, 1),
                "nginx, a worker a core": Nginx(self.work, os.path.join(self.data, "hips"), port + 2, "auto")}
        missed = []
        try:
            servers = {"Tessera": (ours.url, ours.pids)}
            for offset, (name, web) in enumerate(webs.items()):
                url = f"http://127.0.0.1:{port + 1 + offset}"
                wait_for(url + paths[0])
                workers = subprocess.run(["ps", "-o", "pid=", "--ppid", str(web.process.pid)], capture_output=True,
                                         text=True, check=True).stdout.split()
                servers[name] = (url, [int(pid) for pid in workers])
            self.head("Tiles of 512 x 512 pixels out of memory (JPEG):")
            for connections, wanted in TILE_TARGETS.items():
                results = {}
                for url, pids in servers.values():
                    load(url, pids, "tiles", paths, connections, 1, seed=0, checks=True)
                for _ in range(arguments.runs):
                    for name, (url, pids) in servers.items():
                        found = load(url, pids, "tiles", paths, connections, arguments.seconds, seed=0)
                        results[name] = results[name].least(found) if name in results else found
                for name, found in results.items():
                    self.report(row(name, "tile", connections, found))
                ratio = results["Tessera"].rate / results["nginx"].rate
                if ratio < wanted:
                    missed.append(f"tiles at {connections} connections: {ratio:.2f} times nginx's rate, {wanted:g} wanted")
        finally:
            ours.stop()
            for web in webs.values():
                web.stop()
        return missed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tessera", help="the release binary")
    parser.add_argument("--mosaic", default=os.path.join(ROOT, "Benchmarks", "work", "mosaic"))
    parser.add_argument("--work", default=os.path.join(ROOT, "Benchmarks", "work", "services"))
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cases", help="some of " + ",".join(TARGETS))
    parser.add_argument("--decoded", type=int, nargs="+", default=[1024, 128], help="megabytes for decoded tiles")
    parser.add_argument("--port", type=int, default=18120)
    parser.add_argument("--no-output", action="store_true", help="only print")
    parser.add_argument("--no-tiles", action="store_true", help="only maps")
    parser.add_argument("--only-coverages", action="store_true", help="only the coverage service, into its own block")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    bench = Bench(arguments)
    bench.prepare()
    bench.report(
        f"Measured {datetime.date.today().isoformat()} on {os.cpu_count()} cores, {os.uname().sysname} {os.uname().release}: "
        f"`wrk` {arguments.seconds} s, the best of {arguments.runs} runs in turns; MapServer of Debian as two processes, nginx "
        "with one worker; access log and metrics of Tessera on. CPU ms for each answer, of the server's own processes.")
    if arguments.only_coverages:
        missed = bench.coverages()
        bench.report("\n" + ("Missed: " + "; ".join(missed) + "." if missed else
                             f"At most {COVERAGE_TARGET:g} CPU ms at 16 connections: met."))
        if not arguments.no_output:
            subprocess.run(
                [os.path.join(ROOT, "tools", "write-block"), os.path.join(ROOT, "docs", "performance.md"), "coverages"],
                input="\n".join(bench.lines) + "\n", text=True, check=True)
        raise SystemExit(1 if missed and arguments.check else 0)
    missed = bench.maps()
    if not arguments.no_tiles:
        missed += bench.tiles()
    bench.report("\nTargets at 16 connections (CPU ms): " + ", ".join(f"{c} {t:g}" for c, t in TARGETS.items())
                 + "; p99 no worse than MapServer's; tiles 0.5 times nginx's rate at 16 connections, 0.65 at 128. "
                 + ("Missed: " + "; ".join(missed) + "." if missed else "All are met."))
    if not arguments.no_output:
        subprocess.run(
            [os.path.join(ROOT, "tools", "write-block"), os.path.join(ROOT, "docs", "performance.md"), "services"],
            input="\n".join(bench.lines) + "\n", text=True, check=True)
    if missed and arguments.check:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
