#!/usr/bin/env python3
"""Truth for the Rasters tests: writes Tests/RastersTests/Tables/* with numpy, exact fractions, astropy and GDAL.

Positions are stated from the longitudes and latitudes of the samples alone: sorted around the circle, or over the
pole, and bracketed.
"""
import math
import pathlib
import random
from fractions import Fraction

import numpy as np
from astropy.io import fits
from osgeo import gdal, osr

gdal.UseExceptions()
OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "RastersTests" / "Tables"
rng = random.Random(4)
NUMBERS = np.random.default_rng(4)


def crs(name="IAU_2015:49900"):
    reference = osr.SpatialReference()
    reference.SetFromUserInput(name)
    return reference


def spell(weights):
    return " ".join(f"{k}:{float(w)!r}" for k, w in sorted(weights.items()) if w != 0)


def lerp(a, b, w):
    out = {a: 1 - w}
    out[b] = out.get(b, 0) + w
    return out


# Columns

def used_columns(columns, step):
    """Columns at the end that come within half a pixel of the first one, or pass it, are dropped."""
    turn = Fraction(360) / step
    while columns > 1 and turn - (columns - 1) < Fraction(1, 2):
        columns -= 1
    return columns


def column_weights(columns, first, step, lon):
    turn = Fraction(360) / step
    if abs(turn - columns) <= 2 + Fraction(1, 10**9):
        used = used_columns(columns, step)
        ring = sorted(((first + i * step) % 360, i) for i in range(used))
        lon %= 360
        after = next((k for k, (place, _) in enumerate(ring) if place > lon), 0)
        (west, a), (east, b) = ring[after - 1], ring[after]
        width = (east - west) % 360 or Fraction(360)
        return lerp(a, b, (lon - west) % 360 / width)
    for shift in range(-3, 4):
        place = (lon + 360 * shift - first) / step
        # The edge itself is inside, also when its decimals are rounded.
        if abs(place - Fraction(columns - 1, 2)) <= Fraction(columns, 2) + Fraction(1, 10**9):
            place = min(max(place, 0), Fraction(columns - 1))
            a = min(math.floor(place), columns - 2)
            return lerp(a, a + 1, place - a)
    return None


def column_table():
    lines = ["# columns, step, longitude of column 0, longitude, column:weight (empty: outside); exact fractions"]

    def add(columns, step, first, lon):
        weights = column_weights(columns, Fraction(first), Fraction(step), Fraction(lon))
        lines.append("\t".join([str(columns), repr(step), repr(first), repr(lon), spell(weights or {})]))

    for quarters in range(-8, 9):
        # Whether a column half a pixel before the first is a repetition is a matter of the last bit.
        gap = quarters / 4 + (0.01 if quarters % 4 == 2 else 0)
        for columns in (16, 45):
            step = 360 / (columns + gap)
            for first in (-180 + step / 2, 0.0, 11.1, 359.75 + 0.37 * step):
                last = first + (columns - 1) * step
                for lon in [first, last, first + step / 3, first - step / 3, last + step / 5, last - step / 5,
                            last + 0.5 * step, first - 0.5 * step, 0.0, 360.0, -180.0, 180.0, 359.9999999,
                            rng.uniform(-360, 720), rng.uniform(0, 360), rng.uniform(0, 360)]:
                    add(columns, step, first, float(lon))
    # Repeated columns and a single pixel.
    for columns, step, first in [(361, 1.0, -180.0), (362, 1.0, 0.0), (1, 360.0, 0.0), (1, 360.0, 77.0)]:
        for lon in [0.0, 179.75, 180.0, -179.25, 359.5, 0.5, 360.25]:
            add(columns, step, first, lon)
    # Regional: over 180, over 0 and 360, with any number of turns between file and question.
    for columns, step, first in [(40, 0.5, 170.25), (40, 0.5, -189.75), (41, 0.25, 355.125), (41, 0.25, -4.875),
                                 (357, 1.0, 0.5), (20, 3.0, -10.0), (30, 0.1, 540.05 - 360)]:
        west, east = first - step / 2, first + (columns - 0.5) * step
        for lon in [west, east, west - step / 64, east + step / 64, west + step / 64, east - step / 64, first,
                    first + step * 1.25, first + step * (columns - 1), first + step * (columns - 1.5), 0.0, 360.0,
                    180.0, -180.0]:
            for turn in (0, 360, -360):
                add(columns, step, first, lon + turn)
    (OUT / "columns.txt").write_text("\n".join(lines) + "\n")


