#!/usr/bin/python3
"""The Web Coverage Service in real clients, held to the source maps as GDAL reads them.

    wcs_clients.py TESSERA [--only-qgis] [--no-qgis]

Builds MOLA, its north polar map and Viking in a temporary folder, serves them, and checks
  documents   capabilities, descriptions and exceptions of both versions, and coverages of GML, with xmllint
  GDAL        WCS 1.0.0 and 2.0.1, with and without SCALESIZE: the elevations of mola_samples.csv, the summit of Olympus Mons, the
              floor of Hellas, places on both sides of the seam and near both poles, the radius of the CRS
  OWSLib      1.0.0 and 2.0.1
  QGIS        1.0.0, without a screen
Values of the source's own grid (mola__native) have to be those of the source, and those of the HiPS (mola) within the range of
the source's pixels around the place, widened by the mean error of an interpolation."""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ET

import numpy as np
from osgeo import gdal, osr

HERE = os.path.dirname(os.path.abspath(__file__))
SURVEYS = os.path.join(HERE, "..", "..", "surveys", "mars")
SCHEMAS = os.path.join(HERE, "schemas", "ogc")
RADIUS = 3396190.0
DEGREE = np.pi * RADIUS / 180
problems = []
gdal.UseExceptions()
osr.UseExceptions()


def check(condition, message):
    if not condition:
        problems.append(message)
        print("  WRONG:", message)
    return condition


def fetch(url, data=None):
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "text/xml"} if data else {})
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, reply.headers["Content-Type"], reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()


def validate(name, body, schema):
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        file.write(body)
        file.flush()
        done = subprocess.run(
            ["xmllint", "--nonet", "--noout", "--schema", os.path.join(SCHEMAS, schema), file.name],
            capture_output=True, text=True)
    check(done.returncode == 0, f"{name} is not valid: {done.stderr[:1500]}")
    print(f"  {name}: {len(body)} bytes, valid: {done.returncode == 0}")


class Source:
    """MOLA at 4 pixels per degree, as GDAL reads the file."""

    def __init__(self):
        self.values = gdal.Open(os.path.join(SURVEYS, "mars_mola_180.tif")).ReadAsArray().astype(float)
        with open(os.path.join(HERE, "mola_samples.csv")) as file:
            self.samples = [
                (float(row["lon_east_deg"]), float(row["lat_deg"]), float(row["value"])) for row in csv.DictReader(file)]
        # The highest pixel of Olympus Mons and the lowest one of Hellas, and pixels beside the seam and the poles.
        self.places = {
            "Olympus Mons": self.extreme(226.2, 18.65, 4, np.argmax), "Hellas": self.extreme(62.2, -32.8, 4, np.argmin),
            "west of the seam": (179.875, 10.125), "east of the seam": (180.125, 10.125),
            "west of 0": (359.875, -20.125), "east of 0": (0.125, -20.125),
            "north pole": (45.125, 89.875), "south pole": (200.125, -89.875)}

    def pixel(self, lon, lat):
        return int(np.floor((90 - lat) * 4)), int(np.floor(((lon + 180) % 360) * 4))

    def value(self, lon, lat):
        return self.values[self.pixel(lon, lat)]

    def extreme(self, lon, lat, degrees, choose):
        row, column = self.pixel(lon, lat)
        n = int(degrees * 4)
        part = self.values[row - n : row + n, column - n : column + n]
        r, c = np.unravel_index(choose(part), part.shape)
        return ((column - n + c + 0.5) / 4 - 180) % 360, 90 - (row - n + r + 0.5) / 4

    def bounds(self, lon, lat):
        """The least and the greatest value of the pixels around a place."""
        row, column = self.pixel(lon, lat)
        rows = np.clip(np.arange(row - 1, row + 2), 0, 719)
        # As far to the sides as up and down: columns come closer towards the poles.
        reach = min(int(np.ceil(1 / np.cos(np.radians(lat)))), 719)
        part = self.values[np.ix_(rows, np.arange(column - reach, column + reach + 1) % 1440)]
        return part.min(), part.max()


def signed(lon):
    return (lon + 180) % 360 - 180


def same_body(name, dataset):
    srs = dataset.GetSpatialRef()
    if check(srs is not None, f"{name}: no CRS"):
        check(abs(srs.GetSemiMajor() - RADIUS) < 1e-3, f"{name}: the radius is {srs.GetSemiMajor()}")
        check(srs.GetSemiMajor() == srs.GetSemiMinor(), f"{name}: no sphere")


