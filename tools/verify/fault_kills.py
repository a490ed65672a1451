"""Builds that are killed, stopped and let go on, told to stop, and met by a second builder."""

import os
import shutil
import signal
import struct
import subprocess
import time

from interrupt import Failure, caught, check, files, program, refusal, report, same

OTHER = ["--title", "An older map of that name", "--order", "1", "--formats", "png"]


def twenty_kills_in_one_build(bench, kind="values", kills=20):
    """kill -9 again and again in one build: what is finished stays finished, and the end is the same."""
    expected, seconds, first = bench.reference(kind)
    done, rounds, kept = 0, 0, []
    while done < kills * bench.times:
        rounds += 1
        job = bench.job(kind)
        before = []
        while True:
            # The mean of the moments leaves the work of an undisturbed build to as many runs as there are kills.
            mean = first + 1.5 * (seconds[2] - first) / kills
            jobs = bench.random.choice([1, 2])
            running = job.start(jobs)
            killed = running.kill_after(bench.random.uniform(0.3 * first, 2 * mean - 0.3 * first), group=done % 2 == 1)
            if not killed:
                status, said = running.finish()
                check(status == 0, f"{kind} after {done} kills: exit status {status}: {said.strip()[-400:]}")
                resumed = report(said).get("resumedTiles", 0)
                same(job.place, expected, f"{kind} after {done} kills")
                job.tidy(f"{kind} after {done} kills")
                check(not before or resumed > 0, f"{kind}: the last run of many began from nothing")
                whole = job.kept(before, running.began)
                # The last one of each worker may have been cut off in the middle.
                check(whole >= len(before) - 2, f"{kind}: {len(before) - whole} of {len(before)} finished subtrees "
                                                "were made again")
                kept.append(f"{whole} of {len(before)}")
                break
            done += 1
            check(not os.path.exists(job.place) or not os.path.exists(job.partial) or
                  os.path.exists(os.path.join(job.place, "properties")), "half a map is published")
            now = job.states()
            lost = set(before) - set(now)
            lost = {name for name in lost if not parent(name) & set(now)}
            if os.path.exists(job.partial) and not os.path.exists(job.place):
                check(not lost, f"{kind}: finished subtrees are lost by a kill: {', '.join(sorted(lost)[:4])}")
                before = now
            elif os.path.exists(job.place):
                # Killed after the rename: that build is over, and what the next run makes is another one.
                same(job.place, expected, f"{kind} after {done} kills, as published")
                before = []
            check(done < 40 * kills * bench.times, f"{kind}: no headway in {done} runs")
        bench.clear(job)
    return f"{done} kills, {rounds} builds completed; subtrees kept in the last run: {', '.join(kept)}"


def parent(name):
    """The names of all subtrees that a subtree lies in."""
    order, number = (int(word) for word in name.split("-"))
    return {f"{order - up}-{number >> (2 * up)}" for up in range(1, order + 1)}


def kills_over_the_whole_run(bench, kind="values", kills=20):
    """Builds that are killed once each, at moments from the first to the last, then gone on with."""
    expected, seconds, _ = bench.reference(kind)
    count = kills * bench.times
    killed, kept, resumed = 0, 0, 0
    for number in range(count):
        jobs = bench.random.choice([1, 2])
        for _ in range(5):
            moment = (number + bench.random.random()) / count * seconds[jobs]
            job = bench.job(kind)
            running = job.start(jobs)
            was_killed = running.kill_after(moment, group=number % 2 == 1)
            if was_killed:
                break
            # The machine is less busy than when the undisturbed build was timed.
            seconds[jobs] = min(seconds[jobs], (time.time_ns() - running.began) / 1e9)
            status, said = running.finish()
            check(status == 0, f"{kind}, not killed: exit status {status}: {said.strip()[-400:]}")
            same(job.place, expected, f"{kind}, not killed")
            bench.clear(job)
        if not was_killed:
            continue
        when = f"{kind}, killed after {moment:.3f} s"
        states = job.states()
        if os.path.exists(job.place):
            same(job.place, expected, when + ", as published")
        killed += 1
        began = time.time_ns()
        tiles = job.complete(expected, when, jobs=bench.random.choice([1, 2])).get("resumedTiles", 0)
        if states and not os.path.exists(job.partial):
            whole = job.kept(states, began)
            check(whole >= len(states) - jobs, f"{when}: {len(states) - whole} of {len(states)} finished subtrees "
                                               "were made again")
            kept += whole
            resumed += tiles
        bench.clear(job)
    caught(killed >= count * 0.7, f"{kind}: only {killed} of {count} builds were killed before their end")
    check(kept > 0 and resumed > 0, f"{kind}: nothing was ever kept")
    return f"{killed} of {count} builds killed, {kept} subtrees and {resumed} tiles kept"


