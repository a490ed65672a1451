#!/usr/bin/python3
"""The Web Map Service in real clients, held to GDAL's warp of the source maps.

    wms_clients.py TESSERA [--only-qgis]

Builds MOLA and Viking in a temporary folder, serves them, and checks
  documents   capabilities and exceptions of both versions with xmllint; extents against PROJ; media types and sizes of all
              that they point to
  GDAL        WMS 1.1.1 and 1.3.0 by <GDAL_WMS> files, and through the capabilities
  OWSLib      1.1.1 and 1.3.0
  tiles       what wmts_clients.py says
  QGIS        with --only-qgis: maps and tiles from a server with wms.wrap_extent, since QGIS asks for nothing beyond the box of a layer
  borders     what seams.py says: no tile and no face shows in any of these maps; borders planted in them are found
Maps may differ from the warp by 1.5 grey levels on 0.5 % of the pixels."""

import argparse
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET

import numpy as np
from osgeo import gdal, osr
from PIL import Image

import seams
import wmts_clients
from wms_truth import Truth, compare, difference, grey, system

HERE = os.path.dirname(os.path.abspath(__file__))
SURVEYS = os.path.join(HERE, "..", "..", "surveys", "mars")
SCHEMAS = os.path.join(HERE, "schemas", "ogc", "wms")
RADIUS = 3396190.0
LOW, HIGH = -5000.0, 5000.0
RANGE = f"RANGE={LOW:.0f},{HIGH:.0f}"

# Name, system, box in x and y, columns, rows. All are finer than the sources: how maps that are coarser should be averaged is
# not held to GDAL's warp yet.
WINDOWS = [
    ("seam at 180", "IAU_2015:49900", (170, -10, 190, 10), 512, 512),
    ("seam at 360", "IAU_2015:49900", (350, 20, 370, 40), 512, 512),
    ("north edge", "IAU_2015:49900", (-60, 70, -20, 90), 1024, 512),
    ("equirectangular", "IAU_2015:49910", (-600000, -600000, 1200000, 1200000), 512, 512),
    ("equirectangular, seam", "IAU_2015:49910", (10269445, -500000, 11269445, 500000), 256, 256),
    ("equirectangular of 180", "IAU_2015:49915", (-500000, -500000, 500000, 500000), 256, 256),
    ("north pole", "IAU_2015:49930", (-576000, -576000, 576000, 576000), 768, 768),
    ("south pole", "IAU_2015:49935", (-576000, -576000, 576000, 576000), 768, 768),
    ("sinusoidal", "IAU_2015:49920", (1000000, 1000000, 2500000, 2500000), 256, 256),
    ("Mollweide", "IAU_2015:49940", (-500000, -1000000, 500000, 0), 384, 384),
]
ORDER = 3
# Degrees of a pixel of the tiles of that order.
TILE_PIXEL = np.degrees(np.sqrt(np.pi / 3)) / 512 / 2**ORDER
problems = []


def check(condition, message):
    if not condition:
        problems.append(message)
        print("  WRONG:", message)


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=60) as reply:
            return reply.status, reply.headers["Content-Type"], reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()


def is_north_first(crs):
    return int(crs.split(":")[1]) % 100 < 3


class Maps:
    """Both maps, and what they should look like."""

    def __init__(self):
        self.truths = {
            "mola": Truth(os.path.join(SURVEYS, "mars_mola_180.tif")),
            "viking": Truth(os.path.join(SURVEYS, "Mars_Viking_2048.jpg"))}
        self.styles = {"mola": "grey", "viking": "default"}
        self.known = {}
        self.vectors = {}
        # Borders that were planted and found.
        self.planted = 0
        # The values of MOLA that are drawn black and white.
        self.range = LOW, HIGH

    def wanted(self, layer, crs, box, width, height):
        key = (layer, crs, box, width, height, self.range)
        if key not in self.known:
            bands, spacing = self.truths[layer].warped(crs, box, width, height, "bilinear")
            degrees = (box[3] - box[1]) / height * (1 if is_north_first(crs) else 180 / np.pi / RADIUS)
            # Towards the poles the columns of a source come closer than pixels: there bilinear means little.
            judged = spacing > max(1.5 * TILE_PIXEL, degrees)
            # Across the borders of faces near the poles the four samples around a place are no square, and what is as small as
            # the tiles' pixels is up to a third of one beside its place: borders are looked at where the source is coarser.
            coarse = judged & (spacing > 3 * TILE_PIXEL)
            self.known[key] = (grey(bands, *self.range) if layer == "mola" else bands, judged, coarse)
        return self.known[key]

    def compare(self, name, picture, layer, window):
        truth, judged, coarse = self.wanted(layer, *window)
        fault = compare(name, picture, truth, judged)
        if fault:
            check(False, fault)
        isNew = window not in self.vectors
        if isNew:
            self.vectors[window] = self.truths[layer].vectors(*window)
        off, inside = difference(picture, truth)
        fault = seams.borders(name, off, inside & coarse, self.vectors[window], ORDER)
        if fault:
            check(False, fault)
        # Once for each window: the check itself.
        if isNew:
            faults, count = seams.planted(name, off, inside & coarse, self.vectors[window], ORDER)
            self.planted += count
            for fault in faults:
                check(False, fault)


