#!/usr/bin/python3
"""Measures features of `tessera serve` beside Debian's MapServer, and writes a block of docs/performance.md.

    features.py TESSERA [--work DIR] [--seconds 4] [--runs 3] [--port 18130] [--million] [--no-output] [--check]

What: GetFeature of WFS 2.0.0 of the 42,000 craters of craters.py: random boxes of 10 x 10 degrees between 60 degrees south
and north, about 89 craters each, as GML 3.2 and as GeoJSON, with longitudes first; then pages of 100 craters at the beginning and at
the end. With --million the same boxes, made so small that they hold as many, of 1,000,000 craters. MapServer reads the
GeoPackage through OGR, under the name EPSG:4326, since Debian's knows codes of the IAU in WMS alone.

How: wrk asks for the same sequence at 1, 4 and 16 connections (requests.lua), one server after the other, in turns; CPU time is
that of the servers' own processes (for MapServer, without the nginx in front of it), the least of the runs. `--check` ends
with 1 where a target is missed.

Needs: apt-get install cgi-mapserver spawn-fcgi nginx-light wrk gdal-bin python3-gdal python3-numpy
"""

import argparse
import datetime
import os
import shutil
import signal
import subprocess
import sys

import craters
from peers import Nginx, Tessera, wait_for
from run import CONNECTIONS, ROOT, load, row

# The most CPU milliseconds of a request at 16 connections.
TARGETS = {"wfsgml": 1.5, "wfsjson": 1.2}
MAP = """MAP NAME "bench" STATUS ON SIZE 512 256 EXTENT -180 -90 180 90 UNITS DD PROJECTION "EPSG:4326" END
  OUTPUTFORMAT NAME "geojson" DRIVER "OGR/GEOJSON" MIMETYPE "application/json" FORMATOPTION "STORAGE=stream" FORMATOPTION "FORM=SIMPLE" END
  WEB METADATA "ows_title" "bench" "ows_enable_request" "*" "ows_onlineresource" "http://127.0.0.1:{port}/ms?"
    "ows_srs" "EPSG:4326" "wfs_getfeature_formatlist" "gml,geojson" END END
  LAYER NAME "craters" TYPE POINT STATUS ON CONNECTIONTYPE OGR CONNECTION "{path}" DATA "craters" EXTENT -180 -90 180 90
    PROJECTION "EPSG:4326" END TEMPLATE "x.html"
    METADATA "ows_title" "craters" "gml_include_items" "all" "gml_featureid" "crater_id" "gml_types" "auto"
      "gml_geometries" "geom" "gml_geom_type" "point" END
    CLASS STYLE COLOR 255 0 0 SIZE 3 END END END
END
"""


class MapServer:
    """Two FastCGI processes over the GeoPackage."""

    def __init__(self, work, table, port):
        with open(os.path.join(work, "bench.map"), "w", encoding="ascii") as file:
            file.write(MAP.format(path=table, port=port))
        configuration = os.path.join(work, "mapserver.conf")
        with open(configuration, "w", encoding="ascii") as file:
            file.write(f'CONFIG ENV MS_MAP_NO_PATH "1" MS_MAP_PATTERN "^{work}/" END END\n')
        program = shutil.which("mapserv")
        if program is None:
            raise SystemExit("FAILED: mapserv is missing (tools/setup servers)")
        self.pids = []
        for number in range(2):
            socket, pid = (os.path.join(work, f"ms{number}.{kind}") for kind in ("sock", "pid"))
            if os.path.exists(socket):
                os.remove(socket)
            subprocess.run(["spawn-fcgi", "-s", socket, "-P", pid, "-M", "0666", "--", program], check=True,
                           stdout=subprocess.DEVNULL, env=dict(os.environ, MAPSERVER_CONFIG_FILE=configuration))
            with open(pid, encoding="ascii") as file:
                self.pids.append(int(file.read()))

    def stop(self):
        for pid in self.pids:
            # An idle mapserv does not heed TERM.
            os.kill(pid, signal.SIGKILL)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tessera")
    parser.add_argument("--work", default=os.path.join(ROOT, "Benchmarks", "work", "features"))
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--port", type=int, default=18130)
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--no-output", action="store_true")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    work, program = os.path.abspath(arguments.work), os.path.abspath(arguments.tessera)
    lines, missed = [], []

    def report(line):
        lines.append(line)
        print(line, flush=True)

    report(f"Measured on {datetime.date.today()} by `Benchmarks/services/features.py .build/release/tessera"
           f"{' --million' if arguments.million else ''}`.")
    for count in [42000] + ([1_000_000] if arguments.million else []):
        folder = os.path.join(work, str(count))
        data, table = os.path.join(folder, "data"), os.path.join(folder, "craters.gpkg")
        os.makedirs(folder, exist_ok=True)
        if not os.path.isfile(table):
            craters.write(table + ".new.gpkg", count)
            os.rename(table + ".new.gpkg", table)
        if not os.path.isfile(os.path.join(data, "features.gpkg")):
            subprocess.run([program, "import", table, "--body", "mars", "--layer", "craters", "--data", data],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peer, ours = MapServer(folder, table, arguments.port + 1), Tessera(program, data, folder, arguments.port, 16)
        web = Nginx(folder, folder, arguments.port + 1, 1)
        try:
            wait_for(f"http://127.0.0.1:{arguments.port + 1}/ms?SERVICE=WFS&REQUEST=GetCapabilities")
            # As many craters in a box, however many there are.
            side = str(10 * (42000 / count) ** 0.5)
            servers = {
                "Tessera": (ours.url, ["/mars/wfs", "urn:ogc:def:crs:IAU_2015::49900", side], ours.pids),
                "MapServer": (f"http://127.0.0.1:{arguments.port + 1}", ["/ms", "urn:ogc:def:crs:EPSG::4326", side], peer.pids)}
            report(f"\n{count:,} craters:\n\n| case | connections | server | CPU ms | requests/s | p50 ms | p99 ms | kB |"
                   "\n|---|---|---|---|---|---|---|---|")
            for case in ["wfsgml", "wfsjson", "wfspage1", f"wfspage{count // 100}"]:
                names = list(servers) if case in TARGETS else ["Tessera"]
                results = {}
                for _ in range(arguments.runs):
                    for connections in CONNECTIONS if case in TARGETS else (4,):
                        for name in names:
                            url, paths, pids = servers[name]
                            found = load(url, pids, case, paths, connections, arguments.seconds, seed=7)
                            key = (name, connections)
                            results[key] = results[key].least(found) if key in results else found
                for (name, connections), found in sorted(results.items(), key=lambda item: item[0][1]):
                    report(row(name, case, connections, found))
                    if name == "Tessera" and connections == 16 and found.cpu > TARGETS[case]:
                        missed.append(f"{case} of {count}: {found.cpu:.2f} CPU ms, at most {TARGETS[case]:g} wanted")
        finally:
            ours.stop()
            web.stop()
            peer.stop()
    if not arguments.no_output:
        subprocess.run([os.path.join(ROOT, "tools", "write-block"), os.path.join(ROOT, "docs", "performance.md"),
                        "features"], input="\n".join(lines) + "\n", text=True, check=True)
    for line in missed:
        print(line, file=sys.stderr)
    sys.exit(1 if missed and arguments.check else 0)


if __name__ == "__main__":
    main()