def read(dataset, lon, lat):
    """The value of a dataset in degrees or in metres of the equirectangular map at a place."""
    srs = dataset.GetSpatialRef()
    unit = 1 if srs.IsGeographic() else DEGREE
    gt = dataset.GetGeoTransform()
    column = int(np.floor((signed(lon) * unit - gt[0]) / gt[1]))
    row = int(np.floor((lat * unit - gt[3]) / gt[5]))
    return dataset.ReadAsArray(column, row, 1, 1).astype(float).ravel()[0]


def judge(name, source, places, reader, exact):
    """Compares values at places; those of the HiPS may be anything between the pixels around."""
    wrong, errors = [], []
    for lon, lat in places:
        found, wanted = reader(lon, lat), source.value(lon, lat)
        errors.append(abs(found - wanted))
        low, high = source.bounds(lon, lat)
        if not (found == wanted if exact else low - 1 <= found <= high + 1):
            wrong.append(f"({lon}, {lat}): {found}, source {wanted} ({low} to {high})")
    check(not wrong, f"{name}: {len(wrong)} of {len(places)} values: {wrong[:3]}")
    print(f"  {name}: {len(places)} values, mean difference {np.mean(errors):.2f}, largest {np.max(errors):.1f}")


def documents(base):
    print("documents")
    for version, schema in [("2.0.1", "wcs/2.0/wcsAll.xsd"), ("1.0.0", "wcs/1.0.0/wcsCapabilities.xsd")]:
        status, kind, body = fetch(f"{base}?SERVICE=WCS&REQUEST=GetCapabilities&ACCEPTVERSIONS={version}")
        check(status == 200 and kind == "text/xml", f"capabilities {version}: {status} {kind}")
        validate(f"capabilities {version}", body, schema)
    names = [e.text for e in ET.fromstring(fetch(f"{base}?SERVICE=WCS&REQUEST=GetCapabilities")[2]).iter(
        "{http://www.opengis.net/wcs/2.0}CoverageId")]
    check({"mola", "mola__native", "viking", "north", "north__native"} <= set(names), f"coverages: {names}")
    ids = ",".join(names)
    _, _, body = fetch(f"{base}?SERVICE=WCS&VERSION=2.0.1&REQUEST=DescribeCoverage&COVERAGEID={ids}")
    validate("descriptions 2.0.1", body, "wcs/2.0/wcsAll.xsd")
    _, _, body = fetch(f"{base}?SERVICE=WCS&VERSION=1.0.0&REQUEST=DescribeCoverage&COVERAGE={ids}")
    # QGIS wants the plain code, which is no anyURI: apart from that the document is valid.
    body = body.replace(b'srsName="IAU_2015:', b'srsName="urn:ogc:def:crs:IAU_2015::')
    body = body.replace(b'srsName="TESSERA:', b'srsName="urn:ogc:def:crs:TESSERA::')
    validate("descriptions 1.0.0", body, "wcs/1.0.0/describeCoverage.xsd")
    get = f"{base}?SERVICE=WCS&VERSION=2.0.1&REQUEST=GetCoverage&COVERAGEID=mola&SUBSET=E(0,300000)&SUBSET=N(0,200000)"
    status, kind, body = fetch(get + "&FORMAT=application/gml%2Bxml")
    check(status == 200 and kind == "application/gml+xml", f"GML: {status} {kind}")
    validate("coverage of GML", body, "gmlcov/1.0/gmlcovAll.xsd")
    status, kind, body = fetch(get + "&MEDIATYPE=multipart/related")
    check(status == 200 and kind.startswith("multipart/related"), f"several parts: {status} {kind}")
    first = body.split(b"\r\n\r\n", 1)[1].split(b"\r\n--", 1)[0]
    validate("coverage beside a file", first, "gmlcov/1.0/gmlcovAll.xsd")
    status, kind, body = fetch(get + "&SUBSET=N(5)")
    check(status == 404 and b"InvalidAxisLabel" in body, f"exception 2.0.1: {status} {body}")
    validate("exception 2.0.1", body, "ows/2.0/owsAll.xsd")
    status, kind, body = fetch(f"{base}?SERVICE=WCS&VERSION=1.0.0&REQUEST=GetCoverage&COVERAGE=x&FORMAT=GTiff")
    check(status == 404 and kind == "application/vnd.ogc.se_xml", f"exception 1.0.0: {status} {kind}")
    validate("exception 1.0.0", body, "wcs/1.0.0/OGC-exception.xsd")
    post = (
        '<GetCoverage xmlns="http://www.opengis.net/wcs/2.0" service="WCS" version="2.0.1"><CoverageId>mola</CoverageId>'
        "<DimensionTrim><Dimension>E</Dimension><TrimLow>0</TrimLow><TrimHigh>300000</TrimHigh></DimensionTrim>"
        "<DimensionTrim><Dimension>N</Dimension><TrimLow>0</TrimLow><TrimHigh>200000</TrimHigh></DimensionTrim></GetCoverage>")
    status, kind, body = fetch(base, post.encode())
    check(status == 200 and body == fetch(get)[2], f"POST: {status} {kind}")
    bomb = "<!DOCTYPE x [" + "".join(
        f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "x" * 100}">' for i in range(12)) + "]><GetCapabilities>&e11;</GetCapabilities>"
    status, _, body = fetch(base, bomb.encode())
    check(status == 400 and b"ExceptionReport" in body, f"a bomb of entities: {status}")
    status, _, body = fetch(base, b"<a>" + b"x" * (2 << 20) + b"</a>")
    check(status == 413 and b"104857" in body, f"a document of 2 MB: {status} {body[:200]}")


