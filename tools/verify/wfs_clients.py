#!/usr/bin/python3
"""The Web Feature Service in real clients, held to the GeoPackage that it serves.

    wfs_clients.py TESSERA [--qgis] [--only-qgis]

Imports the nomenclature of Mars and shapes over the seam and around the poles, serves them, and checks
  documents   capabilities, schemas, features and exceptions of all versions with xmllint, features against their own schema;
              links to further pages of requests that are documents
  GDAL        WFS 1.0.0, 1.1.0 and 2.0.0: boxes, conditions, whole layers with every feature in place; GeoPackage and GeoJSON
  OWSLib      1.0.0, 1.1.0 and 2.0.0
  VOTable     astropy and STILTS
  QGIS        with --qgis: a box and a filter in metres
  pages       capabilities, GDAL and QGIS with a server that sends 100 features to who says no number; OWSLib and readers of
              GeoJSON get these alone, and VOTables say so
Places may differ by 0.001 m or 1e-8 degrees."""

import argparse
import csv
import io
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ET

from osgeo import gdal, ogr

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = os.path.join(HERE, "..", "..", "surveys", "nomenclature", "mars.csv")
SCHEMAS = os.path.join(HERE, "schemas", "ogc")
RADIUS = 3396190.0
DEGREE = math.pi / 180 * RADIUS
GML = {"1.0.0": "http://www.opengis.net/gml", "1.1.0": "http://www.opengis.net/gml", "2.0.0": "http://www.opengis.net/gml/3.2"}
# Between the two decimals of the table, so that no place lies on a side.
BOX = (100.003, 20.003, 140.003, 40.003)
problems = []
gdal.UseExceptions()
ogr.UseExceptions()


def check(condition, message):
    if not condition:
        problems.append(message)
        print("  WRONG:", message)


def fetch(url, data=None):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=60) as reply:
            return reply.status, reply.headers["Content-Type"], reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()


def ask(base, **parameters):
    return fetch(base + "?" + urllib.parse.urlencode({"SERVICE": "WFS", **parameters}))


def shapes(path):
    """Polygons, lines and points in one file, with names of columns that are no names of XML."""
    def feature(number, geometry):
        return {"type": "Feature", "geometry": geometry, "properties": {
            "number": number, "2nd name": f"<{number}> & \"so\"", "größe km": number / 7, "seen": f"2013-07-0{number}"}}

    def ring(west, south, east, north):
        return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]

    cap = [[float(lon), 80.0] for lon in range(-180, 181, 20)] + [[180.0, 90.0], [-180.0, 90.0], [-180.0, 80.0]]
    features = [
        feature(1, {"type": "Polygon", "coordinates": ring(10, 10, 20, 20)}),
        feature(2, {"type": "Polygon", "coordinates": ring(170, -10, 190, 10)}),
        feature(3, {"type": "Polygon", "coordinates": [cap]}),
        feature(4, {"type": "Polygon", "coordinates": ring(-40, -60, -20, -50) + [[
            [-35, -58], [-35, -52], [-25, -52], [-25, -58], [-35, -58]]]}),
    ]
    json.dump({"type": "FeatureCollection", "features": features}, open(path, "w"))


class Table:
    """A layer as it lies in the GeoPackage."""

    def __init__(self, path, layer):
        self.dataset = ogr.Open(path)
        self.layer = self.dataset.GetLayerByName(layer)
        self.features = {f.GetFID(): f.Clone() for f in self.layer}

    def inside(self, west, south, east, north):
        return {key for key, f in self.features.items()
                if west <= f.GetGeometryRef().GetX() <= east and south <= f.GetGeometryRef().GetY() <= north}


def validate(what, document, schema, folder):
    path = os.path.join(folder, "document.xml")
    open(path, "wb").write(document)
    run = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", schema, path], capture_output=True, text=True)
    check(run.returncode == 0, f"{what}: {run.stderr[:600]}")


