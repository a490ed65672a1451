"""Sources that are cut, taken away or exchanged under a build."""

import os
import shutil
import time

import fault_maps
from interrupt import check, refusal, same

BACK = "the source is back"


def begun(bench):
    """A build that stands still in the middle, with a source of its own and the original beside it."""
    source = bench.own_source()
    original = source + ".original"
    shutil.copy2(source, original)
    job = bench.job(source=source)
    running = job.start(1)
    running.wait_until(lambda: len(job.states()) >= 4, "four subtrees")
    running.freeze()
    return job, running, source, original


def cut_in_the_middle(source):
    os.truncate(source, os.path.getsize(source) // 2)


def cut_to_nothing(source):
    os.truncate(source, 0)


def removed(source):
    os.unlink(source)


def other_values(path):
    size = os.path.getsize(path)
    os.unlink(path)
    fault_maps.values(path, seed=99)
    check(os.path.getsize(path) == size, "the other source should have the same size")


def replaced(source):
    other = source + ".other"
    shutil.copyfile(source, other)
    other_values(other)
    os.rename(other, source)


def written_over(source):
    other = source + ".other"
    shutil.copyfile(source, other)
    other_values(other)
    # In place, so that the build's open file has the other samples too.
    shutil.copyfile(other, source)
    os.unlink(other)


def restore(original, source):
    """As `cp -p`: the bytes and the time of the original."""
    with open(original, "rb") as file:
        content = file.read()
    with open(source, "wb") as file:
        file.write(content)
    shutil.copystat(original, source)


FAULTS = [cut_in_the_middle, cut_to_nothing, removed, replaced, written_over]


def faults_of_the_source(bench):
    """A source that is cut, removed or replaced in the middle: no map, and the build goes on when it is back."""
    expected, _, _ = bench.reference()
    kept = []
    for fault in FAULTS:
        when = "source " + fault.__name__.replace("_", " ")
        job, running, source, original = begun(bench)
        fault(source)
        running.thaw()
        status, said = running.finish()
        check(status != 0, f"{when}: the build ended as if nothing had been: {said.strip()[-200:]}")
        refusal(status, said, when, [source])
        check(not os.path.exists(job.place), f"{when}: a map is published")
        status, said = job.run()
        refusal(status, said, when + ", asked again", [source] if status == 1 and source in said else [job.partial])
        states = job.states()
        check(len(states) >= 4, f"{when}: what was finished is lost")
        restore(original, source)
        began = time.time_ns()
        job.complete(expected, f"{when}, {BACK}")
        kept.append(job.kept(states, began))
        check(kept[-1] >= len(states) - 1, f"{when}: {len(states) - kept[-1]} subtrees were made again")
        bench.clear(job)
    return f"subtrees kept: {', '.join(map(str, kept))}"


def killed_with_another_source(bench):
    """The source is another for a while, the build is killed, the source is back: nothing of the other is in the map."""
    expected, _, _ = bench.reference()
    more = 0
    for name in ("killed", "let go on"):
        job, running, source, original = begun(bench)
        before = len(job.states())
        written_over(source)
        running.thaw()
        limit = time.monotonic() + 20
        while len(job.states()) < before + 4 and not running.is_over() and time.monotonic() < limit:
            time.sleep(0.005)
        more += len(job.states()) - before
        if name == "killed":
            running.kill()
            restore(original, source)
        else:
            if not running.is_over():
                running.freeze()
            restore(original, source)
            running.thaw()
            status, said = running.finish()
            if status == 0:
                same(job.place, expected, f"other samples for a while, {name}")
        job.complete(expected, f"other samples for a while, {name}")
        bench.clear(job)
    return f"{more} checkpoints were made of the other samples"


def never_there(bench):
    """Sources that are wrong from the start leave no trace."""
    source = bench.own_source("colour")
    whole = os.path.getsize(source)
    for name, size in (("absent", None), ("empty", 0), ("cut in its header", 6), ("cut", whole // 2)):
        job = bench.job("colour", source=source)
        if size is None:
            os.unlink(source)
        else:
            shutil.copyfile(bench.sources["colour"], source)
            os.truncate(source, size)
        when = f"a source that is {name}"
        said = job.refused(when, [source])
        check(len(said) < 2000, f"{when}: the message is long")
        left = os.listdir(job.body) if os.path.isdir(job.body) else []
        check(not left, f"{when}: it left {', '.join(left)}")
        bench.clear(job)
    return "no trace"