def with_gdal(base, source):
    print("GDAL")
    places = [(lon, lat) for lon, lat, _ in source.samples]
    for lon, lat, value in source.samples:
        check(source.value(lon, lat) == value, f"the source is not that of the samples at {lon}, {lat}")
    for version in ("2.0.1", "1.0.0"):
        for coverage, exact in (("mola__native", True), ("mola", False)):
            name = f"{version} {coverage}"
            try:
                dataset = gdal.Open(f"WCS:{base}?version={version}&coverage={coverage}", gdal.GA_ReadOnly)
                same_body(name, dataset)
                check(dataset.RasterCount == 1, f"{name}: {dataset.RasterCount} bands")
                # Whole maps, as a client that draws them asks; then small parts.
                copy = gdal.Translate("", dataset, format="MEM")
                same_body(f"{name}, copied", copy)
                judge(f"{name}, samples", source, places, lambda lon, lat: read(copy, lon, lat), exact)
                judge(f"{name}, places", source, list(source.places.values()), lambda lon, lat: read(dataset, lon, lat), exact)
                # GDAL's SCALESIZE: every pixel is one of the source, or a mean of its neighbours.
                small = gdal.Translate("", dataset, format="MEM", width=360, height=180)
                check((small.RasterXSize, small.RasterYSize) == (360, 180), f"{name}: {small.RasterXSize}")
                scaled(f"{name}, scaled", source, small)
            except RuntimeError as error:
                check(False, f"GDAL {name}: {error}")
    colours = gdal.Open(f"WCS:{base}?version=2.0.1&coverage=viking")
    check(colours.RasterCount >= 3 and colours.GetRasterBand(1).DataType == gdal.GDT_Byte, "viking is not of bytes")
    summit = source.places["Olympus Mons"]
    floor = source.places["Hellas"]
    print(f"  Olympus Mons {source.value(*summit):.0f} m, Hellas {source.value(*floor):.0f} m")


def scaled(name, source, small):
    """Values of a whole map of 360 x 180 pixels against the pixels of the source that each of them covers."""
    array = small.ReadAsArray()
    blocks = source.values.reshape(180, 4, 360, 4)
    low, high = blocks.min(axis=(1, 3)), blocks.max(axis=(1, 3))
    outside = np.maximum(low - array, array - high)[2:-2, 1:-1]
    share = np.mean(outside > 50)
    check(share < 0.01, f"{name}: {100 * share:.2f} % of the pixels are not of their place")