def combined(base, version, folder):
    """A schema of the collection and of the types of the service, with all addresses on this disk."""
    gml = {"1.0.0": "gml/2.1.2/feature.xsd", "1.1.0": "gml/3.1.1/base/gml.xsd", "2.0.0": "gml/3.2.1/gml.xsd"}[version]
    wfs = {"1.0.0": ("http://www.opengis.net/wfs", "wfs/1.0.0/WFS-basic.xsd"),
           "1.1.0": ("http://www.opengis.net/wfs", "wfs/1.1.0/wfs.xsd"),
           "2.0.0": ("http://www.opengis.net/wfs/2.0", "wfs/2.0/wfs.xsd")}[version]
    status, _, schema = ask(base, VERSION=version, REQUEST="DescribeFeatureType")
    check(status == 200, f"DescribeFeatureType {version}: {status}")
    text = schema.decode()
    start = text.index('schemaLocation="http://schemas.opengis.net/')
    end = text.index('"', start + 16)
    text = text[:start] + f'schemaLocation="{SCHEMAS}/{gml}' + text[end:]
    open(os.path.join(folder, f"types{version}.xsd"), "w").write(text)
    path = os.path.join(folder, f"all{version}.xsd")
    open(path, "w").write(
        f'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f'<xsd:import namespace="{wfs[0]}" schemaLocation="{SCHEMAS}/{wfs[1]}"/>'
        f'<xsd:import namespace="{GML[version]}" schemaLocation="{SCHEMAS}/{gml}"/>'
        f'<xsd:import namespace="urn:x-tessera:mars" schemaLocation="types{version}.xsd"/></xsd:schema>')
    return path


def documents(base, folder):
    print("documents")
    for version, schema in [
        ("1.0.0", "wfs/1.0.0/WFS-capabilities.xsd"), ("1.1.0", "wfs/1.1.0/wfs.xsd"), ("2.0.0", "wfs/2.0/wfs.xsd")
    ]:
        status, kind, document = ask(base, VERSION=version, REQUEST="GetCapabilities")
        check(status == 200 and kind == "text/xml", f"capabilities {version}: {status} {kind}")
        validate(f"capabilities {version}", document, f"{SCHEMAS}/{schema}", folder)
        path = combined(base, version, folder)
        for name in ("names", "shapes"):
            for more in ({}, {"COUNT": 3}, {"COUNT": 0}, {"SRSNAME": "urn:ogc:def:crs:IAU_2015::49900"}):
                status, kind, document = ask(
                    base, VERSION=version, REQUEST="GetFeature", TYPENAME=f"tessera:{name}", **more)
                check(status == 200, f"GetFeature {version} {name} {more}: {status}")
                validate(f"GetFeature {version} {name} {more}", document, path, folder)
        exception = {"1.0.0": "wfs/1.0.0/OGC-exception.xsd", "1.1.0": "ows/1.0.0/owsExceptionReport.xsd",
                     "2.0.0": "ows/1.1.0/owsExceptionReport.xsd"}[version]
        status, kind, document = ask(base, VERSION=version, REQUEST="GetFeature", TYPENAME="nothing")
        check(status == 400, f"unknown type {version}: {status}")
        validate(f"exception {version}", document, f"{SCHEMAS}/{exception}", folder)
    wfs = f"{SCHEMAS}/wfs/2.0/wfs.xsd"
    for what, parameters in [
        ("ListStoredQueries", {}), ("DescribeStoredQueries", {}),
        ("GetPropertyValue", {"TYPENAMES": "shapes", "VALUEREFERENCE": "number"}),
        ("GetPropertyValue", {"TYPENAMES": "shapes", "VALUEREFERENCE": "geom"}),
        ("GetFeature", {"TYPENAMES": "(shapes)(names)", "COUNT": 6}),
        ("GetFeature", {"TYPENAMES": "names", "RESULTTYPE": "hits"}),
    ]:
        status, _, document = ask(base, VERSION="2.0.0", REQUEST=what, **parameters)
        check(status == 200, f"{what} {parameters}: {status}")
        validate(f"{what} {parameters}", document, path if what.startswith("GetF") else wfs, folder)
    # Two queries of one type, whose features stand in the document once: the schema takes no identifier twice.
    twice = ('<Query typeNames="shapes"/><Query typeNames="shapes"><Filter><PropertyIsLessThan><ValueReference>number'
             '</ValueReference><Literal>3</Literal></PropertyIsLessThan></Filter></Query>')
    for version in ("1.0.0", "1.1.0", "2.0.0"):
        status, _, document = fetch(
            base, f'<GetFeature service="WFS" version="{version}">{twice}</GetFeature>'.encode())
        check(status == 200 and document.count(b"xlink:href=\"#shapes.") == 2, f"{version} twice: {status}")
        validate(f"one type twice, {version}", document, combined(base, version, folder), folder)
    follow(base, twice, 6, path, folder)
    box = ('<Query typeNames="names" srsName="IAU_2015:49900"><Filter><BBOX><ValueReference>geom</ValueReference>'
           '<g:Envelope xmlns:g="http://www.opengis.net/gml/3.2"><g:lowerCorner>100.003 20.003</g:lowerCorner>'
           '<g:upperCorner>140.003 40.003</g:upperCorner></g:Envelope></BBOX></Filter></Query>')
    table = Table(os.path.join(folder, "data", "features.gpkg"), "mars_names")
    follow(base, box, len(table.inside(*BOX)), path, folder)
    # Every identifier once, those of geometries too.
    _, _, document = ask(base, VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="shapes")
    ids = [e.get("{http://www.opengis.net/gml/3.2}id") for e in ET.fromstring(document).iter()]
    ids = [i for i in ids if i]
    check(len(ids) == len(set(ids)) and len(ids) >= 8, f"identifiers {ids}")