def documents(base):
    print("documents")
    for version, validation, kind in [
        ("1.3.0", ["--schema", f"{SCHEMAS}/1.3.0/capabilities_1_3_0.xsd"], "text/xml"),
        ("1.1.1", ["--dtdvalid", f"{SCHEMAS}/1.1.1/capabilities_1_1_1.dtd"], "application/vnd.ogc.wms_xml"),
    ]:
        status, found, body = fetch(f"{base}?SERVICE=WMS&REQUEST=GetCapabilities&VERSION={version}")
        check(status == 200 and found == kind, f"{version}: {status} {found}")
        validate(f"capabilities {version}", body, validation)
        extents(version, body)
        links(version, body)
    for version, validation, kind in [
        ("1.3.0", ["--schema", f"{SCHEMAS}/1.3.0/exceptions_1_3_0.xsd"], "text/xml"),
        ("1.1.1", ["--dtdvalid", f"{SCHEMAS}/1.1.1/exception_1_1_1.dtd"], "application/vnd.ogc.se_xml"),
    ]:
        status, found, body = fetch(f"{base}?SERVICE=WMS&REQUEST=GetMap&VERSION={version}&LAYERS=x")
        check(status == 400 and found == kind, f"exception {version}: {status} {found}")
        validate(f"exception {version}", body, validation)


def validate(name, body, validation):
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        file.write(body)
        file.flush()
        done = subprocess.run(
            ["xmllint", "--nonet", "--noout", *validation, file.name], capture_output=True, text=True)
    check(done.returncode == 0, f"{name} is not valid: {done.stderr[:1000]}")
    print(f"  {name}: {len(body)} bytes, valid: {done.returncode == 0}")


def expected_extent(code):
    """The whole globe in a system, by PROJ: the projections of its outermost points."""
    if code % 100 < 3:
        return (-180, -90, 180, 90)
    if code % 100 in (65, 70):
        return (-RADIUS, -RADIUS, RADIUS, RADIUS)
    to = osr.CoordinateTransformation(system("IAU_2015:49900"), system(f"IAU_2015:{code}"))
    if code % 100 in (30, 35):
        places = [(0, lon) for lon in range(0, 360, 90)]
    else:
        centre = 180 if code % 10 == 5 else 0
        places = [(90, centre), (-90, centre), (0, centre + 179.9999999), (0, centre - 179.9999999)]
    points = np.array([to.TransformPoint(*place)[:2] for place in places])
    return (*points.min(axis=0), *points.max(axis=0))


def extents(version, body):
    root = ET.fromstring(re.sub(rb"<!DOCTYPE[^>]*>", b"", body))
    name = lambda tag: f"{{http://www.opengis.net/wms}}{tag}" if version == "1.3.0" else tag
    crs_name = "CRS" if version == "1.3.0" else "SRS"
    top = root.find(name("Capability")).find(name("Layer"))
    listed = [element.text for element in top.findall(name(crs_name))]
    layers = top.findall(name("Layer"))
    check(len(layers) == 2 and len(listed) >= 15, f"{version}: {len(layers)} layers, {len(listed)} systems")
    check(len(set(listed)) == len(listed), f"{version}: a system is listed twice")
    for layer in layers:
        boxes = {box.get(crs_name): box for box in layer.findall(name("BoundingBox"))}
        check(set(boxes) == set(listed), f"{version}: boxes {sorted(boxes)} for systems {sorted(listed)}")
        for crs, box in boxes.items():
            found = [float(box.get(edge)) for edge in ("minx", "miny", "maxx", "maxy")]
            if version == "1.3.0" and is_north_first(crs):
                found = [found[1], found[0], found[3], found[2]]
            wanted = expected_extent(int(crs.split(":")[1]))
            size = max(abs(number) for number in wanted)
            check(
                max(abs(a - b) for a, b in zip(found, wanted)) < 1e-3 * size,
                f"{version}: the box of {crs} is {found}, expected {wanted}")


