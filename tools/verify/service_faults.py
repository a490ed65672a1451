#!/usr/bin/python3
"""The map services with bad clients, bad requests and bad files, while others are served.

    service_faults.py TESSERA [--rounds 1] [--seed 1] [--self-test]

Builds MOLA and Viking in a temporary folder, copies of them for another body to be broken, and serves all with idle limits of
few seconds. Beside everything runs a measuring client, whose every answer must be the one it got before, and the 99th
percentile of whose times is bounded.

  requests    wrong values one by one, and ten kilobytes of garbage in each parameter and each part of the path of every
              operation: the right form, code and status, within seconds, and the connection goes on
  headers     what is no HTTP, too long, twice, or meant for somebody else: refused or closed
  clients     that read a byte a second, send heads or bodies a byte at a time, half requests, that go away in the middle of an
              answer or while it is drawn, that send nothing at all, more of them than there are files: all are let go
  files       tiles that are cut, empty, zeros or no files: an exception that names them, and the map as it was when they
              are whole again
  maps        removed and put back while they are drawn: whole or refused, never half
  the server  its threads, open files and memory are what they were; it ends with 0 in time with all such clients hanging

--self-test: what is wrong on purpose is found."""

import argparse
import http.client
import os
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter

from serving import PATIENCE, Failure, Server, ask, build, wait
from service_requests import BAD, GOOD, SET, address, changed, fault, garbage

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
        connection = None
        while not self.isStopping:
            for path in self.paths:
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
                self.times.append(time.monotonic() - began)
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

    def excess(self, before):
        """What there is more of than there may be; nothing when all is as before."""
        return [
            f"{name}: {now} after {then}" for name, now, then, most in (
                ("files", self.files, before.files, FILES), ("threads", self.threads, before.threads, THREADS),
                ("bytes", self.memory, before.memory, GROWTH)) if now - then > most]


def returned(server, before, seconds=PATIENCE):
    """Waits until the server holds no more than before."""
    deadline = time.monotonic() + seconds
    while (excess := Numbers(server.process).excess(before)) and time.monotonic() < deadline:
        time.sleep(0.1)
    if excess:
        raise Failure(f"the server does not let go: {excess}")


# Requests.


def judged(server, connection, form, path, wanted, what):
    """One wrong request by a connection that must go on."""
    began = time.monotonic()
    try:
        reply = ask(server.port, path, connection)
    except (OSError, http.client.HTTPException) as error:
        raise Failure(f"{what}: {type(error).__name__} {error}: {path[:300]}") from error
    seconds = time.monotonic() - began
    if seconds > PROMPT:
        raise Failure(f"{what}: an answer after {seconds:.1f} s")
    if any(value in name.lower() for name, _ in reply.fields for value in ("set-cookie",)):
        raise Failure(f"{what}: the request has written into the head of the answer")
    if reply.status >= 500 and reply.status != 501:
        return f"{what}: {reply.status} {reply.body[:200]!r} for {path[:200]}"
    if None in wanted and (reply.status == 200 or form == "any"):
        reply.check()
        return None
    found = fault(form, reply, wanted)
    return found and f"{what}: {found} for {path[:200]}"