def follow(base, queries, count, schema, folder):
    """Pages of a document, fetched by the links of each, which are valid and all together the whole."""
    gml, wfs = "{http://www.opengis.net/gml/3.2}id", "{http://www.opengis.net/wfs/2.0}member"

    def members(document):
        inner = [m for m in ET.fromstring(document).iter(wfs) if m.find("{http://www.opengis.net/wfs/2.0}FeatureCollection") is None]
        return [m[0].get(gml) if len(m) else m.get("{http://www.w3.org/1999/xlink}href")[1:] for m in inner]

    request = '<GetFeature service="WFS" version="2.0.0"{}>' + queries + "</GetFeature>"
    whole = members(fetch(base, request.format("").encode())[2])
    check(len(whole) == count, f"{len(whole)} of {count} features in a document's answer")
    status, _, page = fetch(base, request.format(' count="4"').encode())
    found = []
    while True:
        check(status == 200, f"a page of a document: {status}")
        validate("a page of a document", page, schema, folder)
        found += members(page)
        link = ET.fromstring(page).get("next")
        if link is None or len(found) > count:
            break
        status, _, page = fetch(link)
    check(found == whole, f"pages of a document: {len(found)} of {len(whole)} features")


# "Feature Name" as a name of XML.
NAME = "Feature_x0020_Name"


def place(geometry):
    return geometry.GetX(), geometry.GetY()


