"""Tiles that are damaged, and maps that are removed while they are drawn."""

import os
import shutil
import threading
import time
from collections import Counter

from serving import PATIENCE, Failure, ask, wait
from service_requests import SET
from service_witness import small


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