def every(server, cases, most=10):
    """All cases by one connection; the first mistakes."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    mistakes, count = [], 0
    for case in cases:
        count += 1
        found = judged(server, connection, *case)
        if found:
            mistakes.append(found)
            if len(mistakes) >= most:
                break
    connection.close()
    if mistakes:
        raise Failure("\n  ".join([f"{len(mistakes)} wrong answers:", *mistakes]))
    return f"{count} requests"


def right_requests(server, _):
    """Those that the others are made from are right."""
    for operation, (_, path, keys) in GOOD.items():
        reply = ask(server.port, address(path, keys)).check()
        if reply.status != 200:
            raise Failure(f"{operation}: {reply.status} {reply.body[:300]!r}")
    return f"{len(GOOD)} operations"


def wrong_values(server, _):
    return every(server, [
        (*changed(operation, **values), {code}, f"{operation} with {values}") for operation, values, code in BAD])


def garbage_everywhere(server, options):
    return every(server, (
        (form, path, wanted, f"{operation}, {name}: {kind}")
        for operation, name, kind, form, path, wanted in garbage(options.seed)))


# Heads that are none.

HEADS = [
    b"\r\n\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nHost\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET /health HTTP/1.1\r\nHost: h\r\nA: \x00\r\n\r\n", b"\x00" * 10000, b"A" * 200000,
    b"GET /" + b"a" * 200000 + b" HTTP/1.1\r\nHost: h\r\n\r\n", b"GET /health HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 200000 + b"\r\n\r\n",
    b"GET /health HTTP/1.1\r\nHost: h\r\n" + b"".join(b"A%d: x\r\n" % n for n in range(5000)) + b"\r\n",
    b"GET /health HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
    b"GET /health HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
    b"GET /health HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    b"POST /mars/wms HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
    b"POST /mars/wms HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
    b"POST /mars/wms HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET /health HTTP/1.1\r\n Host: h\r\n\r\n", b"GET\t/health\tHTTP/1.1\r\nHost: h\r\n\r\n", b"get /health http/1.1\r\n\r\n",
    b"GET ../../etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n", b"GET /../../etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n",
    b"GET /hips/mars/%2e%2e/%2e%2e/x HTTP/1.1\r\nHost: h\r\n\r\n", b"CONNECT a:1 HTTP/1.1\r\nHost: h\r\n\r\n",
    b"DELETE /hips/mars/mola HTTP/1.1\r\nHost: h\r\n\r\n", b"TRACE / HTTP/1.1\r\nHost: h\r\n\r\n",
    b"POST /mars/wms HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3000000,
]
# Fields that mean nothing here, in an otherwise right request: the answer is the usual one.
FIELDS = [
    b"Range: bytes=9999999999-,0-0,-1", b"If-None-Match: " + b"\"x\"," * 5000, b"If-None-Match: \"", b"If-Modified-Since: never",
    b"Accept-Encoding: " + b"gzip;q=nan," * 1000, b"X-Forwarded-For: " + b"1.2.3.4," * 2000, b"X-Forwarded-Host: a\"><script>",
    b"X-Forwarded-Proto: javascript", b"X-Request-Id: " + b"a" * 5000, b"X-Request-Id: a\xff\xfe", b"Cookie: " + b"\xf0\x9f" * 1000,
    b"Authorization: Basic ====", b"Expect: nothing", b"Upgrade: websocket", b"Te: trailers", b"Origin: null"]


def exchange(server, data, seconds=PROMPT + IDLE):
    """What comes back for some bytes until the server closes or the time is over."""
    connection = server.connect()
    connection.settimeout(seconds)
    received = b""
    try:
        try:
            connection.sendall(data)
        except OSError:
            pass
        while len(received) < 1 << 20 and (part := connection.recv(65536)):
            received += part
    except TimeoutError:
        return received, False
    except OSError:
        pass
    finally:
        connection.close()
    return received, True


def heads(server, _):
    for head in HEADS:
        received, isClosed = exchange(server, head)
        if not isClosed:
            raise Failure(f"{head[:80]!r}: the connection stays")
        for status in (line.split()[1] for line in received.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")):
            # HTTP/1.0 and what is nearly it may be answered, but nothing may be the answer of a file that is not ours.
            if status[:1] not in (b"4", b"5") and b"ok\n" not in received and status != b"204":
                raise Failure(f"{head[:80]!r}: {received[:200]!r}")
        if b"root:" in received or received.count(b"HTTP/1.1 5"):
            raise Failure(f"{head[:80]!r}: {received[:300]!r}")
    for field in FIELDS:
        received, _ = exchange(server, b"GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + field + b"\r\n\r\n")
        if not received.startswith((b"HTTP/1.1 200", b"HTTP/1.1 400")) or b"<script>" in received:
            raise Failure(f"{field[:80]!r}: {received[:300]!r}")
    return f"{len(HEADS)} heads, {len(FIELDS)} fields"


# Clients.


def letting_go(clients, what, seconds):
    """Waits until the server has closed the connections of all clients, which go on with what they do meanwhile."""
    began = time.monotonic()
    waiting = list(clients)
    while waiting:
        if time.monotonic() - began > seconds:
            raise Failure(f"{what}: {len(waiting)} of {len(clients)} connections are still open after {seconds} s")
        waiting = [client for client in waiting if client()]
        time.sleep(0.25)
    return f"{len(clients)} clients, all let go after {time.monotonic() - began:.1f} s"


def connected(server, count, receive=0):
    made = []
    for _ in range(count):
        connection = socket.socket()
        if receive:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", server.port))
        made.append(connection)
    return made


def sending(connection, data, pace=1.0):
    """A client that sends a byte now and then; the call says whether the connection is still open."""
    state = {"next": 0, "at": 0.0}

    def step():
        try:
            if data and time.monotonic() >= state["at"]:
                connection.send(data[state["next"] % len(data):][:1])
                state["next"], state["at"] = state["next"] + 1, time.monotonic() + pace
            connection.setblocking(False)
            return connection.recv(65536) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False
    return step


def established(connection):
    """Whether the server still has the other end of a connection open, by the system's table (1 is ESTABLISHED)."""
    ends = [f"{connection.getpeername()[1]:04X}", f"{connection.getsockname()[1]:04X}"]
    with open("/proc/net/tcp") as file:
        for line in file:
            words = line.split()
            if [word[-4:] for word in words[1:3]] == ends:
                return words[3] == "01"
    return False


