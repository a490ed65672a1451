#!/usr/bin/python3
"""The tile service in real clients, held to GDAL's warp of the source maps. Run by wms_clients.py, which builds and serves.

  documents   metadata and exceptions with xmllint
  GDAL        windows of tiles by the WMTS driver
  OWSLib      tiles, and that their mistakes are seen
  web maps    tiles by the template of TileJSON
  QGIS        windows by the WMTS provider
Windows lie on the pixels of a level, so that nothing is resampled on the way."""

import io
import json
import os
import subprocess

import numpy as np
from osgeo import gdal
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMAS = os.path.join(HERE, "schemas", "ogc")
RADIUS = 3396190.0
EQUIRECTANGULAR = "MarsEquidistantCylindricalSphere"
NORTH, SOUTH = "MarsNorthPolarStereographicSphere", "MarsSouthPolarStereographicSphere"
# Set, system, level, first column and row, columns and rows of tiles: finer than the sources, at the seam and at the poles.
WINDOWS = [
    ("middle", EQUIRECTANGULAR, "IAU_2015:49910", 5, 31, 14, 2, 2),
    ("seam, west of it", EQUIRECTANGULAR, "IAU_2015:49910", 5, 62, 15, 2, 2),
    ("seam, east of it", EQUIRECTANGULAR, "IAU_2015:49910", 5, 0, 15, 2, 2),
    ("north pole", NORTH, "IAU_2015:49930", 5, 15, 15, 2, 2),
    ("south pole", SOUTH, "IAU_2015:49935", 5, 15, 15, 2, 2),
]


def pixel(name, level):
    """Metres of a pixel of a level."""
    return (np.pi * RADIUS / 256 if name == EQUIRECTANGULAR else RADIUS / 64) / 2**level


def origin(name):
    return (-np.pi * RADIUS, np.pi * RADIUS / 2) if name == EQUIRECTANGULAR else (-2 * RADIUS, 2 * RADIUS)


def window(name, level, column, row, columns, rows):
    """The box of some tiles, with their columns and rows of pixels."""
    size = pixel(name, level)
    left, top = origin(name)
    left, top = left + 256 * size * column, top - 256 * size * row
    return (left, top - 256 * size * rows, left + 256 * size * columns, top), 256 * columns, 256 * rows


def cut(base, tools):
    """The values of MOLA that its styles take for black and white: a tile has no RANGE in most clients."""
    text = tools.fetch(base.replace("/mars/wmts", "/hips/mars/mola/properties"))[2].decode()
    line = next(line for line in text.splitlines() if line.startswith("hips_pixel_cut"))
    return tuple(float(word) for word in line.split("=")[1].split())


def documents(base, tools):
    print("WMTS documents")
    metadata = ["--schema", f"{SCHEMAS}/wmts/1.0/wmtsGetCapabilities_response.xsd"]
    for address in (
        f"{base}?SERVICE=WMTS&REQUEST=GetCapabilities", f"{base}/1.0.0/WMTSCapabilities.xml",
        f"{base}?SERVICE=WMTS&REQUEST=GetCapabilities&SECTIONS=ServiceIdentification,OperationsMetadata",
    ):
        status, kind, body = tools.fetch(address)
        tools.check(status == 200 and kind == "text/xml", f"{address}: {status} {kind}")
        tools.validate("WMTS metadata", body, metadata)
    for query, status in (("SERVICE=WMTS&REQUEST=GetTile", 400), ("SERVICE=WMTS&REQUEST=Nothing", 501)):
        found, kind, body = tools.fetch(f"{base}?{query}")
        tools.check(found == status and kind == "text/xml", f"WMTS {query}: {found} {kind}")
        tools.validate("WMTS exception", body, ["--schema", f"{SCHEMAS}/ows/1.1.0/owsAll.xsd"])


def with_gdal(base, maps, tools):
    print("WMTS in GDAL")
    address = f"WMTS:{base}?SERVICE=WMTS&REQUEST=GetCapabilities"
    found = gdal.Open(address).GetSubDatasets()
    tools.check(len(found) >= 6, f"GDAL finds {len(found)} WMTS subdatasets")
    for title, name, crs, level, *tiles in WINDOWS:
        box, width, height = window(name, level, *tiles)
        for layer in ("mola", "viking"):
            dataset = gdal.OpenEx(
                address, open_options=[
                    f"LAYER={layer}", f"TILEMATRIXSET={name}", f"STYLE={maps.styles[layer]}",
                    f"TILEMATRIX={level}"])
            left, top = origin(name)
            size = pixel(name, level)
            picture = dataset.ReadAsArray(
                round((box[0] - left) / size), round((top - box[3]) / size), width, height)
            maps.compare(
                f"WMTS {layer} {title}", np.moveaxis(picture[:3], 0, 2), layer, (crs, box, width, height))