# Where the end of a build is cut off, by the system call that is not carried out any more.
ENDS = [
    ("before the disk is waited for", "syncfs", 1), ("before the rename", "rename,renameat,renameat2", 1),
    ("after the rename", "fsync", 1), ("before clearing up", "rename,renameat,renameat2", 2),
    ("while clearing up", "unlink,unlinkat", 40), ("at the end of clearing up", "rmdir", 3),
]


def kills_while_publishing(bench):
    """Kills at each step from the last tile to the end, with an old map in the place and without."""
    strace = program("strace")
    expected, _, _ = bench.reference("colour")
    seen = 0
    for old in (False, True):
        for name, call, number in ENDS:
            for then in ("the same again", "removed first"):
                job = bench.job("colour")
                when = f"killed {name}, {'an old map there' if old else 'no map there'}, {then}"
                if old:
                    older = bench.job("colour", data=job.data, options=OTHER)
                    check(older.run()[0] == 0, "the older map cannot be built")
                    before = files(job.place)
                wrapper = [strace, "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}",
                           "-e", f"inject={call}:signal=SIGKILL:when={number}"]
                status, said = job.run(wrapper=wrapper)
                if status == 0:
                    # Fewer of these calls than that: nothing was cut off.
                    bench.clear(job)
                    continue
                check(status in (-9, 137), f"{when}: status {status}: {said[-300:]}")
                seen += 1
                if os.path.exists(job.place) and files(job.place) != (before if old else None):
                    same(job.place, expected, when + ", as published")
                if then == "removed first" and os.path.exists(job.place):
                    subprocess.run([bench.tessera, "remove", f"mars/{job.name}", "--data", job.data],
                                   capture_output=True, check=False)
                    shutil.rmtree(job.place, ignore_errors=True)
                job.complete(expected, when)
                bench.clear(job)
    check(seen >= 12, f"only {seen} builds were cut off")
    return f"{seen} ends cut off"


def stopped_and_continued(bench):
    """SIGSTOP and SIGCONT again and again."""
    expected, seconds, first = bench.reference()
    job = bench.job()
    running = job.start()
    stops = 0
    for _ in range(8 * bench.times):
        time.sleep(bench.random.uniform(0.02, max(0.05, (seconds[2] - first) / 20)))
        if running.is_over():
            break
        running.freeze()
        stops += 1
        amount = len(job.states())
        time.sleep(0.1)
        check(len(job.states()) == amount, "a stopped build goes on")
        running.thaw()
    status, said = running.finish()
    check(status == 0, f"exit status {status}: {said.strip()[-400:]}")
    caught(stops >= 3, f"stopped {stops} times only")
    same(job.place, expected, f"stopped {stops} times")
    job.tidy("stopped")
    bench.clear(job)
    return f"{stops} times"


def told_to_stop(bench):
    """SIGINT and SIGTERM: a soon end with the status of the signal, and the same command goes on."""
    expected, _, _ = bench.reference()
    times = []
    for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        for jobs in (1, 2):
            job = bench.job()
            running = job.start(jobs)
            running.wait_until(lambda job=job: len(job.states()) >= 2, "two subtrees")
            told = time.monotonic()
            running.send(number, group=True)
            found, said = running.finish(60)
            times.append(time.monotonic() - told)
            when = f"{number.name} with {jobs} workers"
            check(found == status, f"{when}: exit status {found} and not {status}: {said.strip()[-400:]}")
            check("same command" in said, f"{when}: it does not say how to go on: {said.strip()[-400:]}")
            check(not os.path.exists(job.place), f"{when}: half a map is published")
            states, began = job.states(), time.time_ns()
            check(len(states) >= 2, f"{when}: what was finished is lost")
            resumed = job.complete(expected, when).get("resumedTiles", 0)
            check(resumed > 0 and job.kept(states, began) == len(states), f"{when}: it began from nothing")
            bench.clear(job)
    check(max(times) < 5, f"the end took {max(times):.1f} s")
    return f"at most {max(times):.2f} s to the end"


