"""What an interrupted build left, after a failure of power, damaged, or met by another command."""

import os
import shutil
import time

from interrupt import caught, check, files, same

TILES = (".fits", ".png", ".jpg", ".webp")


def lose(job, since=0):
    """A failure of power: files of the map that were not on the disk yet are there, and empty."""
    lost = 0
    for place, _, names in os.walk(os.path.join(job.partial, "map")):
        for name in names:
            path = os.path.join(place, name)
            if name.endswith(TILES) and os.stat(path).st_mtime_ns >= since:
                times = os.stat(path)
                os.truncate(path, 0)
                os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
                lost += 1
    return lost


def restart(job, durable=None):
    """The system was started anew since; `durable` is the time up to which all was on the disk."""
    write(os.path.join(job.checkpoints, "boot"), b"00000000-0000-0000-0000-000000000000\n")
    if durable is not None:
        write(os.path.join(job.checkpoints, "durable"), str(durable).encode())


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def times(job):
    """Time of every checkpoint, in ns, ascending."""
    return sorted(os.stat(os.path.join(job.checkpoints, name + ".state")).st_mtime_ns for name in job.states())


def failure_of_power(bench):
    """Only checkpoints that were surely on the disk count, also when the build after it is interrupted again."""
    expected, seconds, first = bench.reference()
    kept = []
    for name in ("nothing on the disk", "a part on the disk", "a garbled time", "interrupted again"):
        job = bench.job()
        # The work of the first half is made old, so that there is no doubt about what came first.
        job.interrupt(least=4, jobs=1)
        border = time.time_ns()
        old = job.states() if name in ("a part on the disk", "interrupted again") else []
        time.sleep(0.05)
        running = job.start(1)
        running.wait_until(lambda job=job, old=old: len(job.states()) >= len(old) + 6, "more subtrees")
        running.kill()
        newer = [n for n in job.states() if n not in old]
        caught(newer, f"{name}: no newer subtrees")
        lost = lose(job, since=border if old else 0)
        caught(lost > 0, f"{name}: no tile was lost, so that nothing is seen")
        restart(job, durable={"a garbled time": "soon", "nothing on the disk": None}.get(name, border))
        if name == "interrupted again":
            again = job.start(2)
            again.wait_until(lambda job=job: boot(job) != b"00000000-0000-0000-0000-000000000000\n", "a beginning")
            again.kill()
        began = time.time_ns()
        job.complete(expected, f"failure of power, {name}")
        whole = job.kept(old, began)
        check(whole >= len(old) - 1, f"{name}: {len(old) - whole} of {len(old)} lasting subtrees were made again")
        kept.append(f"{name}: {whole} kept, {lost} files lost")
        bench.clear(job)
    return "; ".join(kept)


def boot(job):
    with open(os.path.join(job.checkpoints, "boot"), "rb") as file:
        return file.read()


def damage(path, kind, random):
    with open(path, "rb") as file:
        content = bytearray(file.read())
    if kind == "cut":
        content = content[:random.randrange(len(content))]
    elif kind == "flipped":
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    elif kind == "empty":
        content = b""
    elif kind == "zeros":
        content = bytes(len(content))
    elif kind == "longer":
        content += b"\0" * 8
    if kind == "missing":
        os.unlink(path)
    else:
        write(path, bytes(content))


