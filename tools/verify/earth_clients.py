#!/usr/bin/python3
"""Clients that know no other planet than the Earth, held to GDAL's warp of the source map.

    earth_clients.py TESSERA [--keep DIR] [--self-test]

Builds Viking in a temporary folder and serves it twice, with `earth_aliases` and without.
  requests   such as PSUP and JMARS make (SRS=EPSG:4326, boxes from 0 to 360 or from -180 to 180), also of 1.3.0 and in
             metres; without the aliases they are refused
  documents  the systems of the Earth are listed with the aliases alone
  Leaflet    Debian's, in headless Chromium: the map service in EPSG:4326 by both versions and in EPSG:3857, web map tiles;
             what is seen on the screen is the map, pixel by pixel
--self-test: pages that are a pixel beside the place, or turned, are found.
Maps may differ from the warp by 1.5 grey levels on 0.5 % of the pixels."""

import argparse
import functools
import http.server
import io
import math
import os
import shutil
import subprocess
import sys
import tempfile
import threading

import numpy as np
from osgeo import gdal
from PIL import Image

from serving import SURVEYS, Failure, Server, ask, build
from wms_truth import Truth, compare

RADIUS = 3396190.0
# Metres of a degree of the Earth, which these systems count.
DEGREE = 6378137.0 * math.pi / 180
LEAFLET = "/usr/share/javascript/leaflet"
WIDTH, HEIGHT = 768, 512
TILES = "MarsEquidistantCylindricalSphere"

MAP = "/mars/wms?SERVICE=WMS&REQUEST=GetMap&LAYERS=viking&STYLES=&FORMAT=image/png&"
# Name, request, system for PROJ, box there (x and y), columns, rows.
REQUESTS = [
    ("as PSUP asks", "VERSION=1.1.1&SRS=EPSG:4326&BBOX=0,-90,180,90&WIDTH=2048&HEIGHT=2048&TRANSPARENT=TRUE",
     "IAU_2015:49900", (0, -90, 180, 90), 2048, 2048),
    ("as PSUP asks, the other half", "VERSION=1.1.1&SRS=EPSG:4326&BBOX=180,-90,360,90&WIDTH=2048&HEIGHT=2048",
     "IAU_2015:49900", (180, -90, 360, 90), 2048, 2048),
    ("as JMARS asks", "version=1.1.1&srs=EPSG:4326&bbox=100,-45,145,0&width=512&height=512&bgcolor=0x000000&exceptions="
     "application/vnd.ogc.se_inimage&reaspect=false", "IAU_2015:49900", (100, -45, 145, 0), 512, 512),
    ("latitude first", "VERSION=1.3.0&CRS=EPSG:4326&BBOX=-45,100,0,145&WIDTH=512&HEIGHT=512",
     "IAU_2015:49900", (100, -45, 145, 0), 512, 512),
    ("longitude first", "VERSION=1.3.0&CRS=CRS:84&BBOX=100,-45,145,0&WIDTH=512&HEIGHT=512",
     "IAU_2015:49900", (100, -45, 145, 0), 512, 512),
    ("metres of the Earth", f"VERSION=1.1.1&SRS=EPSG:32662&BBOX={100 * DEGREE},{-45 * DEGREE},{145 * DEGREE},0&WIDTH=512"
     "&HEIGHT=512", "IAU_2015:49900", (100, -45, 145, 0), 512, 512),
    ("web Mercator", f"VERSION=1.3.0&CRS=EPSG:3857&BBOX={-20 * DEGREE},{-20 * DEGREE},{20 * DEGREE},{20 * DEGREE}&WIDTH=512"
     "&HEIGHT=512", f"+proj=merc +R={RADIUS} +units=m",
     tuple(math.radians(edge) * RADIUS for edge in (-20, -20, 20, 20)), 512, 512),
]

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><link rel="stylesheet" href="leaflet.css">
<style>html, body {{ margin: 0; overflow: hidden }} #map {{ width: {width}px; height: {height}px }}</style>
<script src="leaflet.js"></script></head><body><div id="map"></div><script>
var map = L.map('map', {{ crs: L.CRS.{crs}, zoomControl: false, attributionControl: false, fadeAnimation: false,
  zoomAnimation: false }}).setView([{lat}, {lon}], {zoom});
{layer}.addTo(map);
</script></body></html>"""
WMS = "L.tileLayer.wms('{root}/mars/wms', {{ layers: 'viking', version: '{version}', format: 'image/png', transparent: true }})"
XYZ = "L.tileLayer('{root}/mars/tiles/viking/{set}/{{z}}/{{y}}/{{x}}.png', {{ maxNativeZoom: 5 }})"

# Name, Leaflet's system, layer, zoom, column and row of the middle among the pixels of the world at that zoom.
PAGES = [
    ("EPSG:4326 by 1.1.1", "EPSG4326", WMS.replace("{version}", "1.1.1"), 3, 2304, 896),
    ("EPSG:4326 by 1.3.0", "EPSG4326", WMS.replace("{version}", "1.3.0"), 3, 1000, 1200),
    ("EPSG:3857 by 1.3.0", "EPSG3857", WMS.replace("{version}", "1.3.0"), 4, 2304, 1900),
    ("EPSG:3857 by 1.1.1", "EPSG3857", WMS.replace("{version}", "1.1.1"), 4, 1500, 2300),
    ("tiles", "EPSG4326", XYZ, 3, 3000, 1000),
]


class Site(http.server.SimpleHTTPRequestHandler):
    """Leaflet's own files and the pages."""

    def log_message(self, *_):
        pass


