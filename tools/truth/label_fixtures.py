#!/usr/bin/env python3
"""Small files for the tests of labels, made with GDAL and numpy, and the table of what must come out of them.

Writes Tests/RastersTests/Samples/made/*: cubes of ISIS 2 and 3 with every special pixel of every type (values of
isis/src/base/objs/SpecialPixel), FITS files with the world coordinates that GDAL reads otherwise (rows checked with
astropy), and crops of two files of a set of planetary samples:

    label_fixtures.py hirise_geojp2.jp2 Mars_MOLA_ClrShade_npole_stere.tif
"""
import pathlib
import struct
import sys

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from osgeo import gdal, osr

gdal.UseExceptions()
OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "RastersTests" / "Samples" / "made"
COLUMNS, ROWS = 8, 4

REAL = [struct.unpack(">f", struct.pack(">I", 0xFF7FFFFB + i))[0] for i in range(5)]
SPECIAL = {
    "byte": (gdal.GDT_Byte, np.uint8, [0, 255]),
    "signed": (gdal.GDT_Int16, np.int16, [-32768, -32767, -32766, -32765, -32764]),
    "unsigned": (gdal.GDT_UInt16, np.uint16, [0, 1, 2, 65534, 65535]),
    "real": (gdal.GDT_Float32, np.float32, REAL),
}


def mars():
    system = osr.SpatialReference()
    system.SetFromUserInput("+proj=eqc +R=3396190 +lon_0=0 +units=m +no_defs")
    system.SetProjCS("Equirectangular Mars")
    system.SetGeogCS("GCS_Mars", "D_Mars", "Mars", 3396190, 0)
    return system


def cubes(table):
    for driver in ("ISIS2", "ISIS3"):
        for name, (kind, dtype, special) in SPECIAL.items():
            if driver == "ISIS2" and name == "unsigned":
                continue
            values = (np.arange(COLUMNS * ROWS) + 40).astype(dtype).reshape(ROWS, COLUMNS)
            values[1, 1 : 1 + len(special)] = np.array(special, dtype)
            path = OUT / f"{driver.lower()}_{name}.cub"
            target = gdal.GetDriverByName(driver).Create(str(path), COLUMNS, ROWS, 1, kind)
            degree = np.pi / 180 * 3396190
            target.SetSpatialRef(mars())
            target.SetGeoTransform((-180 * degree, 45 * degree, 0, 90 * degree, 0, -45 * degree))
            if driver == "ISIS3":
                # Without this the driver turns special values into others.
                target.GetRasterBand(1).SetNoDataValue(float(special[0]))
            target.GetRasterBand(1).WriteArray(values)
            target = None
            flat = values.ravel()
            text = ["x" if v in np.array(special, dtype) else repr(float(v)) for v in flat]
            table.append(f"{path.name} " + " ".join(text))


def worlds(table):
    """Name, cards, and the longitude and latitude of the first stored sample by astropy."""
    base = {"OBJECT": "Mars", "A_RADIUS": 3396190.0, "B_RADIUS": 3396190.0, "C_RADIUS": 3396190.0,
            "CTYPE1": "MALN-CAR", "CTYPE2": "MALT-CAR", "CRVAL1": 0.0, "CRVAL2": 0.0, "CRPIX1": 4.5, "CRPIX2": 2.5,
            "CDELT1": 45.0, "CDELT2": 45.0}
    cases = {
        "plain": {},
        "rows_from_north": {"CDELT2": -45.0},
        "columns_west": {"CDELT1": -45.0},
        "matrix": {"CDELT1": -45.0, "PC1_1": -1.0, "CDELT2": -45.0, "PC2_2": -1.0},
        "cd": {"CDELT1": None, "CDELT2": None, "CD1_1": 45.0, "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": 45.0},
        "centre_180": {"CRVAL1": 180.0},
    }
    for name, change in cases.items():
        hdu = fits.PrimaryHDU((np.arange(32) + 1).astype(np.int16).reshape(ROWS, COLUMNS))
        for key, value in {**base, **change}.items():
            if value is not None:
                hdu.header[key] = value
        path = OUT / f"fits_{name}.fits"
        hdu.writeto(path, overwrite=True)
        # The names of planetary axes are unknown to wcslib: longitude and latitude are what they are.
        header = hdu.header.copy()
        header["CTYPE1"], header["CTYPE2"] = "GLON-CAR", "GLAT-CAR"
        wcs = WCS(header)
        places = []
        for sample in (0, 7, 24, 18):
            lon, lat = wcs.wcs_pix2world(sample % COLUMNS, sample // COLUMNS, 0)
            places.append(f"{sample + 1} {float(lon) % 360!r} {float(lat)!r}")
        table.append(f"{path.name} " + " ".join(places))
    for name, change in {"hpx": {"CTYPE1": "MALN-HPX", "CTYPE2": "MALT-HPX"}, "sky": {"CTYPE1": "RA---CAR", "CTYPE2": "DEC--CAR"},
                         "oblique": {"CRVAL2": 10.0}, "rotated": {"PC1_2": 0.5}}.items():
        hdu = fits.PrimaryHDU(np.zeros((ROWS, COLUMNS), np.int16))
        for key, value in {**base, **change}.items():
            hdu.header[key] = value
        hdu.writeto(OUT / f"fits_{name}.fits", overwrite=True)


def main():
    OUT.mkdir(exist_ok=True)
    special, places = [], []
    cubes(special)
    worlds(places)
    (OUT / "special.txt").write_text("\n".join(special) + "\n")
    (OUT / "places.txt").write_text("\n".join(places) + "\n")
    jp2, polar = sys.argv[1:3]
    gdal.Translate(str(OUT / "hirise_crop.jp2"), jp2, format="JP2OpenJPEG", srcWin=[1000, 300, 64, 48],
                   creationOptions=["GeoJP2=YES", "GMLJP2=NO", "NBITS=10"])
    gdal.Translate(str(OUT / "polar_crop.tif"), polar, srcWin=[452, 452, 16, 16], creationOptions=["COMPRESS=DEFLATE"])


if __name__ == "__main__":
    main()
