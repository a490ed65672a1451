"""Are the scenarios able to fail? Each is run with a program that does one thing wrong, and has to find it."""

import os
import shlex

import fault_checkpoints
import fault_disk
import fault_kills
import fault_source
from interrupt import Failure, Running, program

# The shell reads: DATA, PLACE, PARTIAL, LOCK, SOURCE of the build; "$@" its arguments; run = the true program.
MUTANTS = [
    ("begins from nothing", 'rm -rf "$PARTIAL"; exec "$TRUE" "$@"',
     lambda bench: fault_kills.twenty_kills_in_one_build(bench, "colour", kills=6)),
    ("one byte of a tile is other after a resumption",
     'if [ -d "$PARTIAL" ]; then resumed=1; fi; run "$@"; status=$?\n'
     'tile=$PLACE/Norder0/Dir0/Npix3.png\n'
     'if [ -n "$resumed" ] && [ -f "$tile" ]; then printf x | dd of="$tile" bs=1 seek=99 conv=notrunc 2>/dev/null; fi\n'
     'exit $status', lambda bench: fault_kills.kills_over_the_whole_run(bench, "colour", kills=3)),
    ("a tile is missing after a resumption",
     'if [ -d "$PARTIAL" ]; then resumed=1; fi; run "$@"; status=$?\n'
     'if [ -n "$resumed" ]; then rm -f "$PLACE/Norder2/Dir0/Npix100.webp"; fi; exit $status',
     lambda bench: fault_kills.kills_over_the_whole_run(bench, "colour", kills=3)),
    ("something is left beside the map", 'mkdir -p "$PLACE/.."; touch "$PLACE/../.rest"; exec "$TRUE" "$@"',
     lambda bench: fault_kills.kills_over_the_whole_run(bench, "colour", kills=2)),
    ("the lock is no lock", 'rm -f "$LOCK"; exec "$TRUE" "$@"', fault_kills.two_builders),
    ("a signal is an error like others", 'trap : INT TERM; run "$@"; status=$?; [ $status = 0 ] || exit 1',
     fault_kills.told_to_stop),
    ("failures of power are not seen",
     'if [ -f "$PARTIAL/checkpoints/boot" ]; then cat /proc/sys/kernel/random/boot_id > "$PARTIAL/checkpoints/boot"; fi\n'
     'exec "$TRUE" "$@"', fault_checkpoints.failure_of_power),
    ("always by force", 'exec "$TRUE" "$@" --force', fault_checkpoints.other_parameters),
    ("errors have status 0", 'run "$@"; exit 0', fault_checkpoints.other_parameters),
    ("errors say nothing", 'exec "$TRUE" "$@" 2>/dev/null', fault_checkpoints.other_parameters),
    ("half a map is published", 'run "$@" || { s=$?; rm -rf "$PLACE"; mv "$PARTIAL/map" "$PLACE"; exit $s; }',
     fault_disk.full_disk),
    ("the old map goes first", 'case " $* " in *" fits,png,jpeg "*) rm -rf "$PLACE";; esac; exec "$TRUE" "$@"',
     fault_disk.full_disk),
    ("the source is not looked at again", 'shift 2; exec "$TRUE" build "$SOURCE.original" "$@"',
     fault_source.faults_of_the_source),
    ("errors have status 0, rights", 'run "$@"; exit 0', fault_disk.without_rights),
]


def make(bench, path, script):
    """A program that stands for Tessera and is wrong in one way."""
    setpriv = program("setpriv")
    with open(path, "w", encoding="ascii") as file:
        file.write(f"""#!/bin/sh
TRUE={shlex.quote(bench.tessera)}
# The true program ends with this one, however that ends.
run() {{ {setpriv} --pdeathsig KILL "$TRUE" "$@"; }}
[ "$1" = build ] || exec "$TRUE" "$@"
SOURCE=$2
DATA=$4
PLACE=$DATA/hips/mars/$6
PARTIAL=$DATA/hips/mars/.$6.partial
LOCK=$DATA/hips/mars/.$6.lock
{script}
""")
    os.chmod(path, 0o755)


def self_test(bench):
    """Gives the names of the mutants that no scenario found."""
    true = bench.tessera
    for kind in ("values", "colour"):
        bench.reference(kind)
    unseen = []
    for number, (name, script, scenario) in enumerate(MUTANTS):
        path = os.path.join(bench.scratch, f"mutant{number}")
        bench.tessera = true
        make(bench, path, script)
        bench.tessera = path
        try:
            said = scenario(bench)
            unseen.append(name)
            print(f"NOT FOUND  {name}: {said}", flush=True)
        except Failure as failure:
            print(f"found      {name}: {str(failure)[:160]}", flush=True)
        finally:
            Running.end_all()
            bench.tessera = true
    return unseen