def gdal_client(base, names, shape_table, folder):
    print("GDAL")
    for version in ("1.0.0", "1.1.0", "2.0.0"):
        service = ogr.Open(f"WFS:{base}?VERSION={version}")
        layer = service.GetLayerByName("tessera:names")
        if layer is None:
            check(False, f"GDAL {version} finds no layer")
            continue
        code = layer.GetSpatialRef().GetAuthorityCode(None) if layer.GetSpatialRef() else None
        check(code == "49910", f"GDAL {version}: system {code}")
        # Boxes on both sides of the seam and near both poles.
        for west, south, east, north in [BOX, (170.003, -40.003, 180.003, 10.003), (-180.003, -40.003, -170.003, 10.003),
                                         (-180.003, 75.003, 180.003, 90), (-180.003, -90, 180.003, -70.003)]:
            layer.SetSpatialFilterRect(west * DEGREE, south * DEGREE, east * DEGREE, north * DEGREE)
            found = {f.GetFID(): f.Clone() for f in layer}
            check(set(found) == names.inside(west, south, east, north) and found,
                  f"GDAL {version} box {(west, south, east, north)}: {len(found)} features")
        layer.SetSpatialFilter(None)
        layer.SetAttributeFilter("Diameter > 500")
        found = {str(f.GetFID()) for f in layer}
        wanted = {str(key) for key, f in names.features.items() if (f.GetField("Diameter") or 0) > 500}
        check(found == wanted and found, f"GDAL {version} -where: {len(found)} of {len(wanted)}")
        layer.SetAttributeFilter(None)
        whole = {f.GetFID(): place(f.GetGeometryRef())
                 for f in layer}
        check(set(whole) == set(names.features), f"GDAL {version}: {len(whole)} of {len(names.features)} features")
        worst = max(max(abs(x - f.GetGeometryRef().GetX() * DEGREE), abs(y - f.GetGeometryRef().GetY() * DEGREE))
                    for key, f in names.features.items() for x, y in [whole.get(key, (0, 0))])
        check(worst < 1e-3, f"GDAL {version}: places are off by {worst} m")
        layer = service.GetLayerByName("tessera:shapes")
        for f in layer:
            key = f.GetFID()
            wanted = shape_table.features[key].GetGeometryRef().GetArea() * DEGREE * DEGREE
            check(abs(f.GetGeometryRef().GetArea() / wanted - 1) < 1e-6,
                  f"GDAL {version}: area of shape {key}: {f.GetGeometryRef().GetArea()} for {wanted}")
    for format, suffix in (("gpkg", "gpkg"), ("geojson", "geojson")):
        status, _, body = ask(base, VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="names", OUTPUTFORMAT=format)
        path = os.path.join(folder, "names." + suffix)
        open(path, "wb").write(body)
        os.chmod(path, 0o444)
        dataset = ogr.Open(path)
        layer = dataset.GetLayer(0)
        check(layer.GetSpatialRef().GetAuthorityCode(None) == "49900", f"{format}: another system")
        found = {(round(f.GetGeometryRef().GetX(), 7), round(f.GetGeometryRef().GetY(), 7)) for f in layer}
        wanted = {(round(f.GetGeometryRef().GetX(), 7), round(f.GetGeometryRef().GetY(), 7))
                  for f in names.features.values()}
        check(found == wanted, f"{format}: {len(found ^ wanted)} places differ")


def owslib(base, names):
    print("OWSLib")
    from owslib.wfs import WebFeatureService

    for version in ("1.0.0", "1.1.0", "2.0.0"):
        service = WebFeatureService(base, version=version)
        check(sorted(service.contents) == ["tessera:names", "tessera:shapes"],
              f"OWSLib {version} finds {sorted(service.contents)}")
        reply = service.getfeature(typename=["tessera:names"], maxfeatures=2)
        document = reply.read()
        document = document if isinstance(document, bytes) else document.encode()
        count = document.count(b"<tessera:names ")
        check(count == 2, f"OWSLib {version}: {count} features of 2")
        schema = service.get_schema("tessera:names")
        check(schema and schema["geometry"] == "Point" and schema["geometry_column"] == "geom",
              f"OWSLib {version}: schema {schema and schema['geometry']}")


def tables(base, names, folder):
    print("tables")
    _, _, body = ask(base, VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="names", OUTPUTFORMAT="votable")
    from astropy.io.votable import parse_single_table

    table = parse_single_table(io.BytesIO(body), verify="exception")
    rows = table.to_table()
    check(len(rows) == len(names.features), f"astropy: {len(rows)} rows")
    check(str(rows["lon"].unit) == "deg", f"astropy: unit {rows['lon'].unit}")
    worst = max(max(abs(row["lon"] - f.GetX()), abs(row["lat"] - f.GetY())) for row in rows
                for f in [names.features[int(row["id"].split(".")[-1])].GetGeometryRef()])
    check(worst < 1e-8, f"astropy: places are off by {worst} degrees")
    path = os.path.join(folder, "names.vot")
    open(path, "wb").write(body)
    run = subprocess.run(["stilts", "votlint", f"votable={path}"], capture_output=True, text=True)
    check(run.returncode == 0 and "ERROR" not in run.stdout + run.stderr, f"votlint: {(run.stdout + run.stderr)[:400]}")
    run = subprocess.run(["stilts", "tpipe", f"in={path}", "omode=count"], capture_output=True, text=True)
    check(f"rows: {len(names.features)}" in run.stdout, f"STILTS: {run.stdout} {run.stderr[:200]}")
    _, _, body = ask(base, VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="names", OUTPUTFORMAT="csv")
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    check(len(rows) == len(names.features) and float(rows[0]["lon"]) is not None, f"CSV: {len(rows)} rows")
    _, _, body = ask(base, VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="shapes", OUTPUTFORMAT="csv")
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    check(all(ogr.CreateGeometryFromWkt(row["geom"]) for row in rows), "CSV: a shape cannot be read")
    check(rows[0]["2nd name"] == "<1> & \"so\"", f"CSV: {rows[0]}")


