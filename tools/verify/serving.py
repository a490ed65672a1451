"""A server of two small maps to be treated badly, and clients that say whether an answer is whole."""

import http.client
import io
import os
import re
import resource
import socket
import subprocess
import time
import xml.etree.ElementTree as ET

from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
SURVEYS = os.path.join(HERE, "..", "..", "surveys", "mars")
# The machine may have much else to do: nothing here is a matter of seconds.
PATIENCE = 120


class Failure(Exception):
    """Something is not as it must be."""


def build(tessera, data, name, order, formats):
    """One of the two maps: heights or colours of Mars."""
    file = "mars_mola_180.tif" if name == "mola" else "Mars_Viking_2048.jpg"
    subprocess.run(
        [tessera, "build", os.path.join(SURVEYS, file), "--data", data, "--body", "mars", "--name", name, "--formats",
         formats, "--order", str(order), "--quiet", "--force"], check=True, stdout=subprocess.DEVNULL)


class Server:
    """`tessera serve` with a configuration, ended with the block that it is used in."""

    def __init__(self, tessera, folder, data, settings, files=None):
        """`files`: how many the process may have open."""
        self.log = os.path.join(folder, "access.log")
        config = os.path.join(folder, "server.yaml")
        with open(config, "w") as file:
            file.write(f"data: {data}\nport: 0\naccess_log: {{format: json, file: {self.log}}}\n{settings}")
        self.errors = open(os.path.join(folder, "errors.log"), "w+")
        limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))) if files else None
        self.process = subprocess.Popen([tessera, "serve", "--config", config], stderr=self.errors, preexec_fn=limit)
        self.port = None

    def __enter__(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            found = re.search(r"listening on http://127\.0\.0\.1:(\d+)/", self.said())
            if found:
                self.port = int(found.group(1))
                return self
            time.sleep(0.05)
        raise Failure(f"the server does not listen: {self.said()}")

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.errors.close()

    def said(self):
        self.errors.flush()
        with open(self.errors.name, errors="replace") as file:
            return file.read()

    def metrics(self):
        reply = ask(self.port, "/metrics")
        return {
            line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1])
            for line in reply.body.decode().splitlines() if not line.startswith("#")}

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


class Reply:
    """An answer that has been read wholly."""

    def __init__(self, path, response):
        self.path = path
        self.status = response.status
        self.body = response.read()
        self.fields = response.getheaders()
        self.kind = response.headers.get("Content-Type", "")
        self.retry_after = response.headers.get("Retry-After")
        length = response.headers.get("Content-Length")
        if length is not None and int(length) != len(self.body):
            raise Failure(f"{path}: {len(self.body)} bytes of {length}")

    def check(self, kind=None):
        """That what was sent is what it says it is."""
        if kind and self.kind.split(";")[0] != kind:
            raise Failure(f"{self.path}: {self.kind} where {kind} was asked for: {self.body[:300]!r}")
        if self.kind.startswith("image/") and self.kind != "image/fits":
            Image.open(io.BytesIO(self.body)).load()
        elif "xml" in self.kind:
            ET.fromstring(re.sub(rb"<!DOCTYPE[^>]*>", b"", self.body))
        return self

    @property
    def code(self):
        """The code of an exception of the map service; None for none."""
        found = re.search(rb'<ServiceException(?=[ >])(?:[^>]*? code="([^"]*)")?', self.body)
        return None if not found else (found.group(1) or b"").decode()


def ask(port, path, connection=None, headers=None):
    """One request, by a connection that is kept where one is given."""
    own = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        own.request("GET", path, headers=headers or {})
        return Reply(path, own.getresponse())
    finally:
        if connection is None:
            own.close()


def wait(what, condition):
    """Until something is so; it must be within two minutes, whatever else the machine does."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise Failure(f"after {PATIENCE} s still not so: {what}")