def two_builders(bench):
    """A second builder is refused, harms nothing, and takes over when the first one is dead."""
    expected, _, _ = bench.reference()
    job = bench.job()
    first = job.start()
    first.wait_until(lambda: len(job.states()) >= 2, "two subtrees")
    first.freeze()
    before = files(job.partial)
    for extra in ([], ["--force"]):
        said = job.refused("a second builder", ["Another build", f".{job.name}.lock"], extra=extra)
        check("partial" not in said.replace(job.partial, ""), "a second builder speaks of something else")
    check(files(job.partial) == before, "a second builder changed what the first one has made")
    neighbour = bench.job("colour", data=job.data, name="neighbour")
    status, said = neighbour.run()
    check(status == 0, f"another map beside one that is built: {said.strip()[-400:]}")
    shutil.rmtree(neighbour.place)
    first.kill()
    began, states = time.time_ns(), job.states()
    job.complete(expected, "after the first builder was killed")
    check(job.kept(states, began) >= len(states) - 2, "the second builder began from nothing")
    bench.clear(job)
    # All at once: one builds, and the others are refused or come when all is done.
    refused = 0
    for _ in range(2 * bench.times):
        job = bench.job("colour")
        crowd = [job.start(1) for _ in range(4)]
        results = [running.finish() for running in crowd]
        for status, said in results:
            if status != 0:
                refusal(status, said, "one of four builders", ["Another build"])
                refused += 1
        check(any(status == 0 for status, _ in results), "none of four builders got through")
        same(job.place, bench.reference("colour")[0], "four builders at once")
        job.tidy("four builders at once")
        bench.clear(job)
    check(refused > 0, "four builders at once, and none was refused")
    return f"{refused} refused"


def a_million_tiles(bench):
    """From the start of a resumed build of a million tiles to its first new tile: seconds.

    One subtree of 1365 tiles is built; its checkpoint, with the cells in it moved, stands for all but the last ones.
    """
    options = [*bench.OPTIONS["world"], *bench.unchecked]
    job = bench.job("world", options=options)
    running = job.start()
    running.wait_until(lambda: any(n.startswith("3-") for n in job.states()), "a subtree of order 3")
    running.kill()
    states = [n for n in job.states() if n.startswith("3-") and whole(os.path.join(job.checkpoints, n + ".state"))]
    if not states:
        raise Failure("no whole checkpoint was left")
    model = os.path.join(job.checkpoints, states[0])
    with open(model + ".state", "rb") as file:
        content = file.read()
    for number in range(768 - 4):
        target = os.path.join(job.checkpoints, f"3-{number}")
        if not os.path.exists(target + ".state"):
            with open(target + ".state", "wb") as file:
                file.write(moved_state(content, int(states[0][2:]), number))
            if not os.path.exists(target + ".raw"):
                os.link(model + ".raw", target + ".raw")
    for number in range(764, 768):
        for suffix in (".state", ".raw"):
            path = os.path.join(job.checkpoints, f"3-{number}{suffix}")
            if os.path.exists(path):
                os.unlink(path)
    count, leaves = len(job.states()), os.path.join(job.partial, "map", "Norder8")
    shutil.rmtree(leaves)
    undisturbed = bench.job("world", options=options)
    begun = {}
    for name, build in (("from nothing", undisturbed), ("resumed", job)):
        leaves = os.path.join(build.partial, "map", "Norder8")
        running = build.start()
        running.wait_until(lambda leaves=leaves: tiles(leaves), "a new tile")
        begun[name] = (time.time_ns() - running.began) / 1e9
        running.kill()
        if name == "resumed":
            check(min(tiles(leaves)) >= 764 << 10, "subtrees that were finished are made again")
    check(count > 700, f"{count} checkpoints only")
    bench.clear(job)
    bench.clear(undisturbed)
    check(begun["resumed"] < 10, f"the first new tile came after {begun['resumed']:.1f} s")
    return (f"{count * 1365} tiles in {count} checkpoints: first new tile after {begun['resumed']:.2f} s "
            f"({begun['from nothing']:.2f} s from nothing)")


def tiles(folder):
    """The numbers of the tiles in the folder of an order."""
    return [int(name[4:name.index(".")]) for _, _, names in os.walk(folder) for name in names]


MASK = (1 << 64) - 1


def words_checksum(data):
    value = 0xCBF29CE484222325
    full = len(data) // 8
    last = len(data) << 56
    for place, byte in enumerate(data[8 * full:]):
        last |= byte << (8 * place)
    for word in (*struct.unpack(f"<{full}Q", data[:8 * full]), last & MASK):
        value = ((value ^ word) * 0x100000001B3) & MASK
        value ^= value >> 29
    return value


def whole(path):
    with open(path, "rb") as file:
        data = file.read()
    return len(data) > 8 and struct.pack("<Q", words_checksum(data[:-8])) == data[-8:]


def moved_state(data, old, new):
    """A checkpoint whose numbers of cells, at whatever order they lie, are moved from one order-3 cell to another."""
    # The root itself is named by its order and its number.
    content = bytearray(data[:-8].replace(struct.pack("<qq", 3, old), struct.pack("<qq", 3, new)))
    low, high = old << 52, (old + 1) << 52
    for offset in range(0, len(content) - 7, 8):
        value = struct.unpack_from("<q", content, offset)[0]
        if low <= value <= high:
            struct.pack_into("<q", content, offset, value + ((new - old) << 52))
    return bytes(content) + struct.pack("<Q", words_checksum(bytes(content)))