def reading(connection, pace=1.0):
    """A client that reads a byte now and then."""
    state = {"at": 0.0}

    def step():
        if time.monotonic() < state["at"]:
            return True
        state["at"] = time.monotonic() + pace
        # What the server has sent is still on its way when the server has closed: this client would not learn of it for hours.
        if not established(connection):
            return False
        try:
            connection.setblocking(False)
            return connection.recv(1) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False
    return step


def request(path, fields="", method="GET"):
    return f"{method} {path} HTTP/1.1\r\nHost: h\r\n{fields}\r\n".encode()


def slow_clients(server, _, seconds=60):
    readers = connected(server, 24, 4096)
    for connection in readers:
        # Several answers, since the system keeps megabytes for one that does not read.
        connection.sendall(request("/hips/mars/mola/Norder2/Dir0/Npix5.fits") * 16)
    heads = connected(server, 24)
    bodies = connected(server, 12)
    for connection in bodies:
        connection.sendall(request("/mars/wms", "Content-Length: 100000\r\n", "POST"))
    chunked = connected(server, 12)
    for connection in chunked:
        connection.sendall(request("/mars/wms", "Transfer-Encoding: chunked\r\n", "POST"))
    silent = connected(server, 100)
    clients = (
        [reading(connection) for connection in readers]
        + [sending(connection, b"GET /mars/wms?SERVICE=WMS&REQUEST=" + b"a" * 999) for connection in heads]
        + [sending(connection, b"x", 0.3) for connection in bodies]
        + [sending(connection, b"1\r\nx\r\n", 0.3) for connection in chunked]
        + [sending(connection, b"") for connection in silent])
    try:
        return letting_go(clients, "slow clients", seconds)
    finally:
        for connection in readers + heads + bodies + chunked + silent:
            connection.close()