# Rows

def row_weights(rows, first, step, lat, closed):
    """Weights of (row, whether it is seen over the pole)."""
    places = [(first - i * step, i) for i in range(rows)]
    inside = [(place, i) for place, i in places if abs(place) <= 90 + Fraction(1, 10**6) * step]
    line = [(place, f"{i}:here") for place, i in inside]
    (top, upper), (bottom, lower) = inside[0], inside[-1]
    if closed and 90 - top <= Fraction(5, 2) * step:
        line = [(180 - top, f"{upper}:far")] + line
    if closed and 90 + bottom <= Fraction(5, 2) * step:
        line = line + [(-180 - bottom, f"{lower}:far")]
    for (north, a), (south, b) in zip(line, line[1:]):
        if south <= lat <= north:
            if north == south:
                return {f"{upper if lat > 0 else lower}:here": 1}
            return lerp(a, b, (north - lat) / (north - south))
    if len(line) == 1 or lat > line[0][0]:
        return {line[0][1]: Fraction(1)} if lat <= top + step / 2 and lat >= top - step / 2 else None
    return {line[-1][1]: Fraction(1)} if lat >= bottom - step / 2 else None


def row_table():
    lines = ["# rows, latitude of row 0, step, columns (of 360/columns degrees), latitude, row:side:weight; fractions"]
    cases = [(18, 85.0, 10.0, 36), (19, 90.0, 10.0, 36), (18, 86.0, 10.0, 36), (18, 83.0, 10.0, 36),
             (17, 80.0, 10.0, 36), (16, 75.0, 10.0, 36), (15, 72.5, 10.0, 36), (20, 95.0, 10.0, 36),
             (22, 105.0, 10.0, 36), (21, 93.75, 9.0, 40), (6, 62.0, 20.0, 18), (12, 5.0, 4.0, 90), (1, 0.0, 180.0, 1),
             (180, 89.5, 1.0, 360), (2, 45.0, 90.0, 4)]
    for rows, first, step, columns in cases:
        last = first - step * (rows - 1)
        asked = {90.0, -90.0, 89.999999, -89.999999, 0.0, first, last, first - step / 3, last + step / 3,
                 first + step / 4, last - step / 4, first + step / 2, last - step / 2, first + 0.6 * step,
                 last - 0.6 * step}
        asked |= {rng.uniform(-90, 90) for _ in range(12)} | {90 - rng.uniform(0, 1.5 * step) for _ in range(4)}
        asked |= {rng.uniform(0, 1.5 * step) - 90 for _ in range(4)}
        for lat in sorted(asked):
            if abs(lat) > 90:
                continue
            weights = row_weights(rows, Fraction(first), Fraction(step), Fraction(lat), True)
            lines.append("\t".join([str(rows), repr(first), repr(step), str(columns), repr(float(lat)),
                                    spell(weights or {})]))
    # A grid that does not go around ends at its edges, also where it touches a pole.
    for rows, first, step in [(9, 85.0, 10.0), (10, 90.0, 10.0), (9, -5.0, 10.0), (3, 7.5, 5.0)]:
        for lat in [90.0, 89.0, 85.0, 80.0, 12.0, 10.0, 9.5, 4.0, 0.0, -5.0, -7.5, -7.6, -10.0, -85.0, -90.0]:
            weights = row_weights(rows, Fraction(first), Fraction(step), Fraction(lat), False)
            lines.append("\t".join([str(rows), repr(first), repr(step), "-", repr(lat), spell(weights or {})]))
    (OUT / "rows.txt").write_text("\n".join(lines) + "\n")


# Windows