def with_owslib(base, source, folder):
    print("OWSLib")
    import owslib
    from owslib.util import ServiceException
    from owslib.wcs import WebCoverageService

    service = WebCoverageService(base, version="1.0.0")
    check("mola" in service.contents, f"OWSLib 1.0.0: {sorted(service.contents)}")
    box = service.contents["mola"].boundingBoxWGS84
    check(np.allclose(box, (-180, -90, 180, 90), atol=0.01), f"OWSLib 1.0.0: {box}")
    reply = service.getCoverage(
        identifier="mola", bbox=(0, 0, 10 * DEGREE, 5 * DEGREE), crs="IAU_2015:49910", format="GTiff", width=40, height=20)
    compare_window("OWSLib 1.0.0", source, reply.read(), folder)
    service = WebCoverageService(base, version="2.0.1")
    # OWSLib of before 0.30 takes the first of a list, later ones the text itself.
    one = (lambda name: [name]) if tuple(map(int, owslib.__version__.split(".")[:2])) < (0, 30) else (lambda name: name)
    check("mola__native" in service.contents, f"OWSLib 2.0.1: {sorted(service.contents)}")
    reply = service.getCoverage(
        identifier=one("mola"), format="image/tiff", subsets=[("E", 0, 10 * DEGREE), ("N", 0, 5 * DEGREE)],
        scalesize="E(40),N(20)")
    compare_window("OWSLib 2.0.1", source, reply.read(), folder)
    reply = service.getCoverage(
        identifier=one("mola__native"), format="image/tiff", subsets=[("E", 0, 10 * DEGREE), ("N", 0, 5 * DEGREE)])
    compare_window("OWSLib 2.0.1 native", source, reply.read(), folder, exact=True)
    try:
        service.getCoverage(identifier=one("nosuch"), format="image/tiff").read()
        check(False, "OWSLib sees no exception for an unknown coverage")
    except (ServiceException, Exception) as exception:
        check("nosuch" in str(exception) or "404" in str(exception), f"OWSLib: {exception}")


def compare_window(name, source, body, folder, exact=False):
    """A window from 0 to 10 degrees east and 0 to 5 degrees north at the source's own resolution."""
    file = os.path.join(folder, "window.tif")
    with open(file, "wb") as out:
        out.write(body)
    dataset = gdal.Open(file)
    same_body(name, dataset)
    wanted = source.values[340:360, 720:760]
    found = dataset.ReadAsArray().astype(float)
    if not check(found.shape == wanted.shape, f"{name}: {found.shape}"):
        return
    off = np.abs(found - wanted)
    # Pixels as large as the source's are means of the tiles' smaller ones, and so of a part of the neighbours.
    around = [np.roll(source.values, (r, c), (0, 1))[340:360, 720:760] for r in (-1, 0, 1) for c in (-1, 0, 1)]
    low, high = np.min(around, axis=0), np.max(around, axis=0)
    right = off.max() == 0 if exact else np.all((found >= low - 1) & (found <= high + 1))
    check(right, f"{name}: mean difference {off.mean()}, largest {off.max()}")
    print(f"  {name}: mean difference {off.mean():.2f}, largest {off.max():.1f}")