def rude(connection):
    """Closes so that the other side is told of a failure."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def cut_clients(server, _):
    """Half requests, and ends in the middle of answers."""
    count = 0
    whole = request(LARGE)
    for length in (1, 4, 20, len(whole) // 2, len(whole) - 2, len(whole) - 1):
        for way in ("close", "half", "reset"):
            connection = server.connect()
            connection.sendall(whole[:length])
            if way == "reset":
                rude(connection)
            elif way == "half":
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(PATIENCE)
                try:
                    while connection.recv(65536):
                        pass
                except ConnectionError:
                    pass
            connection.close()
            count += 1
    for path in (LARGE, "/hips/mars/mola/Norder2/Dir0/Npix5.fits", "/mars/wms?SERVICE=WMS&REQUEST=GetCapabilities"):
        for received in (0, 1, 5000, 50000):
            for way in ("close", "reset"):
                connection = server.connect()
                connection.sendall(request(path))
                got = 0
                while got < received and (part := connection.recv(received - got)):
                    got += len(part)
                rude(connection) if way == "reset" else connection.close()
                count += 1
    # The largest maps there are, whose clients go at once: they stop costing.
    largest = small("viking", "49910", "-9000000,-4500000,9000000,4500000", 4096).replace("WIDTH=4096", "WIDTH=8192")
    for _ in range(16):
        connection = server.connect()
        connection.sendall(request(largest))
        time.sleep(0.02)
        rude(connection)
        count += 1
    began = time.monotonic()
    wait("work for those who have gone ends", lambda: server.metrics()["tessera_work_running"] == 0)
    return f"{count} cuts, work ended after {time.monotonic() - began:.1f} s"


def all_files(tessera, folder, data):
    """More connections than the process may have files, on a server of its own."""
    with Server(tessera, folder, data, SETTINGS % (IDLE, DRAIN), files=160) as server:
        witness = Witness(server)
        wait("others are served", lambda: len(witness.times) > 20)
        since = len(witness.times)
        crowd = []
        try:
            for _ in range(400):
                connection = socket.socket()
                connection.setblocking(False)
                connection.connect_ex(("127.0.0.1", server.port))
                crowd.append(connection)
            # The one that is there goes on, and so does, when the silent ones were let go, one that comes.
            time.sleep(1)
            witness.check(since)
            if ask(server.port, "/health").status != 200:
                raise Failure("nobody new is served")
            witness.check(since)
        finally:
            witness.isStopping = True
            for connection in crowd:
                connection.close()
        wait("those who wait are served", lambda: ask(server.port, witness.paths[0]).status == 200)
        server.process.send_signal(signal.SIGTERM)
        if server.process.wait(PATIENCE) != 0:
            raise Failure(f"the server ended badly: {server.said()[-500:]}")
    return "400 connections where 160 files may be open"


# Files and maps.


def other_body(data, name):
    """A map of Mars as one of the Moon, to be broken."""
    target = os.path.join(data, "hips", "moon", name)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    partial = os.path.join(data, "hips", "moon", "." + name)
    shutil.copytree(os.path.join(data, "hips", "mars", name), partial)
    with open(os.path.join(partial, "properties")) as file:
        text = "".join("hips_body = moon\n" if line.startswith("hips_body") else line for line in file)
    with open(os.path.join(partial, "properties"), "w") as file:
        file.write(text)
    os.rename(partial, target)
    return target


def drawn(name, side):
    """A map in the middle of which lies the middle of cell 4 (longitude 0, on the equator)."""
    return small(name, "30110", "-300000,-300000,300000,300000", side, "moon")


def broken_tiles(server, options, isBroken=True):
    count = 0
    for name, ending in (("viking", "png"), ("mola", "fits")):
        root = other_body(options.data, name)
        side = 200 if name == "viking" else 201
        path = drawn(name, side)
        elsewhere = small(name, "30110", "3000000,-300000,3600000,300000", 64, "moon")
        right = wait("the map is there", lambda: (lambda reply: reply.status == 200 and reply.body)(ask(server.port, path)))
        # Those of the fifth base cell alone: the rest of the map is drawn meanwhile.
        tiles = [
            os.path.join(root, f"Norder{order}", "Dir0", f"Npix{npix}.{ending}")
            for order in range(3) for npix in range(4 << 2 * order, 5 << 2 * order)]
        kept = {tile: open(tile, "rb").read() for tile in tiles}
        # In every spelling of the request, since what was decoded is kept: a copy for each way of being broken.
        for number, (kind, broken) in enumerate([
            ("cut", lambda tile: tile[:len(tile) // 2]), ("empty", lambda _: b""), ("zeros", lambda tile: b"\0" * len(tile)),
            ("a byte", lambda _: b"\x89"), ("text", lambda _: b"<html>no such file</html>" * 100),
            ("head alone", lambda tile: tile[:40]), ("bytes behind the head", lambda tile: tile[:100] + os.urandom(len(tile) - 100)),
        ]):
            where = os.path.join(options.data, "hips", "moon", f"{name}{number}")
            shutil.copytree(root, where + ".x")
            if isBroken:
                for tile in tiles:
                    with open(tile.replace(root, where + ".x"), "wb") as file:
                        file.write(broken(kept[tile]))
            os.rename(where + ".x", where)
            for version, form in (("1.3.0", "wms130"), ("1.1.1", "wms111")):
                wanted = path.replace(f"LAYERS={name}", f"LAYERS={name}{number}").replace("1.3.0", version).replace(
                    "CRS=" if version == "1.1.1" else "#", "SRS=" if version == "1.1.1" else "#")
                reply = ask(server.port, wanted)
                isTold = reply.status == 500 and b"Npix" in reply.body and reply.code == ""
                # Bytes behind the head of a FITS file are values like any others.
                if ending == "fits" and kind == "bytes behind the head" and reply.status == 200:
                    continue
                if not isTold:
                    raise Failure(f"{name} {kind}, {version}: {reply.status} {reply.kind} {reply.body[:300]!r}")
                count += 1
            tile = ask(server.port, f"/moon/tiles/{name}{number}/Moon{SET[4:]}/3/4/7.png")
            if tile.status != 500 or b"Npix" not in tile.body:
                raise Failure(f"{name} {kind}, web tile: {tile.status} {tile.body[:300]!r}")
            information = ask(server.port, wanted.replace("GetMap", "GetFeatureInfo") + f"&QUERY_LAYERS={name}{number}&X=3&Y=3")
            if information.status != 500:
                raise Failure(f"{name} {kind}, place: {information.status} {information.body[:300]!r}")
            if ask(server.port, elsewhere.replace(f"LAYERS={name}", f"LAYERS={name}{number}")).status != 200:
                raise Failure(f"{name} {kind}: another part of the map is not drawn")
            # Whole again: the map is drawn as before.
            for tile in tiles:
                with open(tile.replace(root, where), "wb") as file:
                    file.write(kept[tile])
            if ask(server.port, path.replace(f"LAYERS={name}", f"LAYERS={name}{number}")).body != right:
                raise Failure(f"{name} {kind}: the map is not drawn again when its tiles are whole")
            count += 4
            shutil.rmtree(where)
        shutil.rmtree(root)
    return f"{count} answers from broken tiles"


def vanishing_maps(server, options):
    """A map that is removed and put back while it is asked for by four."""
    root = other_body(options.data, "viking")
    other_body(options.data, "mola")
    paths = [small("viking", "30110", f"{x},-900000,{x + 1800000},900000", 160, "moon") for x in range(-5000000, 3000000, 500000)]
    def whole(path):
        reply = ask(server.port, path)
        return reply.status == 200 and reply.body
    known = {path: wait("the map is there", lambda path=path: whole(path)) for path in paths}
    seen, mistakes, isOver = Counter(), [], threading.Event()

    def client(number):
        while not isOver.is_set():
            for path in paths[number::4]:
                try:
                    reply = ask(server.port, path)
                except Exception as error:  # pylint: disable=broad-except
                    mistakes.append(f"{type(error).__name__} {error}")
                    return
                seen[reply.status, reply.code] += 1
                if reply.status == 200 and reply.body != known[path]:
                    mistakes.append(f"half a map: {path}")
                elif reply.status != 200 and (reply.status, reply.code) != (400, "LayerNotDefined"):
                    mistakes.append(f"{reply.status} {reply.body[:200]!r}")
    threads = [threading.Thread(target=client, args=(n,), daemon=True) for n in range(4)]
    for thread in threads:
        thread.start()
    rounds = 0
    spare = os.path.join(options.folder, "spare")
    shutil.copytree(root, spare)
    deadline = time.monotonic() + 30 + 6
    while rounds < 3 or not seen[400, "LayerNotDefined"]:
        if mistakes or time.monotonic() > deadline:
            break
        time.sleep(0.5)
        # As `tessera remove` does: out of sight in one rename, and then away.
        hidden = os.path.join(os.path.dirname(root), ".removed")
        os.rename(root, hidden)
        shutil.rmtree(hidden)
        time.sleep(1.2)
        shutil.copytree(spare, hidden)
        os.rename(hidden, root)
        rounds += 1
    isOver.set()
    for thread in threads:
        thread.join(PATIENCE)
    shutil.rmtree(spare)
    shutil.rmtree(os.path.join(options.data, "hips", "moon"))
    if mistakes:
        raise Failure(f"{len(mistakes)} wrong answers, such as {mistakes[:3]}")
    if not seen[400, "LayerNotDefined"] or not seen[200, None]:
        raise Failure(f"the map was never away or never there: {dict(seen)}")
    return f"{rounds} removals, {dict(seen)}"


def end(server, witness, isHeld=False):
    """SIGTERM with clients of all kinds hanging."""
    crowd = connected(server, 20) + connected(server, 20, 4096)
    for connection in crowd[20:]:
        connection.sendall(request("/hips/mars/mola/Norder2/Dir0/Npix5.fits") * 16)
    for connection in crowd[:10]:
        connection.sendall(b"GET /mars/wms?SERV")
    heavy = connected(server, 6)
    for number, connection in enumerate(heavy):
        connection.sendall(request(LARGE.replace("2000000,2000000&", f"2000000,{2000000 + number}&")))
    body = connected(server, 5)
    for connection in body:
        connection.sendall(request("/mars/wms", "Content-Length: 100\r\n", "POST") + b"abc")
    time.sleep(0.3)
    witness.isStopping = True
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    if isHeld:
        server.process.send_signal(signal.SIGSTOP)
    try:
        status = server.process.wait(DRAIN + 15)
    except subprocess.TimeoutExpired as error:
        raise Failure("the server does not stop") from error
    finally:
        for connection in crowd + heavy + body:
            connection.close()
    if status != 0:
        raise Failure(f"the server ended with {status}: {server.said()[-2000:]}")
    if "Fatal error" in server.said():
        raise Failure(server.said()[-2000:])
    return f"after {time.monotonic() - began:.1f} s"


SCENES = [
    ("right requests", right_requests), ("wrong values", wrong_values), ("garbage", garbage_everywhere), ("heads", heads),
    ("slow clients", slow_clients), ("cut clients", cut_clients), ("broken tiles", broken_tiles),
    ("vanishing maps", vanishing_maps)]


def scene(name, server, witness, run, options):
    """One kind of fault, with what must hold beside it."""
    before, since, began = Numbers(server.process), len(witness.times), time.monotonic()
    said = run(server, options)
    while len(witness.times) < since + 20:
        time.sleep(0.05)
        if witness.mistakes:
            break
    p99 = witness.check(since)
    if server.process.poll() is not None:
        raise Failure(f"the server has ended: {server.said()[-2000:]}")
    returned(server, before)
    print(f"  {name}: {said}; others: {len(witness.times) - since} answers, p99 {1000 * p99:.0f} ms; "
          f"{time.monotonic() - began:.1f} s", flush=True)


def warm(server):
    """Everything once, so that what is kept on purpose does not count as growth."""
    for _, path, keys in GOOD.values():
        ask(server.port, address(path, keys))
    for _ in range(2):
        ask(server.port, LARGE)


def run(options):
    with Server(options.tessera, options.folder, options.data, SETTINGS % (IDLE, DRAIN)) as server:
        warm(server)
        witness = Witness(server)
        try:
            time.sleep(1)
            first = Numbers(server.process)
            for number in range(options.rounds):
                options.seed += number
                for name, function in SCENES:
                    scene(name, server, witness, function, options)
            last = Numbers(server.process)
            print(f"  files {first.files} -> {last.files}, threads {first.threads} -> {last.threads}, "
                  f"memory {first.memory >> 20} -> {last.memory >> 20} MB, "
                  f"{len(witness.times)} answers to others, median {1000 * statistics.median(witness.times):.1f} ms")
            if excess := last.excess(first):
                raise Failure(f"the server has grown: {excess}")
            print(f"  end: {end(server, witness)}")
            if witness.mistakes:
                raise Failure(f"others are not served: {witness.mistakes[:3]}")
        finally:
            witness.isStopping = True
    print(f"  all files: {all_files(options.tessera, options.folder, options.data)}")


# What is wrong on purpose.


def self_test(options):
    def expect(what, call):
        try:
            call()
        except Failure as failure:
            print(f"  found: {what}: {str(failure)[:160]!r}")
            return
        raise Failure(f"not found: {what}")

    def beside(server, disturb):
        witness = Witness(server)
        since = len(witness.times)
        try:
            disturb(witness)
            wait("some answers", lambda: len(witness.times) > since + 60 or witness.mistakes)
            witness.check(since)
        finally:
            witness.isStopping = True
            witness.thread.join(PATIENCE)

    def spoil(witness):
        path = witness.paths[0]
        witness.known[path] = witness.known[path][:-1] + b"x"

    def halt(witness):
        server.process.send_signal(signal.SIGSTOP)
        time.sleep(1.5 * P99)
        server.process.send_signal(signal.SIGCONT)

    def hold(server):
        before = Numbers(server.process)
        crowd = connected(server, 40)
        try:
            returned(server, before, 5)
        finally:
            for connection in crowd:
                connection.close()

    # This one closes nothing for ten minutes.
    with Server(options.tessera, options.folder, options.data, SETTINGS % (600, DRAIN)) as server:
        warm(server)
        beside(server, lambda _: None)
        expect("an answer with another byte", lambda: beside(server, spoil))
        expect("a pause", lambda: beside(server, halt))
        expect("connections that are kept", lambda: hold(server))
        expect("slow clients that nobody lets go", lambda: slow_clients(server, options, 4 * IDLE))
        expect("tiles that are whole", lambda: broken_tiles(server, options, isBroken=False))
        shutil.rmtree(os.path.join(options.data, "hips", "moon"))
        for operation, (form, path, keys) in GOOD.items():
            expect(f"a right answer to {operation}", lambda: every(
                server, [(form, address(path, keys), {""}, operation)]))
        expect("another code", lambda: every(server, [(*changed("GetMap 1.3.0", LAYERS="x"), {"InvalidCRS"}, "x")]))
        expect("another form", lambda: every(
            server, [("wms111", changed("GetMap 1.3.0", LAYERS="x")[1], {"LayerNotDefined"}, "x")]))
        expect("a refusal of what is to be passed over", lambda: every(
            server, [("wms130", changed("GetMap 1.3.0", LAYERS="x")[1], {None}, "x")]))
        small_numbers, large = Numbers(server.process), Numbers(server.process)
        large.memory += GROWTH + 1
        if not large.excess(small_numbers) or small_numbers.excess(large):
            raise Failure("growth is not seen")
        expect("a server that does not end", lambda: end(server, Witness(server), isHeld=True))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tessera")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        options.folder = folder
        options.data = os.path.join(folder, "data")
        build(options.tessera, options.data, "mola", 2, "fits")
        build(options.tessera, options.data, "viking", 2, "png")
        try:
            (self_test if options.self_test else run)(options)
        except Failure as failure:
            print(f"FAILED: {failure}")
            with open(os.path.join(folder, "errors.log"), errors="replace") as file:
                print(f"the server said: {file.read()[-2000:]}")
            sys.exit(1)
    print(f"passed in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