def windows():
    """What a window holds: samples by true longitude, half a turn away beyond the poles, nodata -9999 left out."""
    lines = ["# columns, rows, step of longitude, first longitude, latitude of row 0, step of latitude, samples,"
             " first column, last column, first row, last row, expected ('-': invalid)"]
    cases = [(8, 4, 360 / 8, 67.5 - 90, 67.5, 45.0, True), (7, 4, 360 / 7, 0.0, 67.5, 45.0, True),
             (9, 4, 360 / 8.54, -180.0, 67.5, 45.0, True), (8, 4, 360 / 9.3, 10.0, 67.5, 45.0, True),
             (8, 4, 360 / 7.6, 10.0, 67.5, 45.0, True), (9, 5, 360 / 8, -180.0, 90.0, 45.0, True),
             (7, 6, 360 / 7, 0.0, 112.5, 45.0, True), (6, 4, 10.0, 20.0, 30.0, 10.0, False),
             (8, 3, 45.0, -157.5, 10.0, 10.0, True)]
    for columns, rows, step, first, north, lat_step, wraps in cases:
        for holes in (False, True):
            values = NUMBERS.integers(-2000, 2000, (rows, columns)) * 4
            used = used_columns(columns, Fraction(step)) if wraps else columns
            if used < columns:
                values[:, used:] = values[:, :columns - used]
            if holes:
                values[NUMBERS.random((rows, columns)) < 0.3] = -9999
            turn = Fraction(360) / Fraction(step)
            top = next(r for r in range(rows) if north - r * lat_step <= 90)
            bottom = max(r for r in range(rows) if north - r * lat_step >= -90)

            def value(row, column):
                column = column % used if wraps else min(max(column, 0), columns - 1)
                return int(values[row, column])

            def seen(row, column):
                at_north, at_south = row < top, row > bottom
                if not (at_north or at_south):
                    return value(row, column)
                edge = north - (top if at_north else bottom) * lat_step
                closed = wraps and 90 - abs(edge) <= 2.5 * lat_step
                if not closed:
                    return value(top if at_north else bottom, column)
                own = 0 if abs(edge) == 90 else 1
                mirrored = 2 * top - own - row if at_north else 2 * bottom + own - row
                mirrored = min(max(mirrored, top), bottom)
                lon = Fraction(first) + Fraction(step) * (column % used) + 180
                weights = column_weights(columns, Fraction(first), Fraction(step), lon)
                weights = {c: w for c, w in weights.items() if w > Fraction(1, 10**6)}
                good = {c: w for c, w in weights.items() if value(mirrored, c) != -9999}
                if not good:
                    return -9999
                mean = sum(w * value(mirrored, c) for c, w in good.items()) / sum(good.values())
                assert abs(mean - math.floor(mean) - Fraction(1, 2)) > Fraction(1, 10**4) or mean.denominator == 2
                return round(mean)

            lo, hi = (-columns - 3, 2 * columns + 4) if wraps else (-3, columns + 3)
            r0, r1 = (-2, rows + 2)
            expected = [seen(r, c) for r in range(r0, r1) for c in range(lo, hi)]
            lines.append("\t".join([
                str(columns), str(rows), repr(step), repr(float(first)), repr(float(north)), repr(lat_step),
                ",".join(str(int(v)) for v in values.ravel()), str(lo), str(hi), str(r0), str(r1),
                ",".join("-" if v == -9999 else str(v) for v in expected)]))
    (OUT / "windows.txt").write_text("\n".join(lines) + "\n")


# Files

def create(name, array, transform=(-180, 45, 0, 90, 0, -45), driver="GTiff", options=(), type_=None, reference=None):
    array = np.atleast_3d(array.T).T if array.ndim == 2 else array
    codes = {"uint8": gdal.GDT_Byte, "int8": gdal.GDT_Byte, "uint16": gdal.GDT_UInt16, "int16": gdal.GDT_Int16,
             "uint32": gdal.GDT_UInt32, "int32": gdal.GDT_Int32, "int64": gdal.GDT_Int64,
             "float32": gdal.GDT_Float32, "float64": gdal.GDT_Float64, "complex64": gdal.GDT_CFloat32}
    options = list(options) + (["PIXELTYPE=SIGNEDBYTE"] if array.dtype == np.int8 else [])
    data = gdal.GetDriverByName(driver).Create(
        str(OUT / name), array.shape[2], array.shape[1], array.shape[0], codes[str(array.dtype)], options)
    data.SetGeoTransform(transform)
    data.SetSpatialRef(reference or crs())
    for i, plane in enumerate(array):
        data.GetRasterBand(i + 1).WriteArray(plane.view(np.uint8) if array.dtype == np.int8 else plane)
    return data


