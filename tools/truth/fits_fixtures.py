#!/usr/bin/env python3
"""Truth for the FITS tests: writes Tests/FITSTests/Tables/*.fits and *.txt with astropy.

Needs astropy and numpy.
"""
import pathlib

import numpy as np
from astropy.io import fits

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "FITSTests" / "Tables"
INF, NAN = np.inf, np.nan
IMAGES = {
    "uint8": np.array([[0, 1, 127], [128, 254, 255]], ">u1"),
    "int16": np.array([[-32768, -1, 0, 1], [7, 256, 32766, 32767], [2, 3, 5, 8]], ">i2"),
    "int32": np.array([[-2**31, -65536, 0], [1, 65535, 2**31 - 1]], ">i4"),
    "float": np.array([[0.0, -0.0, 1.5, NAN], [INF, -INF, 3.4028235e38, 1.4e-45]], ">f4"),
    "double": np.array([[0.1, -1e-300], [1.7976931348623157e308, 5e-324], [NAN, 2.5]], ">f8"),
}


def images():
    lines = ["# file, width, height, samples as hexadecimal in the byte order of FITS; astropy"]
    for name, data in IMAGES.items():
        hdu = fits.PrimaryHDU(data)
        hdu.header["ORDER"] = (3, "HEALPix order")
        hdu.header["CRVAL1"] = (-0.123456789012345678, "[deg]")
        hdu.header["CDELT1"] = 1e-05
        hdu.header["CTYPE1"] = ("MALN-HPX", "projection")
        hdu.header["WHO"] = "O'Neill / 'and' others"
        hdu.header["LONGTEXT"] = "A text that does not fit a single card because it is so long. " * 3
        hdu.header["YES"] = True
        hdu.header["NO"] = (False, "a logical")
        hdu.header["BIG"] = 9007199254740993
        hdu.header["HISTORY"] = "not a value"
        if data.dtype.kind == "i":
            hdu.header["BLANK"] = -32768
        hdu.writeto(OUT / f"{name}.fits", overwrite=True)
        lines.append(f"{name}.fits\t{data.shape[1]}\t{data.shape[0]}\t{data.tobytes().hex()}")
    (OUT / "images.txt").write_text("\n".join(lines) + "\n")


def tables():
    lines = ["# file, column, values; astropy"]
    for name, kind, values in [
        ("column_j", "J", [4, 15, 16, 2**31 - 1, -5]), ("column_k", "K", [2**62 - 1, 4, -1]),
        ("column_i", "I", [1, -2, 32767]), ("empty", "K", []),
    ]:
        column = fits.Column(name="UNIQ", format=f"1{kind}", array=np.array(values, np.int64))
        other = fits.Column(name="OTHER", format="2E", array=np.zeros((len(values), 2)))
        hdu = fits.BinTableHDU.from_columns([column, other])
        hdu.header["MOCORDER"] = 29
        hdu.writeto(OUT / f"{name}.fits", overwrite=True)
        lines.append(f"{name}.fits\tUNIQ\t{' '.join(map(str, values))}")
    (OUT / "tables.txt").write_text("\n".join(lines) + "\n")


def refused():
    fits.PrimaryHDU(np.zeros((2, 3, 4), ">i2")).writeto(OUT / "cube.fits", overwrite=True)
    fits.PrimaryHDU(np.zeros((2, 3), ">i8")).writeto(OUT / "int64.fits", overwrite=True)
    fits.BinTableHDU.from_columns([fits.Column(name="A", format="5A", array=np.array(["x"]))]).writeto(
        OUT / "text_column.fits", overwrite=True)


if __name__ == "__main__":
    images()
    tables()
    refused()
