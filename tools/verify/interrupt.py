"""What the fault scenarios share: sources, builds that are started, stopped and killed, and files compared.

Nothing here trusts what the program says of itself: files are compared by their bytes with those of a build that ran
undisturbed, and what a resumed build kept is told from what it made again by the times of the files.
"""

import ctypes
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time

import fault_maps

LIMIT = 300
EXTENSIONS = (".fits", ".png", ".jpg", ".webp")


class Failure(Exception):
    """What should hold does not."""


class Missed(Failure):
    """The moment that a scenario is about had passed: nothing was seen, and another try may see it."""


class Skipped(Exception):
    """A right or a program is missing, so that nothing was seen."""


def check(holds, message):
    if not holds:
        raise Failure(message)


def caught(holds, message):
    if not holds:
        raise Missed(message)


# MARK: files


def files(folder):
    """Relative path -> SHA-256 of every file, and "folder" for every folder."""
    found = {}
    for place, folders, names in os.walk(folder):
        for name in folders:
            found[os.path.relpath(os.path.join(place, name), folder)] = "folder"
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = hashlib.sha256(file.read()).hexdigest()
    return found


def same(folder, expected, when):
    """Holds a folder to the files of an undisturbed build, every byte of them."""
    check(os.path.isdir(folder), f"{when}: there is no {folder}")
    found = files(folder)
    absent = sorted(set(expected) - set(found))
    extra = sorted(set(found) - set(expected))
    other = sorted(name for name in set(found) & set(expected) if found[name] != expected[name])
    for what, names in (("are missing", absent), ("are too many", extra), ("have other bytes", other)):
        check(not names, f"{when}: {len(names)} files {what}, such as {', '.join(names[:4])}")


# MARK: builds