def polar(base, source, folder):
    """Subsets and answers in the polar systems and over the seam, and a file in a polar system on its own grid."""
    print("other systems")
    get = f"{base}?SERVICE=WCS&VERSION=2.0.1&REQUEST=GetCoverage&COVERAGEID=mola"
    for name, code, sign in [("north", 49930, 1), ("south", 49935, -1)]:
        crs = f"http://www.opengis.net/def/crs/IAU_2015/0/{code}"
        status, kind, body = fetch(
            f"{get}&SUBSETTINGCRS={crs}&SUBSET=E(-600000,600000)&SUBSET=N(-600000,600000)&SCALESIZE=E(161),N(161)")
        if not check(status == 200, f"{name}: {status} {body[:300]}"):
            continue
        file = os.path.join(folder, f"{name}.tif")
        with open(file, "wb") as out:
            out.write(body)
        dataset = gdal.Open(file)
        same_body(name, dataset)
        here = osr.SpatialReference()
        here.SetFromUserInput(f"IAU_2015:{code}")
        check(dataset.GetSpatialRef().IsSame(here, ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS"])
              or "tereographic" in dataset.GetProjection(), f"{name}: {dataset.GetProjection()[:200]}")
        values, gt = dataset.ReadAsArray(), dataset.GetGeoTransform()
        places = [(lon + 0.125, sign * lat) for lon in range(0, 360, 30) for lat in (80.125, 83.125, 86.125, 89.125)]

        def reader(lon, lat):
            rho = 2 * RADIUS * np.tan(np.radians(90 - abs(lat)) / 2)
            x = rho * np.sin(np.radians(lon))
            y = -sign * rho * np.cos(np.radians(lon))
            return values[int((y - gt[3]) / gt[5]), int((x - gt[0]) / gt[1])]

        judge(f"{name} pole", source, places, reader, False)
    status, _, body = fetch(
        f"{get}&SUBSETTINGCRS=IAU_2015:49900&SUBSET=Long(175,185)&SUBSET=Lat(0,5)&SCALESIZE=Long(40),Lat(20)")
    file = os.path.join(folder, "seam.tif")
    with open(file, "wb") as out:
        out.write(body)
    dataset = gdal.Open(file)
    same_body("seam", dataset)
    gt, values = dataset.GetGeoTransform(), dataset.ReadAsArray()
    wanted = source.values[340:360, (np.arange(40) + 1420) % 1440]
    check(abs(gt[0] - 175) < 1e-9 and np.abs(values - wanted).mean() < 40, f"seam: {gt}, {np.abs(values - wanted).mean()}")
    print(f"  seam: mean difference {np.abs(values - wanted).mean():.2f}")
    own = gdal.Open(os.path.join(SURVEYS, "mars_mola_npole_stere.tif"))
    found = gdal.Translate("", gdal.Open(f"WCS:{base}?version=2.0.1&coverage=north__native"), format="MEM")
    same_body("north__native", found)
    check(np.array_equal(own.ReadAsArray(), found.ReadAsArray()), "north__native is not the file")
    check(np.allclose(own.GetGeoTransform(), found.GetGeoTransform(), atol=1e-6), f"{found.GetGeoTransform()}")


def with_qgis(base, source, folder):
    print("QGIS")
    places = [(signed(lon) * DEGREE, lat * DEGREE) for lon, lat in source.places.values()]
    requests = [
        dict(url=base, coverage="mola", crs="IAU_2015:49910", places=places),
        dict(url=base, coverage="mola__native", crs="IAU_2015:49910", places=places)]
    done = subprocess.run(
        ["/usr/bin/python3", os.path.join(HERE, "wcs_qgis.py")], input="\n".join(json.dumps(r) for r in requests), text=True,
        capture_output=True, env=dict(os.environ, HOME=folder, XDG_RUNTIME_DIR=folder))
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if not check(done.returncode == 0 and len(answers) == 2, f"QGIS: {done.stdout}{done.stderr[-2000:]}"):
        return
    for request, answer in zip(requests, answers):
        name = request["coverage"]
        if not check(answer["valid"], f"QGIS: {name} is not valid: {answer['error']}"):
            continue
        check(answer["crs"] == request["crs"], f"QGIS: {name} is in {answer['crs']}")
        edge = (180 * DEGREE, 90 * DEGREE)
        check(np.allclose(answer["extent"], [-edge[0], -edge[1], edge[0], edge[1]], rtol=1e-6), f"QGIS: {answer['extent']}")
        values = dict(zip(source.places.values(), answer["values"]))
        judge(f"QGIS {name}", source, list(source.places.values()), lambda lon, lat: values[lon, lat], name.endswith("native"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tessera")
    parser.add_argument("--only-qgis", action="store_true")
    parser.add_argument("--no-qgis", action="store_true")
    parser.add_argument("--port", type=int, default=18430)
    parser.add_argument("--data", help="a data directory that is there already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = options.data or os.path.join(folder, "data")
        # What an earlier run fetched must not stand for this one.
        os.environ["HOME"] = folder
        gdal.SetConfigOption("GDAL_HTTP_TIMEOUT", "60")
        for file, name, formats, order in [
            ("mars_mola_180.tif", "mola", "fits", 1), ("Mars_Viking_2048.jpg", "viking", "png", 1),
            ("mars_mola_npole_stere.tif", "north", "fits", 2),
        ]:
            if not options.data:
                subprocess.run(
                    [options.tessera, "build", os.path.join(SURVEYS, file), "--data", data, "--body", "mars", "--name",
                     name, "--formats", formats, "--order", str(order), "--quiet"], check=True)
        server = subprocess.Popen(
            [options.tessera, "serve", "--data", data, "--port", str(options.port)], stderr=subprocess.DEVNULL)
        base = f"http://127.0.0.1:{options.port}/mars/wcs"
        try:
            for _ in range(100):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{options.port}/hipslist", timeout=5)
                    break
                except OSError:
                    time.sleep(0.1)
            source = Source()
            if not options.only_qgis:
                documents(base)
                with_gdal(base, source)
                with_owslib(base, source, folder)
                polar(base, source, folder)
            if not options.no_qgis:
                with_qgis(base, source, folder)
        finally:
            server.terminate()
            server.wait()
    if problems:
        print(f"{len(problems)} problems:", *problems, sep="\n  ")
        return 1
    print("the coverage service gives its clients the numbers of the source")
    return 0


if __name__ == "__main__":
    sys.exit(main())
