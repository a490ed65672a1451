#!/usr/bin/python3
"""Draws windows of a map service with QGIS, without a screen. Run with Debian's python3, which has QGIS's modules.

    wms_qgis.py < REQUESTS      one JSON object a line: url, layer, style, crs, box, width, height, file,
                                and for tiles their set
"""
import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import (  # noqa: E402
    QgsApplication, QgsCoordinateReferenceSystem, QgsDataSourceUri, QgsMapRendererSequentialJob, QgsMapSettings,
    QgsRasterLayer, QgsRectangle)
from qgis.PyQt.QtCore import QSize  # noqa: E402
from qgis.PyQt.QtGui import QColor  # noqa: E402

QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
failed = False
for line in sys.stdin:
    wish = json.loads(line)
    uri = QgsDataSourceUri()
    for key, value in [
        ("url", wish["url"]), ("layers", wish["layer"]), ("styles", wish["style"]), ("crs", wish["crs"]),
        # The address of the document would be used for maps, without the parameters of this one.
        ("format", "image/png"), ("dpiMode", "7"), ("IgnoreGetMapUrl", "1"),
    ]:
        uri.setParam(key, value)
    if "set" in wish:
        uri.setParam("tileMatrixSet", wish["set"])
    layer = QgsRasterLayer(bytes(uri.encodedUri()).decode(), wish["layer"], "wms")
    if not layer.isValid():
        print(f"{wish['file']}: the layer is not valid: {layer.error().message()}")
        failed = True
        continue
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(wish["crs"]))
    settings.setExtent(QgsRectangle(*wish["box"]))
    settings.setOutputSize(QSize(wish["width"], wish["height"]))
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    for error in job.errors():
        print(f"{wish['file']}: {error.message}")
        failed = True
    job.renderedImage().save(wish["file"])
sys.stdout.flush()
# Leaving in the ordinary way ends some versions of QGIS with a fault.
os._exit(1 if failed else 0)