def links(version, body):
    """All that the document points to is what it says."""
    root = ET.fromstring(re.sub(rb"<!DOCTYPE[^>]*>", b"", body))
    count = 0
    for element in root.iter():
        tag = element.tag.split("}")[-1]
        if tag not in ("LegendURL", "MetadataURL", "DataURL"):
            continue
        children = {child.tag.split("}")[-1]: child for child in element}
        address = children["OnlineResource"].get("{http://www.w3.org/1999/xlink}href")
        status, kind, content = fetch(address)
        count += 1
        check(status == 200 and kind == children["Format"].text, f"{address}: {status} {kind}")
        if tag == "LegendURL" and status == 200:
            size = Image.open(io.BytesIO(content)).size
            stated = (int(element.get("width")), int(element.get("height")))
            check(size == stated, f"{address}: {size}, stated as {stated}")
    check(count > 4, f"{version}: {count} links")


def gdal_files(base, maps):
    print("GDAL")
    gdal.SetConfigOption("GDAL_HTTP_TIMEOUT", "60")
    for version in ("1.1.1", "1.3.0"):
        for name, crs, box, width, height in WINDOWS:
            for layer in ("mola", "viking"):
                tag = "CRS" if version == "1.3.0" else "SRS"
                order = "yxYX" if version == "1.3.0" and is_north_first(crs) else "xyXY"
                text = f"""<GDAL_WMS><Service name="WMS"><Version>{version}</Version>
                    <ServerUrl>{base}?{RANGE}&amp;</ServerUrl><{tag}>{crs}</{tag}><ImageFormat>image/png</ImageFormat>
                    <Layers>{layer}</Layers><Styles>{maps.styles[layer]}</Styles><BBoxOrder>{order}</BBoxOrder></Service>
                    <DataWindow><UpperLeftX>{box[0]!r}</UpperLeftX><UpperLeftY>{box[3]!r}</UpperLeftY>
                    <LowerRightX>{box[2]!r}</LowerRightX><LowerRightY>{box[1]!r}</LowerRightY>
                    <SizeX>{width}</SizeX><SizeY>{height}</SizeY></DataWindow><Projection>{crs}</Projection>
                    <BandsCount>3</BandsCount><BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY></GDAL_WMS>"""
                try:
                    picture = np.moveaxis(gdal.Open(text).ReadAsArray(), 0, 2)
                except RuntimeError as error:
                    check(False, f"GDAL {version} {layer} {name}: {error}")
                    continue
                maps.compare(f"{version} {layer} {name}", picture, layer, (crs, box, width, height))


def gdal_capabilities(base):
    """The subdatasets that GDAL finds by itself, which it fetches as JPEG."""
    found = gdal.Open(f"WMS:{base}?SERVICE=WMS&REQUEST=GetCapabilities").GetSubDatasets()
    check(len(found) >= 2, f"GDAL finds {len(found)} subdatasets")
    for address, title in found:
        dataset = gdal.Open(address)
        check(dataset is not None and dataset.RasterXSize > 0, f"GDAL cannot open {address}")
    print(f"  capabilities: {len(found)} subdatasets")


def owslib(base, maps):
    print("OWSLib")
    from owslib.util import ServiceException
    from owslib.wms import WebMapService

    for version in ("1.1.1", "1.3.0"):
        service = WebMapService(base, version=version)
        check(sorted(service.contents) == ["mola", "viking"], f"OWSLib finds {sorted(service.contents)}")
        layer = service["mola"]
        check(layer.boundingBoxWGS84 == (-180, -90, 180, 90), f"OWSLib: {layer.boundingBoxWGS84}")
        check("IAU_2015:49930" in layer.crsOptions, f"OWSLib: {layer.crsOptions}")
        check("grey" in layer.styles, f"OWSLib: {sorted(layer.styles)}")
        for name, crs, box, width, height in WINDOWS:
            swap = version == "1.3.0" and is_north_first(crs)
            sent = (box[1], box[0], box[3], box[2]) if swap else box
            for layer in ("mola", "viking"):
                reply = service.getmap(
                    layers=[layer], styles=[maps.styles[layer]], srs=crs, bbox=sent, size=(width, height),
                    format="image/png", transparent=True, range=f"{LOW:.0f},{HIGH:.0f}")
                picture = np.asarray(Image.open(io.BytesIO(reply.read())).convert("RGBA"))
                maps.compare(f"{version} {layer} {name}", picture, layer, (crs, box, width, height))
        try:
            service.getmap(
                layers=["nosuch"], srs="IAU_2015:49910", bbox=(0, 0, 1, 1), size=(8, 8), format="image/png")
            check(False, "OWSLib sees no exception for an unknown layer")
        except ServiceException as exception:
            check("nosuch" in str(exception), f"OWSLib: {exception}")


