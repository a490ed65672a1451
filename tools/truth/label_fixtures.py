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
    for name, change in {"xph": {"CTYPE1": "MALN-XPH", "CTYPE2": "MALT-XPH"},
                         "hpx_other": {"CTYPE1": "MALN-HPX", "CTYPE2": "MALT-HPX", "PV2_1": 6.0, "PV2_2": 3.0}, "sky": {"CTYPE1": "RA---CAR", "CTYPE2": "DEC--CAR"},
                         "oblique": {"CRVAL2": 10.0}, "rotated": {"PC1_2": 0.5}}.items():
        hdu = fits.PrimaryHDU(np.zeros((ROWS, COLUMNS), np.int16))
        for key, value in {**base, **change}.items():
            hdu.header[key] = value
        hdu.writeto(OUT / f"fits_{name}.fits", overwrite=True)


def analytic(lon, lat):
    """The field of the tests of the tiler (Tests/TilerTests/Support/Field.swift)."""
    phi, theta = np.radians(lon), np.radians(lat)
    x, y, z = np.cos(theta) * np.cos(phi), np.cos(theta) * np.sin(phi), np.sin(theta)
    return 1000 * (0.3 * x - 0.5 * y + 0.4 * z + 0.6 * x * y + 0.2 * y * z)


def healpix_planes(table):
    """Maps of a field in HPX: the facets of nside 32 as squares, in a plane turned by 45 degrees, and an upright plane.

    Where each pixel lies is astropy's (wcslib's), and of the first file healpy's as well.
    """
    nside = 32
    turned = {"CTYPE1": "MALN-HPX", "CTYPE2": "MALT-HPX", "CRVAL1": 0.0, "CRVAL2": 0.0, "PV2_1": 4.0, "PV2_2": 3.0,
              # Five facets of 90 / sqrt(2) degrees along each side; the middle of the plane is that of the file.
              "CRPIX1": 2.5 * nside + 0.5, "CRPIX2": 2.5 * nside + 0.5,
              "CDELT1": -90 / nside / np.sqrt(2), "CDELT2": 90 / nside / np.sqrt(2),
              "PC1_1": np.sqrt(0.5), "PC1_2": np.sqrt(0.5), "PC2_1": -np.sqrt(0.5), "PC2_2": np.sqrt(0.5)}
    upright = {"CTYPE1": "MALN-HPX", "CTYPE2": "MALT-HPX", "CRVAL1": 137.0, "CRVAL2": 0.0,
               "CRPIX1": 90.5, "CRPIX2": 45.5, "CD1_1": 2.0, "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": 2.0}
    for name, cards, size in (("turned", turned, (5 * nside, 5 * nside)), ("upright", upright, (180, 90))):
        header = fits.Header()
        header["OBJECT"] = "Mars"
        if name == "turned":
            header["A_RADIUS"], header["B_RADIUS"], header["C_RADIUS"] = 3396190.0, 3396190.0, 3396190.0
        for key, value in cards.items():
            header[key] = value
        known = header.copy()
        known["CTYPE1"], known["CTYPE2"] = "GLON-HPX", "GLAT-HPX"
        wcs = WCS(known)
        x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
        lon, lat = wcs.wcs_pix2world(x.ravel(), y.ravel(), 0)
        # wcslib folds places beside the map; those that do not come back are none.
        back = np.array(wcs.wcs_world2pix(np.nan_to_num(lon), np.nan_to_num(lat), 0))
        inside = np.isfinite(lon) & (np.hypot(back[0] - x.ravel(), back[1] - y.ravel()) < 1e-6)
        if name == "turned":
            import healpy
            pixels = healpy.ang2pix(nside, lon[inside], lat[inside], lonlat=True)
            centres = np.array(healpy.pix2ang(nside, pixels, lonlat=True))
            away = healpy.rotator.angdist(np.array([lon[inside], lat[inside]]), centres, lonlat=True)
            assert away.max() < 1e-9 and len(np.unique(pixels)) == 12 * nside * nside, (away.max(), len(np.unique(pixels)))
        values = np.full(size[0] * size[1], np.nan, np.float32)
        values[inside] = analytic(lon[inside], lat[inside])
        path = OUT / f"fits_hpx_{name}.fits"
        fits.PrimaryHDU(values.reshape(size[1], size[0]), header).writeto(path, overwrite=True)
        chosen = np.flatnonzero(inside)[:: max(1, int(inside.sum()) // 150)]
        for sample in chosen:
            table.append(f"{path.name} {sample + 1} {float(lon[sample]) % 360!r} {float(lat[sample])!r}")


def main():
    OUT.mkdir(exist_ok=True)
    special, places = [], []
    cubes(special)
    worlds(places)
    planes = []
    healpix_planes(planes)
    (OUT / "hpx_places.txt").write_text("\n".join(planes) + "\n")
    (OUT / "special.txt").write_text("\n".join(special) + "\n")
    (OUT / "places.txt").write_text("\n".join(places) + "\n")
    jp2, polar = sys.argv[1:3]
    gdal.Translate(str(OUT / "hirise_crop.jp2"), jp2, format="JP2OpenJPEG", srcWin=[1000, 300, 64, 48],
                   creationOptions=["GeoJP2=YES", "GMLJP2=NO", "NBITS=10"])
    gdal.Translate(str(OUT / "polar_crop.tif"), polar, srcWin=[452, 452, 16, 16], creationOptions=["COMPRESS=DEFLATE"])


if __name__ == "__main__":
    main()
