#!/usr/bin/python3
"""Mixed requests to the server by 64 connections at a time.

    load.py TESSERA [--seconds 60]

Builds MOLA and Viking in a temporary folder and serves them with small caches and a queue of 16. Asked for are tiles, lists,
coverages, maps in nine systems, four formats and ten styles, what lies at places, capabilities and legends. Then the
server is told to stop while all of them go on asking.

  answers     each is whole and of the kind that was asked for; the only failure is a 503 with Retry-After, and there are as
              many as the server counts. At least 50 successes of every kind of request, however long that takes.
  memory      the median of the process's resident memory over the last third of all answers is at most 48 MB above that over
              the third before, whose beginning is the warm-up; both are counted in answers, not in seconds.
  the end     SIGTERM in the middle: the server exits with 0, and whatever its log says it answered has arrived wholly."""

import argparse
import http.client
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter

from serving import PATIENCE, Failure, Server, ask, build, wait

CONNECTIONS = 64
LEAST_OF_EACH = 50
GROWTH = 48 << 20
SETTINGS = """
limits: {queue: 16, workers: 2}
cache: {tiles: 16, decoded: 64}
"""
RADIUS = 3396190.0
SYSTEMS = {
    "IAU_2015:49900": (-180, -90, 180, 90), "IAU_2015:49901": (-180, -90, 180, 90),
    "IAU_2015:49910": (-1.06e7, -5.3e6, 1.06e7, 5.3e6), "IAU_2015:49915": (-1.06e7, -5.3e6, 1.06e7, 5.3e6),
    "IAU_2015:49920": (-1.06e7, -5.3e6, 1.06e7, 5.3e6), "IAU_2015:49930": (-6e6, -6e6, 6e6, 6e6),
    "IAU_2015:49935": (-6e6, -6e6, 6e6, 6e6), "IAU_2015:49940": (-9e6, -4e6, 9e6, 4e6),
    "IAU_2015:49965": (-RADIUS, -RADIUS, RADIUS, RADIUS)}
FORMATS = {
    "image/png": "image/png", "image/png; mode=8bit": "image/png; mode=8bit", "image/jpeg": "image/jpeg",
    "image/webp": "image/webp"}
STYLES = ["default", "grey", "viridis", "hillshade", "slope", "relief"]


def escaped(text):
    return text.replace(";", "%3B").replace(" ", "%20")


def window(dice):
    crs = dice.choice(list(SYSTEMS))
    left, low, right, high = SYSTEMS[crs]
    part = dice.choice([1, 0.3, 0.05, 0.01])
    width, height = (right - left) * part, (high - low) * part
    x, y = dice.uniform(left, right - width), dice.uniform(low, high - height)
    side = dice.choice([64, 256, 256, 512])
    return f"&VERSION=1.1.1&SRS={crs}&BBOX={x},{y},{x + width},{y + height}&WIDTH={side}&HEIGHT={side}"


def map_request(dice):
    layers = dice.choice([["mola"], ["viking"], ["viking", "mola"]])
    styles = [dice.choice(STYLES) if layer == "mola" else "" for layer in layers]
    form = dice.choice(list(FORMATS))
    return (
        f"/mars/wms?SERVICE=WMS&REQUEST=GetMap&LAYERS={','.join(layers)}&STYLES={','.join(styles)}"
        f"&FORMAT={escaped(form)}{window(dice)}", form.split(";")[0])


def info_request(dice):
    form = dice.choice(["text/plain", "application/json", "application/vnd.ogc.gml", "text/html"])
    return (
        "/mars/wms?SERVICE=WMS&REQUEST=GetFeatureInfo&LAYERS=mola,viking&STYLES=,&QUERY_LAYERS=mola,viking&X=3&Y=5"
        f"&INFO_FORMAT={form}{window(dice)}", form)


def tile_request(dice):
    order = dice.randrange(4)
    npix = dice.randrange(12 << 2 * order)
    name, ending, kind = dice.choice([("mola", "fits", "image/fits"), ("viking", "png", "image/png")])
    return f"/hips/mars/{name}/Norder{order}/Dir0/Npix{npix}.{ending}", kind


def capabilities_request(dice):
    version, kind = dice.choice([("1.3.0", "text/xml"), ("1.1.1", "application/vnd.ogc.wms_xml")])
    return f"/mars/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION={version}", kind


def coverage_request(dice):
    name, kind = dice.choice(
        [("Moc.fits", "application/fits"), ("Moc.json", "application/json"), ("properties", "text/plain")])
    return f"/hips/mars/{dice.choice(['mola', 'viking'])}/{name}", kind


def legend_request(dice):
    form = dice.choice(["image/png", "application/json"])
    return (
        f"/mars/wms?SERVICE=WMS&REQUEST=GetLegendGraphic&VERSION=1.3.0&LAYER=mola&STYLE={dice.choice(STYLES)}"
        f"&FORMAT={form}", form)


def site_request(dice):
    return dice.choice([("/", "text/html"), ("/hipslist", "text/plain"), ("/health", "text/plain")])


KINDS = {
    "map": (map_request, 40), "tile": (tile_request, 30), "info": (info_request, 10), "capabilities": (capabilities_request, 4),
    "coverage": (coverage_request, 6), "legend": (legend_request, 6), "site": (site_request, 4)}


