"""Requests that nobody should make of the map services, and what each must be answered with.

`GOOD` has one right request for each operation; `BAD` has what single wrong values must be told as; `garbage` puts ten
kilobytes of anything in the place of each value."""

import random
import re
import xml.etree.ElementTree as ET
from urllib.parse import quote

SET = "MarsEquidistantCylindricalSphere"
# More than this of what a client has sent never comes back.
MOST_ECHO = 8192
GARBAGE = 10000

WMS_MAP = {
    "SERVICE": "WMS", "REQUEST": "GetMap", "LAYERS": "mola", "STYLES": "grey", "BBOX": "-10,-10,10,10", "WIDTH": "16",
    "HEIGHT": "16", "FORMAT": "image/png", "TRANSPARENT": "TRUE", "BGCOLOR": "0xFFFFFF", "EXCEPTIONS": "XML",
    "RANGE": "-4000,4000", "STRETCH": "linear", "COLORMAP": "grey", "AZIMUTH": "315", "ALTITUDE": "45",
    "EXAGGERATION": "1", "OPACITIES": "255", "DPI": "96", "MAP_RESOLUTION": "96", "FORMAT_OPTIONS": "dpi:96", "TIME": "",
    "NOTHING": "x"}
WMS_PLACE = {
    **WMS_MAP, "REQUEST": "GetFeatureInfo", "QUERY_LAYERS": "mola", "INFO_FORMAT": "application/json",
    "FEATURE_COUNT": "1"}
WMTS_TILE = {
    "SERVICE": "WMTS", "VERSION": "1.0.0", "REQUEST": "GetTile", "LAYER": "mola", "STYLE": "grey", "FORMAT": "image/png",
    "TILEMATRIXSET": SET, "TILEMATRIX": "2", "TILEROW": "1", "TILECOL": "1", "RANGE": "-4000,4000", "NOTHING": "x"}

# Service and form of its mistakes, path, keys.
GOOD = {
    "GetMap 1.1.1": ("wms111", "/mars/wms", {**WMS_MAP, "VERSION": "1.1.1", "SRS": "IAU_2015:49900"}),
    "GetMap 1.3.0": ("wms130", "/mars/wms", {**WMS_MAP, "VERSION": "1.3.0", "CRS": "IAU_2015:49900"}),
    "GetFeatureInfo 1.1.1": (
        "wms111", "/mars/wms", {**WMS_PLACE, "VERSION": "1.1.1", "SRS": "IAU_2015:49900", "X": "3", "Y": "5"}),
    "GetFeatureInfo 1.3.0": (
        "wms130", "/mars/wms", {**WMS_PLACE, "VERSION": "1.3.0", "CRS": "IAU_2015:49900", "I": "3", "J": "5"}),
    "GetLegendGraphic 1.1.1": ("wms111", "/mars/wms", {
        "SERVICE": "WMS", "VERSION": "1.1.1", "REQUEST": "GetLegendGraphic", "LAYER": "mola", "STYLE": "grey",
        "FORMAT": "image/png", "RANGE": "0,1"}),
    "GetLegendGraphic 1.3.0": ("wms130", "/mars/wms", {
        "SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetLegendGraphic", "LAYER": "mola", "STYLE": "grey",
        "FORMAT": "application/json", "RANGE": "0,1"}),
    "GetCapabilities 1.1.1": ("wms111", "/mars/wms", {
        "SERVICE": "WMS", "VERSION": "1.1.1", "REQUEST": "GetCapabilities", "UPDATESEQUENCE": ""}),
    "GetCapabilities 1.3.0": ("wms130", "/mars/wms", {
        "SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetCapabilities", "UPDATESEQUENCE": ""}),
    "WMTS GetTile": ("wmts", "/mars/wmts", WMTS_TILE),
    "WMTS GetFeatureInfo": ("wmts", "/mars/wmts", {
        **WMTS_TILE, "REQUEST": "GetFeatureInfo", "I": "1", "J": "2", "INFOFORMAT": "application/json"}),
    "WMTS GetCapabilities": ("wmts", "/mars/wmts", {
        "SERVICE": "WMTS", "REQUEST": "GetCapabilities", "ACCEPTVERSIONS": "1.0.0", "SECTIONS": "All",
        "UPDATESEQUENCE": "", "ACCEPTFORMATS": "text/xml"}),
    "WMTS tile by path": ("wmts-path", f"/mars/wmts/1.0.0/mola/grey/{SET}/2/1/1.png", {}),
    "WMTS place by path": ("wmts-path", f"/mars/wmts/1.0.0/mola/grey/{SET}/2/1/1/3/4.json", {}),
    "web tile": ("text", f"/mars/tiles/mola/{SET}/2/1/1.png", {"style": "grey", "RANGE": "0,1"}),
    "TileJSON": ("text", f"/mars/tiles/mola/{SET}/tilejson.json", {"style": "grey", "format": "png"}),
    "coverages": ("text", "/mars/moc", {"lon": "10", "lat": "20", "radius": "3", "order": "3"}),
    "coverages of shapes": ("text", "/mars/moc", {
        "intersects": "Circle 10 20 3", "order": "3", "edges": "geographic", "interior": "left"}),
    "coverage": ("text", "/hips/mars/mola/Moc.json", {"order": "3"}),
    "tile of HiPS": ("text", "/hips/mars/mola/Norder1/Dir0/Npix7.fits", {}),
}