def files():
    for name in OUT.glob("*.*"):
        # The cube's label holds the time of writing.
        if name.suffix not in (".txt", ".cub"):
            name.unlink()
    ramp = np.arange(32, dtype=np.int16).reshape(4, 8) * 100 - 1000
    hole = np.full((4, 8), 255, np.uint8)
    hole[1, 2] = hole[3, 7] = hole[0, 0] = 0

    gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
    data = create("mask_of_dataset.tif", ramp)
    data.CreateMaskBand(gdal.GMF_PER_DATASET)
    data.GetRasterBand(1).GetMaskBand().WriteArray(hole)
    data = None
    rgb = np.stack([np.arange(32, dtype=np.uint8).reshape(4, 8) * (i + 1) for i in range(3)])
    data = create("mask_of_colours.tif", rgb, options=["PHOTOMETRIC=RGB"])
    data.CreateMaskBand(gdal.GMF_PER_DATASET)
    data.GetRasterBand(1).GetMaskBand().WriteArray(hole)
    data = None
    gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "NO")
    data = create("mask_of_band.tif", ramp)
    data.GetRasterBand(1).CreateMaskBand(0)
    data.GetRasterBand(1).GetMaskBand().WriteArray(hole)
    data = None

    data = create("nodata_values.tif", rgb, options=["PHOTOMETRIC=RGB"])
    data.SetMetadataItem("NODATA_VALUES", "5 10 15")
    data = None

    table = gdal.ColorTable()
    for i, colour in enumerate([(10, 20, 30, 255), (40, 50, 60, 255), (0, 0, 0, 0), (250, 128, 1, 255)]):
        table.SetColorEntry(i, colour)
    data = gdal.GetDriverByName("MEM").Create("", 8, 4, 1, gdal.GDT_Byte)
    data.SetGeoTransform((-180, 45, 0, 90, 0, -45))
    data.SetSpatialRef(crs())
    data.GetRasterBand(1).SetColorTable(table)
    data.GetRasterBand(1).WriteArray(np.arange(32, dtype=np.uint8).reshape(4, 8) % 4)
    gdal.GetDriverByName("PNG").CreateCopy(str(OUT / "palette.png"), data, options=["WORLDFILE=YES"])
    data = gdal.GetDriverByName("GTiff").CreateCopy(str(OUT / "palette.tif"), data)
    data = None

    create("int64.tif", ramp.astype(np.int64))
    create("complex.tif", ramp.astype(np.complex64))

    # Tiepoints at the centres of pixels: the same numbers, other places.
    create("point.tif", ramp)
    raw = bytearray((OUT / "point.tif").read_bytes())
    key = np.array([1025, 0, 1, 1], "<u2").tobytes()
    assert raw.count(key) == 1
    raw[raw.index(key) + 6] = 2
    (OUT / "point.tif").write_bytes(raw)

    memory = gdal.GetDriverByName("MEM").Create("", 8, 4, 1, gdal.GDT_Byte)
    memory.SetGeoTransform((-180, 45, 0, 90, 0, -45))
    memory.GetRasterBand(1).WriteArray(np.arange(32, dtype=np.uint8).reshape(4, 8))
    gdal.GetDriverByName("PNG").CreateCopy(str(OUT / "world.png"), memory, options=["WORLDFILE=YES"])
    gdal.GetDriverByName("JPEG").CreateCopy(str(OUT / "world.jpg"), memory, options=["WORLDFILE=YES"])
    for sidecar in OUT.glob("*.aux.xml"):
        sidecar.unlink()

    if not (OUT / "cube.cub").exists():
        create("cube.cub", ramp, driver="ISIS3", transform=(-1e5, 1e4, 0, 1e5, 0, -1e4),
               reference=crs("+proj=eqc +R=3396190"))
    fits.PrimaryHDU(ramp).writeto(OUT / "image.fits")
    create("label.xml", ramp, driver="PDS4", transform=(-1e5, 1e4, 0, 1e5, 0, -1e4),
           reference=crs("+proj=eqc +R=3396190 +lat_ts=0 +lon_0=0"),
           options=["VAR_TARGET=Mars", "VAR_OBSERVING_SYSTEM_NAME=x", "VAR_LOGICAL_IDENTIFIER=urn:x:y"])