def mosaic(read, name, level, column, row, columns, rows):
    picture = np.zeros((256 * rows, 256 * columns, 4), np.uint8)
    for y in range(rows):
        for x in range(columns):
            tile = Image.open(io.BytesIO(read(level, row + y, column + x))).convert("RGBA")
            picture[256 * y:256 * y + 256, 256 * x:256 * x + 256] = np.asarray(tile)
    return picture


def with_owslib(base, maps, tools):
    print("WMTS in OWSLib")
    from owslib.util import ServiceException
    from owslib.wmts import WebMapTileService

    service = WebMapTileService(base + "?")
    tools.check(sorted(service.contents) == ["mola", "viking"], f"OWSLib finds {sorted(service.contents)}")
    tools.check(EQUIRECTANGULAR in service.tilematrixsets, f"OWSLib: {list(service.tilematrixsets)}")
    for title, name, crs, level, *tiles in WINDOWS:
        box, width, height = window(name, level, *tiles)
        for layer in ("mola", "viking"):
            def read(z, row, column):
                return service.gettile(
                    layer=layer, tilematrixset=name, tilematrix=str(z), row=row, column=column,
                    format="image/png", style=maps.styles[layer]).read()
            picture = mosaic(read, name, level, *tiles)
            maps.compare(f"WMTS {layer} {title}", picture, layer, (crs, box, width, height))
    try:
        service.gettile(
            layer="mola", tilematrixset=EQUIRECTANGULAR, tilematrix="1", row=9, column=0, format="image/png",
            style="default")
        tools.check(False, "OWSLib sees no exception for a row out of range")
    except ServiceException as exception:
        tools.check("TileOutOfRange" in str(exception), f"OWSLib: {exception!r}")


def as_web_map(root, maps, tools):
    print("tiles for web maps")
    for title, name, crs, level, *tiles in WINDOWS:
        status, kind, body = tools.fetch(f"{root}/tiles/viking/{name}/tilejson.json")
        tools.check(status == 200 and kind == "application/json", f"TileJSON: {status} {kind}")
        description = json.loads(body)
        tools.check(description["crs"] == crs and description["maxzoom"] >= level, f"TileJSON: {body[:300]}")

        def read(z, y, x):
            return tools.fetch(description["tiles"][0].format(z=z, y=y, x=x))[2]
        box, width, height = window(name, level, *tiles)
        maps.compare(
            f"tiles viking {title}", mosaic(read, name, level, *tiles), "viking", (crs, box, width, height))


def with_qgis(base, maps, folder, tools):
    print("WMTS in QGIS")
    requests = []
    for number, (title, name, crs, level, *tiles) in enumerate(WINDOWS):
        box, width, height = window(name, level, *tiles)
        for layer in ("mola", "viking"):
            file = os.path.join(folder, f"qgis-wmts-{number}-{layer}.png")
            requests.append((title, layer, (crs, box, width, height), file, dict(
                url=f"{base}?SERVICE=WMTS&REQUEST=GetCapabilities", layer=layer, style=maps.styles[layer], crs=crs,
                box=box, width=width, height=height, file=file, set=name)))
    done = subprocess.run(
        ["/usr/bin/python3", os.path.join(HERE, "wms_qgis.py")],
        input="\n".join(json.dumps(request[4]) for request in requests), text=True, capture_output=True,
        env=dict(os.environ, HOME=folder, XDG_RUNTIME_DIR=folder))
    tools.check(done.returncode == 0, f"QGIS: {done.stdout}{done.stderr[-2000:]}")
    for title, layer, shown, file, _ in requests:
        if not os.path.exists(file):
            tools.check(False, f"QGIS drew no {layer} {title} by WMTS")
            continue
        maps.compare(f"WMTS {layer} {title}", np.asarray(Image.open(file).convert("RGBA")), layer, shown)