class Job:
    """One map to build, with a data directory of its own."""

    def __init__(self, tessera, data, source, options, name="map"):
        self.tessera, self.data, self.source, self.name = tessera, data, source, name
        self.options = list(options)
        self.body = os.path.join(data, "hips", "mars")
        self.place = os.path.join(self.body, name)
        self.partial = os.path.join(self.body, f".{name}.partial")
        self.checkpoints = os.path.join(self.partial, "checkpoints")
        self.prefix = []

    def command(self, jobs=2, extra=()):
        return [*self.prefix, self.tessera, "build", self.source, "--data", self.data, "--name", self.name,
                *self.options, "--jobs", str(jobs), "--json", *extra]

    def start(self, jobs=2, extra=(), wrapper=()):
        return Running([*wrapper, *self.command(jobs, extra)])

    def run(self, jobs=2, extra=(), wrapper=()):
        """Builds to the end, whatever it is: (exit status, what was said)."""
        return self.start(jobs, extra, wrapper).finish()

    def complete(self, expected, when, jobs=2, extra=()):
        """Builds, which must succeed, and holds the map to the expected bytes. Gives the report."""
        status, said = self.run(jobs, extra)
        check(status == 0, f"{when}: exit status {status}: {said.strip()[-400:]}")
        same(self.place, expected, when)
        self.tidy(when)
        return report(said)

    def refused(self, when, words, jobs=2, extra=(), wrapper=()):
        """Builds, which must fail with a message that holds the words."""
        status, said = self.run(jobs, extra, wrapper)
        refusal(status, said, when, words)
        return said

    def tidy(self, when):
        """Nothing is left beside the map."""
        left = sorted(set(os.listdir(self.body)) - {self.name})
        check(not left, f"{when}: beside the map lie {', '.join(left)}")

    def states(self):
        """Finished subtrees: "order-number" of every checkpoint."""
        try:
            return sorted(n[:-6] for n in os.listdir(self.checkpoints) if n.endswith(".state"))
        except FileNotFoundError:
            return []

    def interrupt(self, least=3, most=None, jobs=2):
        """Starts the build and kills it when so many subtrees are finished."""
        running = self.start(jobs)
        running.wait_until(lambda: len(self.states()) >= least, f"{least} subtrees")
        running.kill()
        count = len(self.states())
        caught(count >= least and not os.path.exists(self.place), "the build was over before it could be killed")
        return count

    def leaves(self, folder, state):
        """The files of the leaf tiles below a subtree."""
        order, number = (int(word) for word in state.split("-"))
        leaf = max(int(n[6:]) for n in os.listdir(folder) if n.startswith("Norder"))
        span = 4 ** (leaf - order)
        found = []
        for first in range(number * span // 10000 * 10000, (number + 1) * span, 10000):
            place = os.path.join(folder, f"Norder{leaf}", f"Dir{first}")
            for name in os.listdir(place) if os.path.isdir(place) else []:
                if name.endswith(EXTENSIONS) and number * span <= int(name[4:name.index(".")]) < (number + 1) * span:
                    found.append(os.path.join(place, name))
        return found

    def kept(self, states, since):
        """How many of the subtrees have no leaf tile that is younger than a time in ns."""
        return sum(all(os.stat(path).st_mtime_ns < since for path in self.leaves(self.place, state))
                   for state in states)


class Running:
    """A process in a group of its own."""

    started = []

    def __init__(self, command):
        self.command = command
        self.output = tempfile.TemporaryFile()
        environment = dict(os.environ, SOURCE_DATE_EPOCH="1700000000")
        self.began = time.time_ns()
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT, env=environment,
            start_new_session=True)
        Running.started.append(self)

    @classmethod
    def end_all(cls):
        """Kills what a scenario that failed left running or standing still."""
        for running in cls.started:
            running.kill(group=True)
            running.output.close()
        cls.started.clear()

    def said(self):
        self.output.seek(0)
        return self.output.read().decode("utf-8", "replace")

    def is_over(self):
        return self.process.poll() is not None

    def finish(self, limit=LIMIT):
        """(exit status, what was said); negative for a signal."""
        try:
            status = self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure(f"no end after {limit} s: {' '.join(self.command)}") from None
        return status, self.said()

    def send(self, number, group=False):
        try:
            (os.killpg if group else os.kill)(self.process.pid, number)
        except ProcessLookupError:
            pass

    def kill(self, group=False):
        """Kills it at once. Gives whether it was still running."""
        if not self.is_over():
            self.send(signal.SIGKILL, group)
        return self.process.wait() == -signal.SIGKILL

    def kill_after(self, seconds, group=False):
        try:
            self.process.wait(max(0, seconds - (time.time_ns() - self.began) / 1e9))
        except subprocess.TimeoutExpired:
            pass
        return self.kill(group)

    def freeze(self):
        """Stops it, and waits until every thread stands still."""
        self.send(signal.SIGSTOP)
        threads = f"/proc/{self.process.pid}/task"
        for _ in range(2000):
            if all(state(f"{threads}/{thread}/stat") in "TZ" for thread in os.listdir(threads)):
                return
            time.sleep(0.001)
        raise Failure("a stopped process goes on")

    def thaw(self):
        self.send(signal.SIGCONT)

    def wait_until(self, holds, what):
        limit = time.monotonic() + LIMIT
        while not holds():
            if self.is_over():
                # Asked again, since the build may have come to it and to its end between the two questions.
                if holds():
                    return
                kind = Missed if self.process.returncode == 0 else Failure
                raise kind(f"the build was over before {what}: {self.said().strip()[-400:]}")
            check(time.monotonic() < limit, f"no {what} after {LIMIT} s")
            time.sleep(0.001)


def state(path):
    """The letter of a thread's state; Z when it has gone."""
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


def refusal(status, said, when, words):
    check(status > 0, f"{when}: exit status {status}, and a refusal was expected: {said.strip()[-400:]}")
    check("Fatal error" not in said, f"{when}: it crashed: {said.strip()[-400:]}")
    for word in words:
        check(word in said, f"{when}: the message does not say \"{word}\": {said.strip()[-400:]}")


