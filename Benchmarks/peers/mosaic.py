#!/usr/bin/python3
"""Makes the planetary mosaic that HiPS generators are measured on.

What: a synthetic world on the sphere of Mars, 16384 x 8192 pixels, the same on every machine: heights (int16), a
coloured and shaded picture of them (RGB) and its green band (grey), each as a striped GeoTIFF on a geographic grid
from 180 W, row 0 at the north, and as the inputs that Hipsgen takes: a CAR FITS of the heights and a PNG with a
`.hhh` header of the picture.

How: white noise of a fixed seed is shaped in frequency space (amplitude falling as the power 1.6 of the wave
number), faded towards the poles, with a slope from north to south; the picture is a colour ramp by height times a
hillshade. FITS rows run from the south, longitudes increase to the right.

    mosaic.py OUT [--width 16384]
"""

import argparse
import os

import numpy as np
import scipy.fft
from astropy.io import fits
from osgeo import gdal, osr
from PIL import Image

gdal.UseExceptions()
Image.MAX_IMAGE_PIXELS = None
SEED = 20260
RADIUS = 3396190
RAMP = [(70, 250), (40, 190), (25, 150)]


def relief(width, height):
    """Heights with a standard deviation of about 1, float32."""
    random = np.random.default_rng(SEED)
    shape = (height, width // 2 + 1)
    spectrum = random.standard_normal(shape, dtype=np.float32) + 1j * random.standard_normal(shape, dtype=np.float32)
    down = scipy.fft.fftfreq(height, 1 / height).astype(np.float32)[:, None]
    across = scipy.fft.rfftfreq(width, 1 / width).astype(np.float32)[None, :] * 0.5
    wave = np.sqrt(across * across + down * down)
    wave[0, 0] = 1
    spectrum *= wave ** -1.6
    spectrum[0, 0] = 0
    del wave
    heights = scipy.fft.irfft2(spectrum, s=(height, width))
    latitude = np.radians(90 - (np.arange(height) + 0.5) * 180 / height)[:, None]
    heights /= heights.std()
    heights *= np.sqrt(np.cos(latitude)).astype(np.float32)
    heights -= 0.6 * np.sin(latitude).astype(np.float32)
    return heights.astype(np.float32)


def picture(heights):
    """RGB bands [3, row, column] of a colour ramp times a hillshade."""
    down, across = np.gradient(heights)
    shade = np.clip(0.75 + 6 * (across - down), 0.15, 1.35).astype(np.float32)
    del down, across
    level = np.clip((heights + 3) / 6, 0, 1)
    bands = np.empty((3,) + heights.shape, np.uint8)
    for band, (low, high) in zip(bands, RAMP):
        band[...] = np.clip((low + (high - low) * level) * shade, 1, 255)
    return bands


def geotiff(path, bands, options):
    kind = {"int16": gdal.GDT_Int16, "uint8": gdal.GDT_Byte}[str(bands.dtype)]
    count, height, width = bands.shape
    dataset = gdal.GetDriverByName("GTiff").Create(path, width, height, count, kind, options)
    system = osr.SpatialReference()
    system.SetFromUserInput("IAU_2015:49900")
    dataset.SetProjection(system.ExportToWkt())
    dataset.SetGeoTransform((-180, 360 / width, 0, 90, 0, -180 / height))
    for number in range(count):
        dataset.GetRasterBand(number + 1).WriteArray(bands[number])
    dataset.FlushCache()


def car_cards(width, height):
    """The plate carree header that both the FITS and the `.hhh` file hold."""
    return [("CTYPE1", "RA---CAR"), ("CTYPE2", "DEC--CAR"), ("CUNIT1", "deg"), ("CUNIT2", "deg"),
            ("CRPIX1", width / 2 + 0.5), ("CRPIX2", height / 2 + 0.5), ("CRVAL1", 0.0), ("CRVAL2", 0.0),
            ("CDELT1", 360 / width), ("CDELT2", 180 / height)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output")
    parser.add_argument("--width", type=int, default=16384, help="columns; rows are half of them")
    arguments = parser.parse_args()
    width, height, out = arguments.width, arguments.width // 2, arguments.output
    for folder in ("fits_in", "png_in"):
        os.makedirs(os.path.join(out, folder), exist_ok=True)
    heights = relief(width, height)
    dem = np.clip(heights * 3500, -8200, 21200).astype(np.int16)
    rgb = picture(heights)
    del heights
    geotiff(os.path.join(out, "dem_i16.tif"), dem[None], [])
    geotiff(os.path.join(out, "rgb_u8.tif"), rgb, ["PHOTOMETRIC=RGB", "INTERLEAVE=PIXEL"])
    geotiff(os.path.join(out, "grey_u8.tif"), rgb[1:2], [])
    cards = car_cards(width, height)
    fits.PrimaryHDU(np.ascontiguousarray(dem[::-1]), fits.Header(cards)).writeto(
        os.path.join(out, "fits_in", "dem_i16.fits"), overwrite=True)
    Image.fromarray(np.ascontiguousarray(np.moveaxis(rgb, 0, 2))).save(
        os.path.join(out, "png_in", "mars.png"), compress_level=1)
    with open(os.path.join(out, "png_in", "mars.hhh"), "w", encoding="ascii") as file:
        lines = [("NAXIS", 2), ("NAXIS1", width), ("NAXIS2", height)] + cards
        file.writelines(f"{k:8}= {v!r}\n" for k, v in lines)
    print(f"{out}: {width} x {height}, heights {dem.min()} to {dem.max()} m")


if __name__ == "__main__":
    main()