# What is taken and changes nothing, in whatever form it comes.
IGNORED = {"DPI", "MAP_RESOLUTION", "FORMAT_OPTIONS", "TIME", "NOTHING"}
# Not looked at by these operations.
UNUSED = {
    "GetFeatureInfo": {
        "FORMAT", "TRANSPARENT", "BGCOLOR", "EXCEPTIONS", "STYLES", "RANGE", "STRETCH", "COLORMAP", "AZIMUTH",
        "ALTITUDE", "EXAGGERATION"},
    "GetLegendGraphic": {"VERSION"},
    "WMTS": {"ACCEPTFORMATS"},
}
# The codes of single parameters; where nothing stands WMS has none, and WMTS InvalidParameterValue.
CODES = {
    "LAYERS": "LayerNotDefined", "QUERY_LAYERS": "LayerNotDefined", "LAYER": "LayerNotDefined",
    "STYLES": "StyleNotDefined", "STYLE": "StyleNotDefined", "CRS": "InvalidCRS", "SRS": "InvalidSRS",
    "FORMAT": "InvalidFormat", "INFO_FORMAT": "InvalidFormat", "I": "InvalidPoint", "J": "InvalidPoint",
    "UPDATESEQUENCE": "InvalidUpdateSequence", "REQUEST": "OperationNotSupported",
    "ACCEPTVERSIONS": "VersionNegotiationFailed"}
WMTS_ONLY = {"ACCEPTVERSIONS", "REQUEST", "UPDATESEQUENCE"}


def address(path, keys):
    """The words of a request; values that are bytes go as they are."""
    if not keys:
        return path
    def text(value):
        return value.decode("ascii") if isinstance(value, bytes) else quote(value, safe=",:/-.")
    return path + "?" + "&".join(f"{name}={text(value)}" for name, value in keys.items())


def form_of(form, name):
    """Mistakes of a version that nobody knows are told in the form of the highest one."""
    return "wms130" if form == "wms111" and name == "VERSION" else form


def changed(operation, **values):
    form, path, keys = GOOD[operation]
    return form_of(form, *values) if len(values) == 1 else form, address(path, {**keys, **values})