def place(crs, zoom, column, row):
    """Longitude and latitude of a pixel of the world, and the box around it in a system for PROJ."""
    world = 256 * 2**zoom
    left, right = column - WIDTH / 2, column + WIDTH / 2
    top, bottom = row - HEIGHT / 2, row + HEIGHT / 2
    if crs == "EPSG4326":
        def lon(x):
            return x / world * 180 - 180
        def lat(y):
            return 90 - y / world * 180
        return lon(column), lat(row), "IAU_2015:49900", (lon(left), lat(bottom), lon(right), lat(top))
    def x(pixel):
        return (pixel / world * 2 - 1) * math.pi
    def y(pixel):
        return (1 - pixel / world * 2) * math.pi
    box = tuple(RADIUS * edge for edge in (x(left), y(bottom), x(right), y(top)))
    latitude = math.degrees(2 * math.atan(math.exp(y(row))) - math.pi / 2)
    return math.degrees(x(column)), latitude, f"+proj=merc +R={RADIUS} +units=m", box


def shot(page, folder, number):
    """What Chromium shows of a page."""
    out = os.path.join(folder, f"page{number}.png")
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu", "--force-color-profile=srgb",
         f"--window-size={WIDTH},{HEIGHT + 200}", f"--user-data-dir={folder}/profile{number}",
         "--virtual-time-budget=20000", f"--screenshot={out}", page],
        timeout=120, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if not os.path.isfile(out):
        raise Failure("Chromium took no picture")
    return np.asarray(Image.open(out).convert("RGB"))[:HEIGHT, :WIDTH]


def judged(name, picture, truth, crs, box, width, height):
    bands, spacing = truth.warped(crs, box, width, height, "bilinear")
    # Towards the poles the columns of the source come closer than pixels: there bilinear means little.
    return compare(name, picture, bands, spacing > 1.5 * 360 / 2048 / 2)


def requests(server, truth):
    for name, query, crs, box, width, height in REQUESTS:
        reply = ask(server.port, MAP + query)
        if reply.status != 200:
            raise Failure(f"{name}: {reply.status} {reply.body[:300]!r}")
        picture = np.asarray(Image.open(io.BytesIO(reply.body)).convert("RGBA"))
        if fault := judged(name, picture, truth, crs, box, width, height):
            raise Failure(fault)


def documents(server, isListed):
    for version in ("1.1.1", "1.3.0"):
        text = ask(server.port, f"/mars/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION={version}").body
        for crs in (b"EPSG:4326", b"EPSG:3857"):
            if (crs in text) != isListed:
                raise Failure(f"{version}: {crs} is {'not ' if isListed else ''}listed")


def refused(server):
    for name, query, *_ in REQUESTS:
        reply = ask(server.port, MAP + query.replace("application/vnd.ogc.se_inimage", "application/vnd.ogc.se_xml"))
        if reply.status != 400 or reply.code not in ("InvalidSRS", "InvalidCRS") or b"IAU" not in reply.body:
            raise Failure(f"{name} without aliases: {reply.status} {reply.body[:300]!r}")
    print(f"  {len(REQUESTS)} requests are refused without the aliases")


def pages(server, truth, folder, keep, shift=0, isTurned=False):
    """Leaflet's pages; those of a self-test are beside the place."""
    site = os.path.join(folder, "site")
    shutil.copytree(LEAFLET, site, dirs_exist_ok=True)
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Site, directory=site))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.port}"
    faults = []
    try:
        for number, (name, crs, layer, zoom, column, row) in enumerate(PAGES):
            lon, lat, *_ = place(crs, zoom, column + shift, row)
            *_, system, box = place(crs, zoom, column, row)
            with open(os.path.join(site, f"page{number}.html"), "w") as file:
                file.write(PAGE.format(
                    width=WIDTH, height=HEIGHT, crs=crs, lat=-lat if isTurned else lat, lon=lon, zoom=zoom,
                    layer=layer.format(root=root, set=TILES)))
            picture = shot(f"http://127.0.0.1:{web.server_address[1]}/page{number}.html", folder, number)
            if keep:
                os.makedirs(keep, exist_ok=True)
                Image.fromarray(picture).save(os.path.join(keep, f"leaflet{number}.png"))
            faults.append(judged(f"Leaflet, {name}", picture, truth, system, box, WIDTH, HEIGHT))
    finally:
        web.shutdown()
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tessera")
    parser.add_argument("--keep", help="a folder to keep the pictures of the screen in")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    # PROJ tells of each place that a projection has not.
    gdal.SetConfigOption("CPL_LOG", os.devnull)
    truth = Truth(os.path.join(SURVEYS, "Mars_Viking_2048.jpg"))
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        build(options.tessera, data, "viking", 3, "png")
        try:
            with Server(options.tessera, folder, data, "earth_aliases: true\n") as server:
                if options.self_test:
                    for what, change in (("a pixel beside", {"shift": 1}), ("the other hemisphere", {"isTurned": True})):
                        if not all(pages(server, truth, folder, None, **change)):
                            raise Failure(f"a page that is {what} is not found")
                    print("pages that are wrong are found")
                    return
                documents(server, True)
                requests(server, truth)
                if found := [fault for fault in pages(server, truth, folder, options.keep) if fault]:
                    raise Failure("; ".join(found))
            with Server(options.tessera, folder, data, "") as server:
                documents(server, False)
                refused(server)
        except Failure as failure:
            print(f"FAILED: {failure}")
            sys.exit(1)
    print("clients of the Earth see the map where it is")


if __name__ == "__main__":
    main()
