"""Writes the table of 42,000 craters that services of features are measured on: random places, sizes by a power law.

    craters.py FILE.gpkg [COUNT]
"""

import os
import sys

import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()


def write(path, count=42000):
    """The table in IAU_2015:49900; the same for the same count."""
    random = np.random.default_rng(42)
    lon = np.round(random.uniform(-180, 180, count), 5)
    lat = np.round(np.degrees(np.arcsin(random.uniform(-1, 1, count))), 5)
    diameter = np.minimum((1 - random.random(count)) ** (-1 / 1.8), 460)
    system = osr.SpatialReference()
    system.SetFromUserInput("IAU_2015:49900")
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    if os.path.exists(path):
        os.remove(path)
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    layer = dataset.CreateLayer("craters", system, ogr.wkbPoint)
    for name, kind in [("crater_id", ogr.OFTString), ("name", ogr.OFTString), ("diam_km", ogr.OFTReal),
                       ("depth_km", ogr.OFTReal), ("degradation", ogr.OFTInteger), ("ejecta", ogr.OFTString)]:
        layer.CreateField(ogr.FieldDefn(name, kind))
    layer.StartTransaction()
    for i in range(count):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["crater_id"] = f"{int(lon[i] + 180) // 30:02d}-{i:06d}"
        feature["name"] = "" if i % 40 else f"Crater {i}"
        feature["diam_km"] = round(float(diameter[i]), 2)
        feature["depth_km"] = round(float(0.2 * diameter[i] ** 0.5), 3)
        feature["degradation"] = i % 4 + 1
        feature["ejecta"] = ["SLERS", "DLERS", "MLERS", ""][i % 4]
        point = ogr.Geometry(ogr.wkbPoint)
        point.AddPoint_2D(float(lon[i]), float(lat[i]))
        feature.SetGeometry(point)
        layer.CreateFeature(feature)
    layer.CommitTransaction()


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 42000)
