"""A client whose every answer is known, and what a server holds: beside whatever happens in service_faults.py."""

import http.client
import os
import threading
import time

from serving import PATIENCE, Failure, ask
from service_requests import GOOD, SET, address

# Seconds without progress after which the server closes, and how long it waits when it is told to stop.
IDLE, DRAIN = 2, 3
SETTINGS = """
limits: {idle_seconds: %d, drain_seconds: %d, queue: 64, workers: 2}
cache: {tiles: 16, decoded: 64, rendered: 16}
"""
# Seconds within which any refusal comes, whatever else the machine does.
PROMPT = 10
# Seconds within which 99 of 100 answers of the measuring client come.
P99 = 1.0
# Bytes by which the process may grow after the third round, and three times as many until then.
GROWTH = 64 << 20
FILES, THREADS = 6, 4
SMALL = (
    "/mars/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&STYLES=&CRS=IAU_2015:{crs}&BBOX={box}&WIDTH={side}&HEIGHT={side}"
    "&FORMAT=image/png&LAYERS={layer}")


def small(layer, crs, box, side=128, body="mars"):
    return SMALL.format(crs=crs, box=box, side=side, layer=layer).replace("/mars/", f"/{body}/", 1)


# Some megabytes that cost little to draw anew and much to send.
LARGE = small("viking", "49910", "-2000000,-2000000,2000000,2000000", 2048)


class Witness:
    """A client whose every answer is known, beside whatever happens."""

    def __init__(self, server):
        self.server = server
        self.paths = [
            small("viking", "49910", "-600000,-600000,600000,600000"), small("mola", "49930", "-900000,-900000,900000,900000"),
            small("mola", "49900", "-10,170,10,190"), f"/mars/tiles/viking/{SET}/3/2/5.png",
            "/hips/mars/viking/Norder1/Dir0/Npix7.png", address(*GOOD["GetFeatureInfo 1.3.0"][1:]),
            address(*GOOD["GetCapabilities 1.1.1"][1:]), "/hips/mars/mola/properties", "/health"]
        self.known = {path: ask(server.port, path).body for path in self.paths}
        self.times, self.mistakes = [], []
        self.isStopping = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        connection, latest = None, 0
        while not self.isStopping:
            for path in self.paths:
                # On a busy machine it may come so late that the server has closed, as it is to.
                if time.monotonic() - latest > IDLE / 2:
                    connection = None
                connection = connection or http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
                began = time.monotonic()
                try:
                    reply = ask(self.server.port, path, connection)
                    if reply.status != 200 or reply.body != self.known[path]:
                        self.mistakes.append(f"{path}: {reply.status}, {len(reply.body)} bytes, not those of before")
                except (OSError, http.client.HTTPException) as error:
                    if not self.isStopping:
                        self.mistakes.append(f"{path}: {type(error).__name__} {error}")
                    connection = None
                latest = time.monotonic()
                self.times.append(latest - began)
                time.sleep(0.01)

    def check(self, since):
        times = sorted(self.times[since:])
        if self.mistakes:
            raise Failure(f"others are not served: {self.mistakes[:3]}")
        if len(times) < 10:
            raise Failure(f"others had {len(times)} answers")
        p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
        if p99 > P99:
            raise Failure(f"others wait {p99:.2f} s for 1 of 100 answers, {P99} at most")
        return p99


class Numbers:
    """Memory, open files and threads of a process."""

    def __init__(self, process):
        base = f"/proc/{process.pid}"
        self.files = len(os.listdir(base + "/fd"))
        self.threads = len(os.listdir(base + "/task"))
        with open(base + "/statm") as file:
            self.memory = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def excess(self, before, growth=GROWTH):
        """What there is more of than there may be; nothing when all is as before."""
        return [
            f"{name}: {now} after {then}" for name, now, then, most in (
                ("files", self.files, before.files, FILES), ("threads", self.threads, before.threads, THREADS),
                ("bytes", self.memory, before.memory, growth)) if now - then > most]


def returned(server, before, seconds=PATIENCE):
    """Waits until the server holds no more files and threads than before; what the allocator keeps goes up and down."""
    deadline = time.monotonic() + seconds
    while (excess := Numbers(server.process).excess(before, 1 << 40)) and time.monotonic() < deadline:
        time.sleep(0.1)
    if excess:
        raise Failure(f"the server does not let go: {excess}")