def qgis(base, names, number=None):
    print("QGIS" + (f", pages of {number}" if number else ""))
    wishes = [
        {"url": base, "type": "tessera:names", "crs": "IAU_2015:49910", "version": version, "key": NAME, **more}
        for version in (("2.0.0",) if number else ("2.0.0", "1.1.0"))
        for more in ({"box": [side * DEGREE for side in BOX]}, {"filter": "\"Diameter\" > 500"},
                     *([{}] if number else []))
    ]
    run = subprocess.run(
        ["/usr/bin/python3", os.path.join(HERE, "wfs_qgis.py")], text=True, capture_output=True,
        input="".join(json.dumps(wish) + "\n" for wish in wishes), timeout=300)
    answers = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    check(len(answers) == len(wishes), f"QGIS: {len(answers)} answers; {run.stderr[-400:]}")
    for wish, answer in zip(wishes, answers):
        if "error" in answer:
            check(False, f"QGIS: {answer['error']}")
            continue
        check(answer["crs"] == "IAU_2015:49910", f"QGIS: system {answer['crs']}")
        wanted = [names.features[key] for key in names.inside(*BOX)] if "box" in wish else [
            f for f in names.features.values() if "filter" not in wish or (f.GetField("Diameter") or 0) > 500]
        wanted = sorted((f.GetField("Feature Name"), *place(f.GetGeometryRef())) for f in wanted)
        found = sorted(map(tuple, answer["features"]))
        check([w[0] for w in wanted] == [f[0] for f in found] and found,
              f"QGIS {wish['version']}: {len(found)} of {len(wanted)} features")
        for (name, x, y), (_, lon, lat) in zip(found, wanted):
            far = max(abs(x - lon * DEGREE), abs(y - lat * DEGREE))
            check(far < 1e-3, f"QGIS: {name} is off by {far} m")


def default_number(base, names, number, folder):
    """A server that sends so many features to who says no number: clients find them all, by its pages."""
    print(f"pages of {number}")
    for version, schema, name, times in [("2.0.0", "2.0", b"CountDefault", 2), ("1.1.0", "1.1.0", b"DefaultMaxFeatures", 1)]:
        _, _, document = ask(base, VERSION=version, REQUEST="GetCapabilities")
        check(document.count(b'<ows:Constraint name="%s">' % name) == times, f"{name.decode()} is not told")
        validate(f"capabilities {version}", document, f"{SCHEMAS}/wfs/{schema}/wfs.xsd", folder)
    _, _, document = ask(base, VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="names")
    root = ET.fromstring(document)
    check((root.get("numberReturned"), root.get("numberMatched")) == (str(number), str(len(names.features))),
          f"{root.get('numberReturned')} of {root.get('numberMatched')} features")
    service = ogr.Open(f"WFS:{base}?VERSION=2.0.0")
    found = [f.GetFID() for f in service.GetLayerByName("tessera:names")]
    check(len(found) == len(names.features) and set(found) == set(names.features),
          f"GDAL: {len(found)} of {len(names.features)} features")
    # Who does not page gets so many, as docs/wfs.md says.
    from owslib.wfs import WebFeatureService

    for version in ("1.0.0", "1.1.0", "2.0.0"):
        service = WebFeatureService(base, version=version)
        for wish, wanted in [({}, number), ({"maxfeatures": number + 1}, number + 1), ({"maxfeatures": 10 ** 9}, len(names.features))]:
            document = service.getfeature(typename=["tessera:names"], **wish).read()
            document = document if isinstance(document, bytes) else document.encode()
            count = document.count(b"<tessera:names ")
            check(count == wanted, f"OWSLib {version} with {wish}: {count} features, {wanted} expected")
    address = f"{base}?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=names&OUTPUTFORMAT="
    whole = ogr.Open(address + "json")
    found = whole.GetLayer(0).GetFeatureCount()
    check(found == number, f"GDAL with the address of GeoJSON: {found} features")
    overflow(base, len(names.features), number, folder)


