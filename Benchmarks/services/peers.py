"""Starts the servers that maps and tiles are measured beside: Debian's MapServer behind nginx, and nginx itself."""

import os
import shutil
import signal
import subprocess
import time
import urllib.request

HALF, QUARTER = 10669445.554195119, 5334722.7770975595
FORMATS = """
  OUTPUTFORMAT NAME "png" DRIVER "AGG/PNG" MIMETYPE "image/png" IMAGEMODE RGB EXTENSION "png" FORMATOPTION "COMPRESSION=6" END
  OUTPUTFORMAT NAME "jpeg" DRIVER "AGG/JPEG" MIMETYPE "image/jpeg" IMAGEMODE RGB EXTENSION "jpg" FORMATOPTION "QUALITY=85" END
"""
LAYER = """
  LAYER NAME "{name}" TYPE RASTER STATUS ON DATA "{path}" {processing}
    PROJECTION "IAU_2015:49910" END METADATA "ows_title" "{name}" END END
"""
MAP = """MAP NAME "bench" STATUS ON SIZE 512 256 MAXSIZE 8192 EXTENT {west} {south} {east} {north} UNITS METERS
  IMAGECOLOR 0 0 0 PROJECTION "IAU_2015:49910" END
  {formats}
  WEB METADATA "ows_title" "bench" "ows_enable_request" "*" "ows_onlineresource" "http://127.0.0.1:{port}/ms?"
    "ows_srs" "IAU_2015:49910 IAU_2015:49900 IAU_2015:49930" END END
  {layers}
END
"""
# Debian's MapServer knows the IAU's codes in WMS alone: the same metres under another name, the same work.
DATA_MAP = """MAP NAME "data" STATUS ON SIZE 512 256 MAXSIZE 8192 EXTENT {west} {south} {east} {north} UNITS METERS
  PROJECTION "EPSG:32662" END
  OUTPUTFORMAT NAME "GTiff" DRIVER "GDAL/GTiff" MIMETYPE "image/tiff" IMAGEMODE INT16 EXTENSION "tif" END
  WEB METADATA "ows_title" "data" "ows_enable_request" "*" "ows_onlineresource" "http://127.0.0.1:{port}/data?"
    "ows_srs" "EPSG:32662" END END
  LAYER NAME "dem" TYPE RASTER STATUS ON DATA "{path}" PROJECTION "EPSG:32662" END
    METADATA "ows_title" "dem" "wcs_label" "dem" "wcs_rangeset_name" "dem" "wcs_rangeset_label" "dem" "wcs_formats" "GTiff"
      "wcs_native_format" "image/tiff" "wcs_imagemode" "INT16" END END
END
"""
NGINX = """daemon off; worker_processes {workers}; pid {work}/nginx-{port}.pid; error_log {work}/nginx.err;
events {{ worker_connections 1024; }}
http {{ access_log off; include /etc/nginx/mime.types; fastcgi_buffers 64 64k; fastcgi_buffer_size 64k;
  client_body_temp_path {work}/tmp/b; fastcgi_temp_path {work}/tmp/f; proxy_temp_path {work}/tmp/p;
  scgi_temp_path {work}/tmp/s; uwsgi_temp_path {work}/tmp/u;
  upstream ms {{ server unix:{work}/ms0.sock; server unix:{work}/ms1.sock; }}
  server {{ listen 127.0.0.1:{port};
    location = /ms {{ include /etc/nginx/fastcgi_params; fastcgi_param MS_MAPFILE {work}/bench.map; fastcgi_pass ms; }}
    location = /data {{ include /etc/nginx/fastcgi_params; fastcgi_param MS_MAPFILE {work}/data.map; fastcgi_pass ms; }}
    location /hips/ {{ alias {hips}/; sendfile on; open_file_cache max=20000; }} }} }}
"""


def stop(process):
    if process.poll() is None:
        process.terminate()
        process.wait()


