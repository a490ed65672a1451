"""The maps that the fault scenarios build: small, the same on every machine, and no two tiles alike."""

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()


def relief(width, height, seed):
    """Smooth noise between 0 and 1."""
    draw = np.random.default_rng(seed)
    x = np.linspace(0, 2 * np.pi, width, endpoint=False, dtype=np.float32)[None, :]
    y = np.linspace(0, np.pi, height, dtype=np.float32)[:, None]
    total = np.zeros((height, width), np.float32)
    for _ in range(12):
        across, down, phase = draw.integers(1, 60), draw.integers(1, 60), draw.uniform(0, 6.28)
        total += np.sin(across * x + down * y + np.float32(phase)) / np.float32(across + down)
    return (total - total.min()) / (total.max() - total.min())


def heights(width, height, seed):
    return (relief(width, height, seed) * 20000 - 8000).astype(np.int16)[None]


def geotiff(path, bands, corner=(-180, 90), extent=(360, 180)):
    """An uncompressed GeoTIFF of Mars on a geographic grid."""
    count, height, width = bands.shape
    kind = {"int16": gdal.GDT_Int16, "uint8": gdal.GDT_Byte}[str(bands.dtype)]
    options = ["PHOTOMETRIC=RGB", "INTERLEAVE=PIXEL"] if count == 3 else []
    raster = gdal.GetDriverByName("GTiff").Create(path, width, height, count, kind, options)
    system = osr.SpatialReference()
    system.SetFromUserInput("IAU_2015:49900")
    raster.SetProjection(system.ExportToWkt())
    raster.SetGeoTransform((corner[0], extent[0] / width, 0, corner[1], 0, -extent[1] / height))
    for number in range(count):
        raster.GetRasterBand(number + 1).WriteArray(bands[number])
    raster.FlushCache()


def values(path, seed=1):
    """Heights of a fifth of the sphere."""
    geotiff(path, heights(1536, 1024, seed), corner=(-60, 40), extent=(120, 80))


def colour(path, seed=2):
    geotiff(path, np.stack([(relief(1024, 512, seed + band) * 254 + 1).astype(np.uint8) for band in range(3)]))


def patch(path, seed=5):
    """A small part of the sphere, which is taken to a high order."""
    geotiff(path, heights(200, 200, seed), corner=(20, 11), extent=(2.5, 2.5))


def world(path, seed=6):
    """Heights of the whole sphere."""
    geotiff(path, heights(1024, 512, seed))


MAKERS = {"values": values, "colour": colour, "patch": patch, "world": world}
