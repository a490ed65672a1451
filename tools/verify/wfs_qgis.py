#!/usr/bin/python3
"""Reads features of a service with QGIS, without a screen. Run with Debian's python3, which has QGIS's modules.

    wfs_qgis.py < REQUESTS      one JSON object a line: url, type, crs, version, and box or filter;
                                answers with one a line: the identifiers and places of the features
"""
import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer  # noqa: E402

QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
for line in sys.stdin:
    wish = json.loads(line)
    uri = (f"pagingEnabled='true' restrictToRequestBBOX='1' srsname='{wish['crs']}' typename='{wish['type']}' "
           f"url='{wish['url']}' version='{wish['version']}'")
    layer = QgsVectorLayer(uri, wish["type"], "WFS")
    if not layer.isValid():
        print(json.dumps({"error": layer.error().message()}))
        continue
    if "filter" in wish:
        layer.setSubsetString(wish["filter"])
    request = QgsFeatureRequest()
    if "box" in wish:
        request.setFilterRect(QgsRectangle(*wish["box"]))
    found = []
    for feature in layer.getFeatures(request):
        centre = feature.geometry().centroid().asPoint()
        found.append([feature[wish["key"]], centre.x(), centre.y()])
    print(json.dumps({"crs": layer.crs().authid(), "features": found}))
    sys.stdout.flush()
sys.stdout.flush()
# Leaving in the ordinary way ends some versions of QGIS with a fault.
os._exit(0)
