#!/usr/bin/python3
"""Makes lola_ldem4_heights.tif out of the LDEM_4 cube of the LOLA team.

What: the 1440x720 int16 cube holds radius = stored * 0.5 + 1737400 m. The GeoTIFF keeps the stored numbers
untouched and states scale 0.5 and offset 0 instead, so that its physical values are heights in metres above
the sphere of 1737400 m (the reference of LOLA's own topography).

How: the samples are read with GDAL; the grid is stated anew as what the archive's label means, 0..360 degrees
east and 90..-90 degrees planetocentric latitude in cells of 0.25 degrees on IAU_2015:30100, because the
cube's own corner is rounded to 0.1 m on a pixel rounded to 0.01 m and ends about 2 m beyond the globe.

    make_lola.py ldem_4.cub lola_ldem4_heights.tif
"""

import argparse

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
RADIUS = 1737400.0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cube")
    parser.add_argument("output")
    arguments = parser.parse_args()
    source = gdal.Open(arguments.cube)
    band = source.GetRasterBand(1)
    stored = band.ReadAsArray()
    if stored.shape != (720, 1440) or stored.dtype != np.int16:
        raise SystemExit(f"{arguments.cube}: expected 1440x720 int16, found {stored.shape} {stored.dtype}")
    if (band.GetScale(), band.GetOffset()) != (0.5, RADIUS):
        raise SystemExit(f"{arguments.cube}: expected Multiplier 0.5 and Base {RADIUS:.0f}")
    if (stored <= -32752).any():
        raise SystemExit(f"{arguments.cube}: holds special pixels, which this table of heights cannot")
    options = ["TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256", "COMPRESS=DEFLATE", "PREDICTOR=2", "ZLEVEL=9"]
    target = gdal.GetDriverByName("GTiff").Create(
        arguments.output, 1440, 720, 1, gdal.GDT_Int16, options)
    system = osr.SpatialReference()
    system.SetFromUserInput("IAU_2015:30100")
    target.SetProjection(system.ExportToWkt())
    target.SetGeoTransform((0, 0.25, 0, 90, 0, -0.25))
    out = target.GetRasterBand(1)
    out.SetScale(0.5)
    out.SetOffset(0)
    out.SetUnitType("m")
    out.WriteArray(stored)
    target.FlushCache()
    heights = stored * 0.5
    print(f"{arguments.output}: {heights.min():.1f} to {heights.max():.1f} m")


if __name__ == "__main__":
    main()