class Run:
    """What the connections have seen."""

    def __init__(self, server):
        self.server = server
        self.lock = threading.Lock()
        self.seen = Counter()
        self.refused = 0
        self.answers = 0
        self.memory = []
        self.whole = set()
        self.mistakes = []
        self.isStopping = False

    def note(self, kind, reply, identifier):
        with self.lock:
            self.whole.add(identifier)
            self.answers += 1
            if self.answers % 50 == 0:
                self.memory.append((self.answers, self.resident()))
            if reply.status == 200:
                self.seen[kind] += 1
            elif reply.status == 503 and int(reply.retry_after or 0) > 0:
                self.refused += 1
            else:
                self.mistakes.append(f"{reply.path}: {reply.status} {reply.body[:300]!r}")

    def client(self, number):
        dice = random.Random(number)
        names, weights = list(KINDS), [weight for _, weight in KINDS.values()]
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        count = 0
        try:
            while not self.mistakes:
                name = dice.choices(names, weights)[0]
                path, media = KINDS[name][0](dice)
                count += 1
                identifier = f"load-{number}-{count}"
                try:
                    reply = ask(self.server.port, path, connection, {"X-Request-Id": identifier})
                except (OSError, http.client.HTTPException) as error:
                    # Once it stops the server takes nothing new; what it took is looked up in its log.
                    if self.isStopping:
                        return
                    status = self.server.process.poll()
                    raise Failure(
                        f"{path}: {type(error).__name__} {error}; the server's status is {status}") from error
                if reply.status == 200:
                    reply.check(media)
                self.note(name, reply, identifier)
                if reply.status == 503:
                    time.sleep(0.05)
        except Exception as error:  # pylint: disable=broad-except
            with self.lock:
                self.mistakes.append(f"{type(error).__name__}: {error}")

    def resident(self):
        with open(f"/proc/{self.server.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def isLongEnough(self):
        return all(self.seen[name] >= LEAST_OF_EACH for name in KINDS)


def memory(run):
    """Growth from the second third of all answers to the last one, and how much there is."""
    total = run.memory[-1][0] if run.memory else 0
    middle = [size for count, size in run.memory if total / 3 <= count < 2 * total / 3]
    last = [size for count, size in run.memory if count >= 2 * total / 3]
    if len(middle) < 5 or len(last) < 5:
        raise Failure(f"memory was looked at {len(middle)} and {len(last)} times")
    return statistics.median(last) - statistics.median(middle), statistics.median(last)


def load(server, seconds):
    run = Run(server)
    threads = [threading.Thread(target=run.client, args=(n,), daemon=True) for n in range(CONNECTIONS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    while not run.mistakes and (time.monotonic() < began + seconds or not run.isLongEnough()):
        if time.monotonic() > began + seconds + 10 * PATIENCE:
            raise Failure(f"too few answers: {dict(run.seen)}")
        time.sleep(0.25)
    taken = time.monotonic() - began
    # Under load, with clients in the queue.
    wait("somebody is being served", lambda: run.mistakes or server.metrics()["tessera_work_running"] > 0)
    run.isStopping = True
    answers = run.answers
    server.process.send_signal(signal.SIGTERM)
    try:
        status = server.process.wait(PATIENCE)
    except Exception as error:
        raise Failure("the server does not stop on SIGTERM") from error
    for thread in threads:
        thread.join(PATIENCE)
    if run.mistakes:
        raise Failure("\n".join(run.mistakes[:10]))
    if status != 0:
        raise Failure(f"the server ended with {status}: {server.said()[-2000:]}")
    growth, resident = memory(run)
    print(f"{run.answers} answers in {taken:.0f} s, {run.refused} refused: {dict(run.seen)}")
    print("resident MB in twelfths:", [round(run.memory[i * (len(run.memory) - 1) // 12][1] / 2**20) for i in range(13)])
    print(f"memory {resident / 2**20:.0f} MB, growth {growth / 2**20:.1f} MB")
    if growth > GROWTH:
        raise Failure(f"the memory grows by {growth / 2**20:.0f} MB, more than {GROWTH / 2**20:.0f}")
    with open(server.log) as file:
        logged = [json.loads(line) for line in file]
    ours = {line["id"]: line for line in logged if line["id"].startswith("load-")}
    lost = [line for name, line in ours.items() if name not in run.whole]
    if lost:
        raise Failure(f"{len(lost)} answers did not arrive: {lost[:3]}")
    missing = run.whole - set(ours)
    if missing:
        raise Failure(f"{len(missing)} answers have no line in the log, such as {sorted(missing)[:3]}")
    wrong = [line for line in ours.values() if line["status"] >= 400 and line["status"] != 503]
    refused = sum(line["status"] == 503 for line in ours.values())
    if wrong or refused != run.refused:
        raise Failure(f"the log has {refused} of {run.refused} refusals and {len(wrong)} errors: {wrong[:3]}")
    if " error " in server.said():
        raise Failure(f"the server complains: {server.said()[-2000:]}")
    print(f"stopped in the middle: {run.answers - answers} answers since, all {len(ours)} of the log arrived")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tessera")
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        build(options.tessera, data, "mola", 3, "fits")
        build(options.tessera, data, "viking", 3, "png")
        try:
            with Server(options.tessera, folder, data, SETTINGS) as server:
                load(server, options.seconds)
        except Failure as failure:
            print(f"FAILED: {failure}")
            with open(os.path.join(folder, "errors.log"), errors="replace") as file:
                print(f"the server said: {file.read()[-4000:]}")
            sys.exit(1)
    print("passed")


if __name__ == "__main__":
    main()