# Statistics

def weighted(values, weights, share):
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    return values[order][np.searchsorted(total, share * total[-1] * (1 - 1e-12))]


def statistics():
    lines = ["# file, nodata, scale, offset, valid fraction, minimum, maximum, low and high cut (0.5 and 99.5 %), "
             "low and high cut (10 and 75 %); numpy, weights are cosines of latitude"]
    columns, rows = 60, 30
    lat = 90 - (np.arange(rows) + 0.5) * 180 / rows
    base = 3000 * np.sin(np.radians(lat))[:, None] + 900 * np.cos(np.linspace(0, 12, columns)) - 4000
    shape = (rows, columns)
    noise = NUMBERS.normal(0, 300, shape)
    field = base + noise
    cases = {
        "int16": field.astype(np.int16), "uint16": (field + 30000).astype(np.uint16),
        "int8": (field / 80).clip(-128, 127).astype(np.int8), "uint8": (field / 40 + 220).clip(0, 255).astype(np.uint8),
        "int32": (field * 1000).astype(np.int32), "uint32": (field * 1e5 + 3e9).astype(np.uint32),
        "float32": field.astype(np.float32), "float64": field + 1e-7,
    }
    extra = {
        "int16_nodata": ("int16", -9999), "uint8_nodata": ("uint8", 0),
        "float32_nodata": ("float32", -3.4028234663852886e38),
        "int32_nodata": ("int32", -2147483648), "int8_nodata": ("int8", -128),
    }
    plain = dict(cases)
    for name, (source, nodata) in extra.items():
        data = plain[source].copy()
        data[NUMBERS.random(shape) < 0.25] = np.array(nodata).astype(data.dtype)
        cases[name] = data
    outliers = plain["float32"].copy()
    outliers[0, :] = 1e38
    outliers[29, 3] = np.nan
    outliers[29, 7] = np.inf
    outliers[12, 9] = -np.inf
    cases["float32_outliers"] = outliers
    doubles = plain["float64"].copy()
    doubles[0, :2] = 1e300
    doubles[29, :2] = -1e300
    doubles[15, 15] = np.nan
    cases["float64_outliers"] = doubles
    cases["scaled"] = plain["int16"]
    cases["scaled_down"] = plain["uint8"]
    for name, data in cases.items():
        nodata = extra.get(name, (None, None))[1]
        scale, offset = {"scaled": (0.25, 1000.0), "scaled_down": (-2.0, 7.0)}.get(name, (1.0, 0.0))
        written = create(f"stat_{name}.tif", data, (-180, 6, 0, 90, 0, -6), options=["COMPRESS=DEFLATE"])
        band = written.GetRasterBand(1)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        if (scale, offset) != (1.0, 0.0):
            band.SetScale(scale)
            band.SetOffset(offset)
        written = band = None
        values = data.astype(float).ravel()
        weights = np.repeat(np.cos(np.radians(lat)), columns)
        good = np.isfinite(values)
        if nodata is not None:
            good &= values != float(np.array(nodata).astype(data.dtype))
        fraction = weights[good].sum() / weights.sum()
        values, weights = values[good] * scale + offset, weights[good]
        numbers = [fraction, values.min(), values.max()]
        numbers += [weighted(values, weights, share) for share in (0.005, 0.995, 0.1, 0.75)]
        lines.append("\t".join([f"stat_{name}.tif", "-" if nodata is None else repr(float(nodata)), repr(scale),
                                repr(offset)] + [repr(float(n)) for n in numbers]))
    (OUT / "statistics.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    files()
    for make in (column_table, row_table, windows, statistics):
        make()