def report(said):
    """The JSON report of a build."""
    try:
        document = json.loads(said[said.index("{"):])
    except ValueError:
        raise Failure(f"no JSON report: {said.strip()[-400:]}") from None
    return document


# MARK: what all scenarios get


class Bench:
    """The binary, a folder to work in, a source of chance, and undisturbed builds to compare with."""

    def __init__(self, tessera, scratch, seed, times):
        self.tessera, self.scratch, self.times = tessera, scratch, times
        self.random = random.Random(seed)
        self.count = 0
        self.references = {}
        help_text = subprocess.run([tessera, "build", "--help"], capture_output=True, text=True).stdout
        self.unchecked = ["--no-space-check"] if "--no-space-check" in help_text else []
        self.sources = {name: os.path.join(scratch, name + ".tif") for name in fault_maps.MAKERS}
        for name, make in fault_maps.MAKERS.items():
            make(self.sources[name])

    # Values of a fifth of the sphere, colours of all of it, and a small part at an order that has subtrees in subtrees.
    OPTIONS = {
        "values": ["--order", "3", "--formats", "fits,png,jpeg"],
        "colour": ["--order", "2", "--formats", "png,jpeg,webp"],
        "patch": ["--order", "10", "--formats", "png", "--resampling", "nearest"],
        "world": ["--order", "8", "--formats", "png", "--resampling", "nearest", "--moc-order", "8"],
    }

    def folder(self):
        self.count += 1
        path = os.path.join(self.scratch, str(self.count))
        os.makedirs(path)
        return path

    def job(self, kind="values", data=None, options=None, source=None, name="map"):
        return Job(self.tessera, data or self.folder(), source or self.sources[kind],
                   self.OPTIONS[kind] if options is None else options, name)

    def own_source(self, kind="values"):
        """A copy of a source that a scenario may harm; size and time are those of the original."""
        path = os.path.join(self.folder(), kind + ".tif")
        shutil.copy2(self.sources[kind], path)
        return path

    def reference(self, kind="values", options=None):
        """(files, seconds with one and two workers, seconds to the first finished subtree) of undisturbed builds."""
        options = self.OPTIONS[kind] if options is None else options
        key = (kind, tuple(options))
        if key not in self.references:
            seconds, first, expected = {}, 0, None
            for jobs in (2, 1):
                job = self.job(kind, options=options)
                running = job.start(jobs)
                running.wait_until(lambda job=job: job.states() or os.path.exists(job.place), "a subtree")
                first = (time.time_ns() - running.began) / 1e9
                status, said = running.finish()
                seconds[jobs] = (time.time_ns() - running.began) / 1e9
                check(status == 0, f"an undisturbed build of {kind}: {said.strip()[-400:]}")
                lint = subprocess.run([self.tessera, "lint", job.place], capture_output=True, text=True)
                check(lint.returncode == 0, f"lint of {kind}: {(lint.stdout + lint.stderr).strip()[-400:]}")
                check("resumedTiles" not in report(said), "an undisturbed build says that it resumed")
                if expected is None:
                    expected = files(job.place)
                same(job.place, expected, f"{kind} with {jobs} workers")
                job.tidy("an undisturbed build")
                self.clear(job)
            self.references[key] = (expected, seconds, first)
        return self.references[key]

    def clear(self, job):
        shutil.rmtree(job.data, ignore_errors=True)


# MARK: rights


def is_root():
    return os.geteuid() == 0


def own_mounts():
    """Leaves the mounts of the system: what is mounted from here on is seen by this process and its children."""
    if not is_root():
        raise Skipped("mounting a file system of its own needs root")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x00020000) != 0:
        raise Skipped(f"unshare: {os.strerror(ctypes.get_errno())}")
    mount("--make-rprivate", "/")


def mount(*arguments):
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise Skipped(f"mount {' '.join(arguments)}: {done.stderr.strip()}")


def program(name):
    path = shutil.which(name)
    if not path:
        raise Skipped(f"{name} is not installed")
    return path