# Operation, values, codes one of which must be told ("" for none).
BAD = [
    (operation, values, code)
    for operation in ("GetMap 1.1.1", "GetMap 1.3.0", "GetFeatureInfo 1.1.1", "GetFeatureInfo 1.3.0")
    for values, code in [
        *[({"BBOX": box}, "") for box in (
            "nan,-10,10,10", "-10,-10,inf,10", "-inf,-10,10,10", "10,-10,-10,10", "-10,10,10,-10", "0,0,0,0", "1,2,3",
            "1,2,3,4,5", "0x1,0x2,0x3,0x4", "-1e400,-1,1e400,1", "a,b,c,d", ",,,", "-10 -10 10 10",
            "-1e300,-1e300,1e300,1e300")],
        *[({"WIDTH": side}, "") for side in ("100000", "-1", "0", "1e3", "16.5", "999999999999999999999999", "")],
        *[({"HEIGHT": side}, "") for side in ("100000", "-1", "0", "8193", "NaN")],
        ({"WIDTH": "8192", "HEIGHT": "8192"}, ""),
        ({"LAYERS": ",".join(["mola"] * 17), "STYLES": ""}, ""),
        ({"LAYERS": "nosuch"}, "LayerNotDefined"), ({"LAYERS": "mola,nosuch", "STYLES": ",", "OPACITIES": ""},
                                                    "LayerNotDefined"),
        ({"LAYERS": "../../etc/passwd"}, "LayerNotDefined"),
        ({"SRS" if "1.1.1" in operation else "CRS": "IAU_2015:30100"},
         "InvalidSRS" if "1.1.1" in operation else "InvalidCRS"),
        *[({"SRS" if "1.1.1" in operation else "CRS": crs}, "InvalidSRS" if "1.1.1" in operation else "InvalidCRS")
          for crs in ("EPSG:4326", "CRS:84", "IAU_2015:19910", "EPSG:99999", "AUTO2:42001,1,0,0")],
        ({"SRS" if "1.1.1" in operation else "CRS": ""}, ""),
        ({"VERSION": "7.0.0"}, ""), ({"VERSION": ""}, ""),
        ({"SERVICE": "WFS"}, ""),
    ]
] + [
    ("GetMap 1.3.0", {"STYLES": "nosuch"}, "StyleNotDefined"), ("GetMap 1.3.0", {"FORMAT": "image/tiff"}, "InvalidFormat"),
    ("GetMap 1.1.1", {"STYLES": "nosuch"}, "StyleNotDefined"), ("GetMap 1.1.1", {"FORMAT": "image/tiff"}, "InvalidFormat"),
    ("GetMap 1.3.0", {"WIDTH": "100000", "EXCEPTIONS": "INIMAGE"}, ""),
    ("GetMap 1.3.0", {"RANGE": "nan,1"}, ""), ("GetMap 1.3.0", {"RANGE": "5,1"}, ""),
    ("GetMap 1.3.0", {"OPACITIES": "256"}, ""), ("GetMap 1.3.0", {"AZIMUTH": "inf"}, ""),
    ("GetFeatureInfo 1.3.0", {"I": "16"}, "InvalidPoint"), ("GetFeatureInfo 1.3.0", {"J": "-1"}, "InvalidPoint"),
    ("GetFeatureInfo 1.3.0", {"QUERY_LAYERS": "viking"}, "LayerNotDefined"),
    ("GetLegendGraphic 1.3.0", {"LAYER": "nosuch"}, "LayerNotDefined"),
    ("GetCapabilities 1.3.0", {"UPDATESEQUENCE": "99999999999"}, "InvalidUpdateSequence"),
    ("GetCapabilities 1.1.1", {"UPDATESEQUENCE": "x"}, "InvalidUpdateSequence"),
    ("WMTS GetTile", {"LAYER": "nosuch"}, "InvalidParameterValue"), ("WMTS GetTile", {"LAYER": ""}, "MissingParameterValue"),
    ("WMTS GetTile", {"TILEMATRIX": "99"}, "InvalidParameterValue"), ("WMTS GetTile", {"TILEROW": "4"}, "TileOutOfRange"),
    ("WMTS GetTile", {"TILECOL": "-1"}, "TileOutOfRange"), ("WMTS GetTile", {"TILECOL": "1e1"}, "InvalidParameterValue"),
    ("WMTS GetTile", {"TILEROW": "99999999999999999999"}, "TileOutOfRange"),
    ("WMTS GetTile", {"TILEMATRIXSET": "MoonGeographicSphere"}, "InvalidParameterValue"),
    ("WMTS GetTile", {"FORMAT": "image/tiff"}, "InvalidParameterValue"),
    ("WMTS GetFeatureInfo", {"I": "256"}, "PointIJOutOfRange"), ("WMTS GetFeatureInfo", {"J": "-1"}, "PointIJOutOfRange"),
    ("WMTS GetCapabilities", {"ACCEPTVERSIONS": "2.0.0"}, "VersionNegotiationFailed"),
    ("WMTS GetCapabilities", {"SECTIONS": "nosuch"}, "InvalidParameterValue"),
]


