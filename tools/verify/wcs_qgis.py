#!/usr/bin/python3
"""Values of coverages in QGIS, without a screen. Run with Debian's python3, which has QGIS's modules.

    wcs_qgis.py < REQUESTS      one JSON object a line: url, coverage, crs, places in x and y
"""
import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import QgsApplication, QgsDataSourceUri, QgsPointXY, QgsRaster, QgsRasterLayer, QgsRectangle  # noqa: E402

QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
for line in sys.stdin:
    wish = json.loads(line)
    uri = QgsDataSourceUri()
    for key, value in [("url", wish["url"]), ("identifier", wish["coverage"]), ("crs", wish["crs"]), ("cache", "AlwaysNetwork")]:
        uri.setParam(key, value)
    layer = QgsRasterLayer(bytes(uri.encodedUri()).decode(), wish["coverage"], "wcs")
    answer = dict(valid=layer.isValid(), error=layer.error().message())
    if layer.isValid():
        box = layer.extent()
        provider = layer.dataProvider()
        values = []
        for x, y in wish["places"]:
            # Nine pixels of the coverage around the place, by themselves: of larger windows QGIS takes coarser values.
            u, v = layer.rasterUnitsPerPixelX(), layer.rasterUnitsPerPixelY()
            column = min(max(int((x - box.xMinimum()) / u), 4), layer.width() - 5)
            row = min(max(int((box.yMaximum() - y) / v), 4), layer.height() - 5)
            window = QgsRectangle(
                box.xMinimum() + (column - 4) * u, box.yMaximum() - (row + 5) * v,
                box.xMinimum() + (column + 5) * u, box.yMaximum() - (row - 4) * v)
            found = provider.identify(QgsPointXY(x, y), QgsRaster.IdentifyFormatValue, window, 9, 9).results()
            values.append(found.get(1))
        answer.update(
            crs=layer.crs().authid(), extent=[box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()],
            values=values)
    print(json.dumps(answer), flush=True)
# Leaving in the ordinary way ends some versions of QGIS with a fault.
os._exit(0)