def overflow(base, total, number, folder):
    """VOTables tell that rows are missing, where they are; what has no place for it in the head of the answer."""
    from astropy.io.votable import parse
    from astropy.utils.data import get_pkg_data_filename

    schema = get_pkg_data_filename("data/VOTable.v1.4.xsd", package="astropy.io.votable")

    def table(format, **more):
        words = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", "TYPENAMES": "names", "OUTPUTFORMAT": format}
        with urllib.request.urlopen(base + "?" + urllib.parse.urlencode({**words, **more}), timeout=60) as reply:
            return reply.headers["Tessera-Warning"], reply.read()

    for more, rows, is_cut in [
        ({}, number, True), ({"COUNT": total}, total, False), ({"COUNT": total - 1}, total - 1, True),
        ({"STARTINDEX": total - 3}, 3, False), ({"TYPENAMES": "(names)(names)"}, number, True),
    ]:
        warning, body = table("votable", **more)
        check((warning is not None) == (is_cut and "COUNT" not in more), f"VOTable {more}: {warning}")
        path = os.path.join(folder, "cut.vot")
        open(path, "wb").write(body)
        document = parse(path, verify="exception")
        found = [info.value for resource in document.resources
                 for info in resource.infos + [i for t in resource.tables for i in t.infos] if info.name == "QUERY_STATUS"]
        check(found == ["OK", "OVERFLOW"][:1 + is_cut], f"VOTable {more}: {found}")
        count = sum(len(part.array) for part in document.iter_tables())
        check(count == rows, f"VOTable {more}: {count} rows of {rows}")
        validate(f"VOTable {more}", body, schema, folder)
        run = subprocess.run(["stilts", "votlint", f"votable={path}"], capture_output=True, text=True)
        check(run.returncode == 0 and "ERROR" not in run.stdout + run.stderr, f"votlint: {(run.stdout + run.stderr)[:400]}")
    warning, body = table("csv")
    check(len(list(csv.reader(io.StringIO(body.decode())))) == number + 1 and f"{number} of {total} " in (warning or ""),
          f"CSV: {warning}")


def with_server(options, data, folder, number):
    """Checks one server; with a number one that sends as many features to who says none."""
    command = [options.tessera, "serve", "--data", data, "--port", str(options.port)]
    environment = dict(os.environ)
    if number:
        environment["TESSERA_FEATURES_COUNT_DEFAULT"] = str(number)
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment)
    base = f"http://127.0.0.1:{options.port}/mars/wfs"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{options.port}/health", timeout=5)
                break
            except OSError:
                time.sleep(0.1)
        path = os.path.join(data, "features.gpkg")
        names, shape_table = Table(path, "mars_names"), Table(path, "mars_shapes")
        if number:
            if not options.only_qgis:
                default_number(base, names, number, folder)
        elif not options.only_qgis:
            documents(base, folder)
            gdal_client(base, names, shape_table, folder)
            owslib(base, names)
            tables(base, names, folder)
        if options.qgis or options.only_qgis:
            qgis(base, names, number)
    finally:
        server.terminate()
        server.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tessera")
    parser.add_argument("--qgis", action="store_true")
    parser.add_argument("--only-qgis", action="store_true")
    parser.add_argument("--port", type=int, default=18240)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        os.environ["XDG_CACHE_HOME"] = folder
        shapes(os.path.join(folder, "shapes.geojson"))
        for file, layer in [(NAMES, "names"), (os.path.join(folder, "shapes.geojson"), "shapes")]:
            subprocess.run(
                [options.tessera, "import", file, "--body", "mars", "--layer", layer, "--data", data], check=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for settings in (None, 100):
            with_server(options, data, folder, settings)
    print(f"{len(problems)} problems" if problems else "all right")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