def damaged_checkpoints(bench):
    """Damaged checkpoints are made again or refused by name, and never give other bytes."""
    expected, _, _ = bench.reference()
    seen = {"made again": 0, "refused": 0}
    master = bench.job()
    master.interrupt(least=8)
    for suffix in (".state", ".raw"):
        for kind in ("cut", "flipped", "empty", "zeros", "longer", "missing", "of another subtree"):
            job = bench.job()
            shutil.rmtree(job.data)
            shutil.copytree(master.data, job.data, copy_function=shutil.copy2)
            when = f"a {suffix} file {kind}"
            names = sorted(n for n in os.listdir(job.checkpoints) if n.endswith(suffix))
            names = bench.random.sample(names, max(2, len(names) // 2))
            if kind == "of another subtree":
                # Root and all else of one subtree under the name of another.
                one, other = (name[:-len(suffix)] for name in names[:2])
                for ending in (".state", ".raw"):
                    source = os.path.join(job.checkpoints, one + ending)
                    if os.path.exists(source):
                        shutil.copy2(source, os.path.join(job.checkpoints, other + ending))
            else:
                for name in names:
                    damage(os.path.join(job.checkpoints, name), kind, bench.random)
            status, said = job.run()
            if status == 0:
                same(job.place, expected, when)
                seen["made again"] += 1
            else:
                check(job.checkpoints in said and "--force" in said and not os.path.exists(job.place),
                      f"{when}: {said.strip()[-400:]}")
                job.complete(expected, when + ", afresh", extra=["--force"])
                seen["refused"] += 1
            job.tidy(when)
            bench.clear(job)
    bench.clear(master)
    return ", ".join(f"{count} {what}" for what, count in seen.items())


def other_parameters(bench):
    """Other parameters or another source are refused with what differs, and --force starts afresh."""
    expected, _, _ = bench.reference()
    source = bench.own_source()
    job = bench.job(source=source)
    job.interrupt(least=4)
    before = files(job.partial)
    cases = {
        "title": ["--title", "Another title"], "order": ["--order", "2"], "formats": ["--formats", "fits,png"],
        "resampling": ["--resampling", "nearest"], "cut": ["--cut=-100,100"], "stretch": ["--stretch", "sqrt"],
        "colormap": ["--colormap", "viridis"], "moc-order": ["--moc-order", "4"],
        "id": ["--id", "ivo://example.org/other"],
    }
    for name, extra in cases.items():
        # The last of two options counts.
        job.refused(f"another {name}", [job.partial, name, "--force"], extra=extra)
        check(files(job.partial) == before, f"another {name}: what is refused was touched")
    original = os.stat(source)
    os.utime(source, ns=(original.st_atime_ns, original.st_mtime_ns + 1_000_000))
    job.refused("another time of the source", [job.partial, "time of the source", "--force"])
    os.utime(source, ns=(original.st_atime_ns, original.st_mtime_ns))
    with open(source, "ab") as file:
        file.write(b"more")
    os.utime(source, ns=(original.st_atime_ns, original.st_mtime_ns))
    job.refused("a longer source", [job.partial, "size of the source", "--force"])
    os.truncate(source, original.st_size)
    os.utime(source, ns=(original.st_atime_ns, original.st_mtime_ns))
    check(files(job.partial) == before, "what is refused was touched")
    forced = bench.job(source=source)
    shutil.rmtree(forced.data)
    shutil.copytree(job.data, forced.data, copy_function=shutil.copy2)
    other = bench.reference("values", bench.OPTIONS["values"] + cases["moc-order"])[0]
    document = forced.complete(other, "other parameters by force", extra=[*cases["moc-order"], "--force"])
    check("resumedTiles" not in document, "a build by force went on from another one")
    began, states = time.time_ns(), job.states()
    job.complete(expected, "the first parameters again")
    check(job.kept(states, began) >= len(states) - 2, "after refusals, the build began from nothing")
    bench.clear(job)
    bench.clear(forced)
    return f"{len(cases) + 2} refused"


def a_published_map_and_a_begun_one(bench):
    """The published map is asked for while another one in its place is begun: what is begun is kept."""
    older = bench.job("colour", options=["--order", "1", "--formats", "png"])
    check(older.run()[0] == 0, "the older map cannot be built")
    before = files(older.place)
    job = bench.job("colour", data=older.data)
    running = job.start()
    running.wait_until(lambda: len(job.states()) >= 2, "two subtrees")
    running.kill()
    states = job.states()
    status, said = older.run()
    check(status == 0 or job.partial in said, f"the published map again: {said.strip()[-400:]}")
    check(files(older.place) == before, "the published map changed")
    check(job.states() == states, "asking for the map that is published threw away what another build had finished")
    job.complete(bench.reference("colour")[0], "the begun map")
    bench.clear(job)
    return f"{len(states)} subtrees kept"


def strange_partial_folders(bench):
    """Whatever lies where a build is to be made, the map is right or the build refused; nothing outside is touched."""
    expected, _, _ = bench.reference("colour")
    outside = bench.folder()
    write(os.path.join(outside, "precious"), b"not to be touched")

    def older_layout(job):
        os.makedirs(os.path.join(job.partial, "Norder1", "Dir0"))
        write(os.path.join(job.partial, "Norder1", "Dir0", "Npix0.png"), b"old")
        write(os.path.join(job.partial, "properties"), b"hips_order = 1\n")

    def a_file(job):
        os.makedirs(job.body)
        write(job.partial, b"a file")

    def a_link(job):
        os.makedirs(job.body)
        os.symlink(outside, job.partial)

    def garbage(job):
        os.makedirs(job.checkpoints)
        write(os.path.join(job.checkpoints, "build"), os.urandom(500))
        write(os.path.join(job.checkpoints, "0-0.state"), os.urandom(500))

    def begun(job):
        running = job.start()
        running.wait_until(lambda: len(job.states()) >= 4, "four subtrees")
        running.kill()

    def no_map_folder(job):
        begun(job)
        shutil.rmtree(os.path.join(job.partial, "map"))

    def empty_description(job):
        begun(job)
        os.truncate(os.path.join(job.checkpoints, "build"), 0)

    def strange_names(job):
        begun(job)
        for name in ("x.state", "-1-0.state", "99-0.state", "1-48.state", "1--5.state", "0-99999999999999999999.state"):
            write(os.path.join(job.checkpoints, name), b"strange")
        os.makedirs(os.path.join(job.checkpoints, "1-9.state.d"))

    def folder_as_checkpoint(job):
        begun(job)
        name = os.path.join(job.checkpoints, job.states()[0] + ".state")
        os.unlink(name)
        os.makedirs(os.path.join(name, "inside"))

    def left_while_clearing(job):
        os.makedirs(os.path.join(job.body, f".{job.name}.discarded", "Norder0"))

    def a_lock_left(job):
        os.makedirs(job.body)
        write(os.path.join(job.body, f".{job.name}.lock"), b"")

    cases = [older_layout, a_file, a_link, garbage, no_map_folder, empty_description, strange_names,
             folder_as_checkpoint, left_while_clearing, a_lock_left]
    refused = 0
    for case in cases:
        job = bench.job("colour")
        when = case.__name__.replace("_", " ")
        case(job)
        status, said = job.run()
        if status != 0:
            check(job.body in said and not os.path.exists(job.place), f"{when}: {said.strip()[-400:]}")
            check("Fatal error" not in said and status > 0, f"{when}: it crashed: {said.strip()[-400:]}")
            refused += 1
            job.complete(expected, when + ", afresh", extra=["--force"])
        else:
            same(job.place, expected, when)
            job.tidy(when)
        check(os.listdir(outside) == ["precious"], f"{when}: a folder that a link leads to was touched")
        bench.clear(job)
    return f"{len(cases)} kinds, {refused} of them refused"