def qgis(base, maps, folder):
    print("QGIS")
    requests = []
    for number, (name, crs, box, width, height) in enumerate(WINDOWS):
        # Maps in metres end at the seam.
        if name == "equirectangular, seam":
            continue
        for layer in ("mola", "viking"):
            file = os.path.join(folder, f"qgis-{number}-{layer}.png")
            requests.append((name, layer, (crs, box, width, height), file, dict(
                url=f"{base}?{RANGE}&", layer=layer, style=maps.styles[layer], crs=crs, box=box, width=width,
                height=height, file=file)))
    lines = "\n".join(json.dumps(request[4]) for request in requests)
    done = subprocess.run(
        ["/usr/bin/python3", os.path.join(HERE, "wms_qgis.py")], input=lines, text=True, capture_output=True,
        env=dict(os.environ, HOME=folder, XDG_RUNTIME_DIR=folder))
    check(done.returncode == 0, f"QGIS: {done.stdout}{done.stderr[-2000:]}")
    for name, layer, window, file, _ in requests:
        if not os.path.exists(file):
            check(False, f"QGIS drew no {layer} {name}")
            continue
        picture = np.asarray(Image.open(file).convert("RGBA"))
        maps.compare(f"{layer} {name}", picture, layer, window)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tessera")
    parser.add_argument("--only-qgis", action="store_true")
    parser.add_argument("--port", type=int, default=18420)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        # Tiles that an earlier run fetched must not stand for those of this one.
        gdal.SetConfigOption("GDAL_DEFAULT_WMS_CACHE_PATH", os.path.join(folder, "gdal"))
        for file, name, formats in [
            ("mars_mola_180.tif", "mola", "fits"), ("Mars_Viking_2048.jpg", "viking", "png")
        ]:
            subprocess.run(
                [options.tessera, "build", os.path.join(SURVEYS, file), "--data", data, "--body", "mars", "--name",
                 name, "--formats", formats, "--order", str(ORDER), "--quiet"], check=True)
        # The boxes of systems of degrees are looked at without it.
        wrapped = {"TESSERA_WMS_WRAP_EXTENT": "true"} if options.only_qgis else {}
        server = subprocess.Popen(
            [options.tessera, "serve", "--data", data, "--port", str(options.port)], stderr=subprocess.DEVNULL,
            env={**os.environ, **wrapped})
        base = f"http://127.0.0.1:{options.port}/mars/wms"
        tiles = f"http://127.0.0.1:{options.port}/mars/wmts"
        try:
            for _ in range(100):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{options.port}/hipslist", timeout=5)
                    break
                except OSError:
                    time.sleep(0.1)
            maps = Maps()
            if not options.only_qgis:
                documents(base)
                gdal_capabilities(base)
                gdal_files(base, maps)
                owslib(base, maps)
                tools = sys.modules[__name__]
                maps.range = wmts_clients.cut(tiles, tools)
                wmts_clients.documents(tiles, tools)
                wmts_clients.with_gdal(tiles, maps, tools)
                wmts_clients.with_owslib(tiles, maps, tools)
                wmts_clients.as_web_map(base[: -len("/wms")], maps, tools)
            else:
                qgis(base, maps, folder)
                maps.range = wmts_clients.cut(tiles, sys.modules[__name__])
                wmts_clients.with_qgis(tiles, maps, folder, sys.modules[__name__])
        finally:
            server.terminate()
            server.wait()
    check(maps.planted > 20, f"{maps.planted} borders were planted")
    if problems:
        print(f"{len(problems)} problems:", *problems, sep="\n  ")
        return 1
    print("the map service is what its clients and GDAL's warp expect")
    return 0


if __name__ == "__main__":
    sys.exit(main())
