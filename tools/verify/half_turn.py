#!/usr/bin/python3
"""Writes a global GeoTIFF anew with its columns turned by half: the same map from the opposite meridian.

What: a grid from -180 becomes one from 0 (or 0 one from -180); a HiPS of either must hold the same tiles.

How: GDAL reads, numpy rolls the columns, the samples, the type, nodata, scale and offset stay as they are.

    half_turn.py SOURCE.tif OUT.tif
"""

import argparse

import numpy as np
from osgeo import gdal

gdal.UseExceptions()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source")
    parser.add_argument("output")
    arguments = parser.parse_args()
    source = gdal.Open(arguments.source)
    width, step = source.RasterXSize, source.GetGeoTransform()[1]
    if width % 2 or abs(width * step - 360) > 1e-9 or source.GetSpatialRef().IsProjected():
        raise SystemExit(f"FAILED: {arguments.source}: expected an even number of columns, 360 degrees wide")
    first = source.GetRasterBand(1)
    target = gdal.GetDriverByName("GTiff").Create(
        arguments.output, width, source.RasterYSize, source.RasterCount, first.DataType, ["COMPRESS=DEFLATE"])
    target.SetProjection(source.GetProjection())
    transform = list(source.GetGeoTransform())
    transform[0] += 180 if transform[0] < 0 else -180
    target.SetGeoTransform(transform)
    for number in range(1, source.RasterCount + 1):
        old, new = source.GetRasterBand(number), target.GetRasterBand(number)
        if old.GetNoDataValue() is not None:
            new.SetNoDataValue(old.GetNoDataValue())
        if old.GetScale() not in (None, 1.0):
            new.SetScale(old.GetScale())
            new.SetOffset(old.GetOffset() or 0.0)
        new.WriteArray(np.roll(old.ReadAsArray(), width // 2, axis=1))
    target.FlushCache()
    print(f"{arguments.output}: left edge {transform[0]:g}")


if __name__ == "__main__":
    main()