def wait_for(url):
    for _ in range(200):
        try:
            with urllib.request.urlopen(url, timeout=5) as reply:
                return reply.read()
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"FAILED: {url} does not answer")


class Nginx:
    """nginx that serves files of a folder, and MapServer where one runs."""

    def __init__(self, work, hips, port, workers):
        os.makedirs(os.path.join(work, "tmp"), exist_ok=True)
        path = os.path.join(work, f"nginx-{port}.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(NGINX.format(work=work, hips=hips, port=port, workers=workers))
        self.process = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", path],
                                        stderr=subprocess.DEVNULL)

    def stop(self):
        stop(self.process)


class MapServer:
    """Two FastCGI processes over cloud-optimised GeoTIFFs with overviews, as its manual advises."""

    def __init__(self, work, mosaic, port):
        layers = ""
        for name, source, processing in [
            ("rgb", "rgb_u8.tif", ""), ("dem", "dem_i16.tif", 'PROCESSING "SCALE=-8200,8200"')
        ]:
            path = os.path.join(work, f"{name}.tif")
            if not os.path.isfile(path):
                corners = [str(c) for c in (-HALF, QUARTER, HALF, -QUARTER)]
                subprocess.run(
                    ["gdal_translate", "-q", "-a_srs", "IAU_2015:49910", "-a_ullr", *corners, "-of", "COG", "-co",
                     "COMPRESS=DEFLATE", "-co", "PREDICTOR=2", "-co", "BLOCKSIZE=512", os.path.join(mosaic, source),
                     path + ".new"], check=True)
                os.rename(path + ".new", path)
            layers += LAYER.format(name=name, path=path, processing=processing)
        with open(os.path.join(work, "bench.map"), "w", encoding="ascii") as file:
            file.write(MAP.format(west=-HALF, south=-QUARTER, east=HALF, north=QUARTER, port=port, formats=FORMATS,
                                  layers=layers))
        with open(os.path.join(work, "data.map"), "w", encoding="ascii") as file:
            file.write(DATA_MAP.format(west=-HALF, south=-QUARTER, east=HALF, north=QUARTER, port=port,
                                       path=os.path.join(work, "dem.tif")))
        with open(os.path.join(work, "mapserver.conf"), "w", encoding="ascii") as file:
            file.write(f'CONFIG ENV MS_MAP_NO_PATH "1" MS_MAP_PATTERN "^{work}/" END END\n')
        environment = dict(
            os.environ, MAPSERVER_CONFIG_FILE=os.path.join(work, "mapserver.conf"), GDAL_CACHEMAX="256",
            GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR")
        self.pids = []
        program = shutil.which("mapserv")
        if program is None:
            raise SystemExit("FAILED: mapserv is missing (tools/setup clients)")
        for number in range(2):
            socket, pid = (os.path.join(work, f"ms{number}.{kind}") for kind in ("sock", "pid"))
            if os.path.exists(socket):
                os.remove(socket)
            subprocess.run(["spawn-fcgi", "-s", socket, "-P", pid, "-M", "0666", "--", program], check=True,
                           stdout=subprocess.DEVNULL, env=environment)
            with open(pid, encoding="ascii") as file:
                self.pids.append(int(file.read()))

    def stop(self):
        for pid in self.pids:
            # An idle mapserv does not heed TERM.
            os.kill(pid, signal.SIGKILL)


class Tessera:
    """`tessera serve` with its access log and metrics."""

    def __init__(self, program, data, work, port, decoded):
        configuration = os.path.join(work, "serve.yaml")
        with open(configuration, "w", encoding="ascii") as file:
            file.write(f"cache:\n  decoded: {decoded}\n")
        self.process = subprocess.Popen(
            [program, "serve", "--config", configuration, "--data", data, "--port", str(port), "--access-log", "logfmt",
             "--access-log-file", os.path.join(work, "access.log")], stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{port}"
        wait_for(self.url + "/ready")
        self.pids = [self.process.pid]

    def stop(self):
        stop(self.process)
