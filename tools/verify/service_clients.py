"""Clients that do not do what they should: no HTTP, half of it, slowly, or not to the end."""

import socket
import struct
import time

from serving import PATIENCE, Failure, wait
from service_witness import IDLE, LARGE, PROMPT, small

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