def kinds(dice):
    """Ten kilobytes of anything, ready to stand in an address; a name for each."""
    scrambled = bytes(dice.randrange(256) for _ in range(GARBAGE))
    return [
        ("letters", b"A" * GARBAGE), ("digits", b"9" * GARBAGE), ("commas", b"," * GARBAGE),
        ("percent", b"%" * GARBAGE), ("half an escape", b"%4" * (GARBAGE // 2)),
        ("any bytes", b"".join(b"%%%02X" % byte for byte in scrambled)),
        ("zeros", b"%00" * GARBAGE), ("line ends", b"%0D%0ASet-Cookie:%20a=b" * (GARBAGE // 20)),
        ("markup", quote("<script>]]>&amp;\"'<!--" * (GARBAGE // 24)).encode()),
        ("paths", b"..%2F" * (GARBAGE // 3)), ("letters of many kinds", quote("\U0001F30D\u202E\u0301\uFFFE" * (GARBAGE // 12)).encode()),
        ("minus", b"-" * GARBAGE), ("numbers", b"1e999," * (GARBAGE // 6)),
    ]


def garbage(seed):
    """Operation, parameter, kind, form, address and the codes that may be told."""
    dice = random.Random(seed)
    for operation, (form, path, keys) in GOOD.items():
        for name in keys:
            for kind, value in kinds(dice):
                yield (
                    operation, name, kind, form_of(form, name), address(path, {**keys, name: value}),
                    codes(operation, form, name, kind))
        # Each part of the path but the first.
        parts = path.split("/")
        for index in range(2, len(parts)):
            for kind, value in kinds(dice):
                words = "/".join(parts[:index] + [value.decode("ascii")] + parts[index + 1:])
                yield operation, f"part {index}", kind, "any", address(words, keys), {None}


def codes(operation, form, name, kind):
    """The codes of which one must be told; None among them where the request may be answered as if nothing were wrong."""
    if name in IGNORED:
        return {None}
    if name in UNUSED.get(operation.split(" ")[0], ()):
        return {None} if kind == "letters" else {None, "InvalidParameterValue" if form == "wmts" else ""}
    # What cannot be read at all is told without a look at what it was to mean, and commas make lists.
    isOdd = kind != "letters"
    if form.startswith("wms1"):
        code = CODES.get(name, "")
        if name == "REQUEST" and form == "wms111":
            code = ""
        return {code, ""} if isOdd else {code}
    if form == "wmts":
        code = CODES[name] if name in WMTS_ONLY else "InvalidParameterValue"
        odd = {"InvalidParameterValue", "TileOutOfRange", "PointIJOutOfRange", "MissingParameterValue"}
        # A list of nothing names no section.
        odd |= {None} if (name, kind) == ("SECTIONS", "commas") else set()
        return odd | {code} if isOdd else {code}
    return {"text"}


def fault(form, reply, wanted):
    """What is wrong with the answer to a wrong request; None for nothing."""
    if len(reply.body) > MOST_ECHO:
        return f"{len(reply.body)} bytes in answer to what is wrong"
    if form == "text":
        isText = reply.status in (400, 404) and reply.kind.startswith("text/plain") and reply.body
        return None if isText else f"{reply.status} {reply.kind}: {reply.body[:200]!r}"
    status = {"wms111": (400,), "wms130": (400,), "wmts": (400, 501), "wmts-path": (404,)}[form]
    kind = "application/vnd.ogc.se_xml" if form == "wms111" else "text/xml"
    if reply.status not in status or reply.kind != kind:
        return f"{reply.status} {reply.kind}: {reply.body[:200]!r}"
    try:
        root = ET.fromstring(re.sub(rb"<!DOCTYPE[^>]*>", b"", reply.body))
    except ET.ParseError as error:
        return f"no XML: {error}: {reply.body[:200]!r}"
    tag = root.tag.split("}")[-1]
    isTiles = form.startswith("wmts")
    if tag != ("ExceptionReport" if isTiles else "ServiceExceptionReport"):
        return f"the root is {tag}"
    code = root[0].get("exceptionCode" if isTiles else "code") or ""
    words = "".join(root.itertext()).strip()
    if not words:
        return "no words"
    if (reply.status == 501) != (isTiles and code == "OperationNotSupported"):
        return f"the status {reply.status} with the code {code}"
    return None if code in wanted else f"the code {code!r}, expected {sorted(map(str, wanted))}: {words[:200]}"
