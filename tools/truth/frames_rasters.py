#!/usr/bin/env python3
"""Writes the coordinate reference systems of real rasters as GDAL hands them out, for PlanetaryFramesTests.

Usage: frames_rasters.py FOLDER... > Tests/PlanetaryFramesTests/Tables/raster_wkt.txt

One line each: file name, a tab, WKT2:2019 on one line (empty where the file has none). What is expected of each
stands in raster_expected.txt and is written by hand.
"""
import os
import sys

from osgeo import gdal

gdal.UseExceptions()
endings = (".tif", ".fits", ".cub", ".lbl", ".jp2", ".jpg", "_pds4.xml")
for folder in sys.argv[1:]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if not name.endswith(endings):
                continue
            try:
                system = gdal.Open(os.path.join(place, name)).GetSpatialRef()
            except RuntimeError:
                continue
            print(name, system.ExportToWkt(["FORMAT=WKT2_2019"]) if system else "", sep="\t")
