#!/usr/bin/python3
"""Values of coverages in QGIS, without a screen. Run with Debian's python3, which has QGIS's modules.

    wcs_qgis.py < REQUESTS      one JSON object a line: url, coverage, crs, places in x and y
"""
import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import QgsApplication, QgsDataSourceUri, QgsPointXY, QgsRasterLayer  # noqa: E402

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
        values = [provider.sample(QgsPointXY(*place), 1) for place in wish["places"]]
        answer.update(
            crs=layer.crs().authid(), extent=[box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()],
            values=[value for value, _ in values])
    print(json.dumps(answer), flush=True)
# Leaving in the ordinary way ends some versions of QGIS with a fault.
os._exit(0)
