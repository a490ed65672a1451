#!/usr/bin/python3
"""Faults as an operator meets them: builds that are killed, stopped, without room, rights, power or source.

What: a build that was interrupted in any way and gone on with has the bytes of one that was not, file by file; a build
that fails says why and with a status that is not 0, and the map that was there before is still served.

How: small synthetic maps are built with a release binary, disturbed at moments drawn from a seed that is printed, and
compared with undisturbed builds. What needs rights or programs that are not there is skipped, and said so.

    faults.py TESSERA [--seed N] [--times N] [--only NAME ...] [--scratch DIR] [--self-test]
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import fault_checkpoints
import fault_disk
import fault_kills
import fault_mutants
import fault_source
from interrupt import Bench, Failure, Missed, Running, Skipped

SCENARIOS = {
    "kills": fault_kills.twenty_kills_in_one_build,
    "kills-colour": lambda bench: fault_kills.twenty_kills_in_one_build(bench, "colour", kills=10),
    "kills-deep": lambda bench: fault_kills.twenty_kills_in_one_build(bench, "patch", kills=6),
    "moments": fault_kills.kills_over_the_whole_run,
    "moments-colour": lambda bench: fault_kills.kills_over_the_whole_run(bench, "colour"),
    "moments-deep": lambda bench: fault_kills.kills_over_the_whole_run(bench, "patch", kills=4),
    "publishing": fault_kills.kills_while_publishing,
    "stopped": fault_kills.stopped_and_continued,
    "signals": fault_kills.told_to_stop,
    "builders": fault_kills.two_builders,
    "power": fault_checkpoints.failure_of_power,
    "damaged": fault_checkpoints.damaged_checkpoints,
    "parameters": fault_checkpoints.other_parameters,
    "published": fault_checkpoints.a_published_map_and_a_begun_one,
    "strange": fault_checkpoints.strange_partial_folders,
    "source": fault_source.faults_of_the_source,
    "source-swapped": fault_source.killed_with_another_source,
    "source-wrong": fault_source.never_there,
    "disk": fault_disk.full_disk,
    "inodes": fault_disk.inodes_exhausted,
    "room": fault_disk.too_small_from_the_start,
    "read-only": fault_disk.turned_read_only,
    "rights": fault_disk.without_rights,
    "million": fault_kills.a_million_tiles,
}


TRIES = 3


def run(bench, name, tries=TRIES):
    """Runs a scenario, again where its moment was missed, and prints a line. Gives the word for the result."""
    began = time.monotonic()
    try:
        result, said = "passed", SCENARIOS[name](bench)
    except Missed as moment:
        if tries > 1:
            Running.end_all()
            return run(bench, name, tries - 1)
        result, said = "FAILED", f"{moment} ({TRIES} times)"
    except Skipped as reason:
        result, said = "SKIPPED", str(reason)
    except Failure as failure:
        result, said = "FAILED", str(failure)
    except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
        # The scenario itself came to nothing: the others are still of use.
        result, said = "FAILED", f"{type(error).__name__}: {error}"
    finally:
        Running.end_all()
    print(f"{result:8}{name:16}{time.monotonic() - began:6.1f} s  {said}", flush=True)
    return result


def roomy(folder="/dev/shm"):
    """The file system in memory when it has room; None for the usual temporary folder."""
    return folder if os.path.isdir(folder) and shutil.disk_usage(folder).free > 6 << 30 else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tessera", help="the release binary")
    parser.add_argument("--seed", type=int, help="for the moments; by default another one each time")
    parser.add_argument("--times", type=int, default=1, help="so many times as many kills")
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, metavar="NAME", help=" ".join(SCENARIOS))
    parser.add_argument("--scratch", help="a folder for the maps, 2 GB; by default in memory where there is room")
    parser.add_argument("--self-test", action="store_true", help="see that wrong programs are found out")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}", flush=True)
    # Ends as after an error, so that nothing is left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    scratch = tempfile.mkdtemp(prefix="faults-", dir=arguments.scratch or roomy())
    os.chmod(scratch, 0o755)
    try:
        bench = Bench(os.path.abspath(arguments.tessera), scratch, seed, arguments.times)
        if arguments.self_test:
            wrong = fault_mutants.self_test(bench)
        else:
            results = {name: run(bench, name) for name in arguments.only or SCENARIOS}
            wrong = [name for name, result in results.items() if result == "FAILED"]
            skipped = [name for name, result in results.items() if result == "SKIPPED"]
            if skipped:
                print(f"not seen here: {', '.join(skipped)}")
    finally:
        Running.end_all()
        shutil.rmtree(scratch, ignore_errors=True)
    if wrong:
        print(f"FAILED: {', '.join(wrong)} (seed {seed})")
        sys.exit(1)
    print("all passed")


if __name__ == "__main__":
    main()
