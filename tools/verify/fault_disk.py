"""Disks that fill up or turn read-only, and users without rights."""

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

from interrupt import Skipped, check, files, is_root, mount, own_mounts, program, same

OLD = ["--title", "An older map of that name", "--order", "1", "--formats", "png"]
UNITS = {"size": 4096, "nr_inodes": 1}


class Served:
    """`tessera serve` on a data directory."""

    def __init__(self, tessera, data):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"http://127.0.0.1:{free.getsockname()[1]}/hips/mars/map/"
        self.process = subprocess.Popen(
            [tessera, "serve", "--data", data, "--port", self.address.split(":")[2].split("/")[0]],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(400):
            try:
                self.get("properties")
                return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        self.close()
        raise Skipped("the server does not answer")

    def get(self, name):
        with urllib.request.urlopen(self.address + name, timeout=20) as answer:
            return answer.read()

    def close(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def usage(folder):
    """Pages and inodes that a tree takes in a tmpfs: every file has an inode and fills its last page."""
    pages, inodes = 0, 1
    for place, folders, names in os.walk(folder):
        inodes += len(folders) + len(names)
        pages += sum(-(-os.path.getsize(os.path.join(place, name)) // 4096) for name in names)
    return {"size": pages, "nr_inodes": inodes}


def full_disk(bench, limit="size"):
    """A tmpfs that is full at some moment: a clear message, the old map is served, and it goes on when there is room."""
    own_mounts()
    expected, _, _ = bench.reference()
    whole = bench.job()
    check(whole.run()[0] == 0, "an undisturbed build failed")
    need = usage(whole.place)[limit]
    bench.clear(whole)
    moments = [0, 0.02, 0.35, 0.7, 0.97] + [bench.random.random() for _ in range(3 * (bench.times - 1))]
    counts = []
    for moment in moments:
        when = f"a disk that is full at {moment:.0%} ({limit})"
        data = bench.folder()
        mount("-t", "tmpfs", "-o", "size=4g,nr_inodes=1000000", "tmpfs", data)
        try:
            older = bench.job(data=data, options=OLD)
            check(older.run()[0] == 0, "the older map cannot be built")
            before = files(older.place)
            used = usage(data)[limit] + 2
            mount("-o", f"remount,{limit}={int((used + need * moment) * UNITS[limit])}", data)
            job = bench.job(data=data)
            with Served(bench.tessera, data) as server:
                served = {name: server.get(name) for name in ("properties", "Norder0/Dir0/Npix4.png")}
                counts.append(fill(bench, job, when, before))
                for name, content in served.items():
                    check(server.get(name) == content, f"{when}: the server's {name} changed")
                mount("-o", "remount,size=4g,nr_inodes=1000000", data)
                states, began = job.states(), time.time_ns()
                job.complete(expected, when + ", then enlarged", jobs=bench.random.choice([1, 2]))
                check(job.kept(states, began) >= len(states) - 2, f"{when}: it began from nothing")
                time.sleep(1.5)
                check(server.get("properties") != served["properties"], "the server does not serve the new map")
        finally:
            subprocess.run(["umount", "-l", data], check=False)
    check(counts == sorted(counts[:5]) + counts[5:] and counts[4] > counts[1], f"subtrees finished: {counts}")
    return f"full at {', '.join(f'{m:.0%}' for m in moments)}: {counts} subtrees finished before"


def fill(bench, job, when, before):
    """Builds on a disk that is too small, twice. Gives the number of subtrees finished."""
    counts = []
    for attempt in ("", ", asked again"):
        job.refused(when + attempt, ["No space left on device", job.body], extra=bench.unchecked)
        check(files(job.place) == before, f"{when}{attempt}: the old map changed")
        counts.append(len(job.states()))
    check(counts[1] >= counts[0] - 2, f"{when}: {counts[0]} finished subtrees became {counts[1]} by asking again")
    return counts[1]


def inodes_exhausted(bench):
    """The same with a file system that has room, but for no more files."""
    return full_disk(bench, limit="nr_inodes")


def too_small_from_the_start(bench):
    """Where a map surely cannot fit, nothing is begun."""
    if not bench.unchecked:
        raise Skipped("this version does not check the room on the disk before it starts")
    own_mounts()
    data = bench.folder()
    mount("-t", "tmpfs", "-o", "size=8m", "tmpfs", data)
    try:
        job = bench.job(data=data)
        job.refused("a disk that is too small", [data, "--no-space-check"])
        left = [name for _, folders, names in os.walk(data) for name in folders + names]
        check(not left, f"it left {', '.join(left)}")
    finally:
        subprocess.run(["umount", "-l", data], check=False)
    return "refused"


def turned_read_only(bench):
    """A file system that is mounted read-only between two runs."""
    own_mounts()
    expected, _, _ = bench.reference("colour")
    data = bench.folder()
    mount("-t", "tmpfs", "-o", "size=4g", "tmpfs", data)
    try:
        job = bench.job("colour", data=data)
        job.interrupt(least=3)
        mount("-o", "remount,ro", data)
        before = files(data)
        job.refused("a read-only file system", ["Read-only file system", job.body])
        check(files(data) == before, "what cannot change has changed")
        mount("-o", "remount,rw", data)
        states, began = job.states(), time.time_ns()
        job.complete(expected, "mounted for writing again")
        check(job.kept(states, began) >= len(states) - 2, "it began from nothing")
    finally:
        subprocess.run(["umount", "-l", data], check=False)
    return "refused, then completed"


def without_rights(bench):
    """A user who may not write the data directory, what another user has begun, or read the source."""
    setpriv = program("setpriv")
    if not is_root():
        raise Skipped("becoming another user needs root")
    expected, _, _ = bench.reference("colour")
    nobody = [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"]
    probe = subprocess.run([*nobody, bench.tessera, "--version"], capture_output=True, check=False)
    if probe.returncode != 0:
        raise Skipped("another user may not run the binary: " + probe.stderr.decode("utf-8", "replace")[-200:])
    seen = 0
    for name in ("no data directory", "a folder", "the folder of the body", "a begun build", "an old map", "source"):
        job = bench.job("colour", source=bench.own_source("colour"))
        opened(job)
        when, words = f"without rights on {name}", ["Permission denied", job.body]
        if name == "no data directory":
            job.data = os.path.join(job.data, "none", "yet")
            job.body = os.path.join(job.data, "hips", "mars")
            words[1] = os.path.dirname(job.data)
            os.chmod(os.path.dirname(os.path.dirname(job.data)), 0o755)
        elif name == "a folder":
            os.chmod(job.data, 0o755)
            words[1] = job.data
        elif name == "the folder of the body":
            os.makedirs(job.body)
        elif name == "a begun build":
            job.interrupt(least=2)
            os.chmod(job.body, 0o777)
            lock = os.path.join(job.body, f".{job.name}.lock")
            if os.path.exists(lock):
                os.unlink(lock)
            words[1] = job.partial
        elif name == "an old map":
            older = bench.job("colour", data=job.data, options=OLD)
            check(older.run()[0] == 0, "the older map cannot be built")
            words[1] = job.body
        else:
            os.chmod(job.data, 0o777)
            os.chmod(job.source, 0o600)
            words = [job.source]
        before = files(job.data) if os.path.isdir(job.data) else {}
        job.refused(when, words, wrapper=nobody)
        check((files(job.data) if os.path.isdir(job.data) else {}) == before, f"{when}: something changed")
        seen += 1
        if name == "a begun build":
            job.complete(expected, when + ", then with them")
        bench.clear(job)
    # With rights on all of it, so that what was refused was refused for want of them.
    job = bench.job("colour", source=bench.own_source("colour"))
    opened(job)
    os.chmod(job.data, 0o777)
    status, said = job.run(wrapper=nobody)
    check(status == 0, f"with all rights: {said.strip()[-400:]}")
    same(job.place, expected, "with all rights")
    bench.clear(job)
    return f"{seen} refused"


def opened(job):
    """Lets everybody reach the folders of a job."""
    for path in (job.data, os.path.dirname(job.source)):
        os.chmod(path, 0o755)
    os.chmod(job.source, 0o644)
