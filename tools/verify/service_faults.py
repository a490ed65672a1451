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
import subprocess
import sys
import tempfile
import time

from serving import PATIENCE, Failure, Server, ask, build, wait
from service_clients import connected, cut_clients, heads, request, slow_clients
from service_maps import broken_tiles, vanishing_maps
from service_requests import BAD, GOOD, address, changed, fault, garbage
from service_witness import DRAIN, GROWTH, IDLE, LARGE, P99, PROMPT, SETTINGS, Numbers, Witness, returned


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
            rounds = []
            for number in range(options.rounds):
                options.seed += number
                for name, function in SCENES:
                    scene(name, server, witness, function, options)
                rounds.append(Numbers(server.process))
                print(f"  round {number + 1}: {rounds[-1].memory >> 20} MB", flush=True)
            last = rounds[-1]
            print(f"  files {first.files} -> {last.files}, threads {first.threads} -> {last.threads}, "
                  f"memory {first.memory >> 20} -> {last.memory >> 20} MB, "
                  f"{len(witness.times)} answers to others, median {1000 * statistics.median(witness.times):.1f} ms")
            # Caches and what the allocator keeps have come to their sizes after three rounds.
            if excess := rounds[0].excess(first, 3 * GROWTH) + last.excess(rounds[min(2, len(rounds) - 1)]):
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
        wait("all are there", lambda: Numbers(server.process).files > before.files + 30)
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
