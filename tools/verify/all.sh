#!/bin/sh
# Runs every check of this folder that applies to the demo maps built under DATADIR (see ../../surveys), a process for each
# core; the two Aladins, whose pictures take time, follow one after the other.
#
#   all.sh DATADIR [URL]      e.g.  all.sh data http://127.0.0.1:8080
#
# MAPS="mars/viking vesta/dtm" in the environment leaves the other maps out. URL is a running `tessera serve --data DATADIR`;
# without it one is started, or, without TESSERA, Python's own file server hands out DATADIR for the two Aladins. CLIENTS=0
# in the environment leaves Aladin out, LINT=0 leaves Hipsgen out. TESSERA=<the binary> adds what needs builds of its own
# (builds.sh). Ends with 1 when any check fails and lists which.
set -u
. "$(dirname "$0")/checks.sh"
[ $# -ge 1 ] && [ -d "$1/hips" ] || { echo "usage: $0 DATADIR [URL]   (DATADIR/hips must be there)" >&2; exit 2; }
data=$(cd "$1" && pwd)
url=${2:-}
server=""
logs=$(mktemp -d)
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null; fi; rm -rf "$logs"' EXIT

# Hipsgen's LINT, Aladin Desktop and Aladin Lite v2 take most of the time and want order 3: they see these maps, which are
# of every kind of tile and of all left edges. The others differ in their sources, which only the other checks look into.
clients_of=" ceres/dawn-fc io/ssi mars/mola mars/viking mercury/mdis moon/lola moon/wac pluto/lorri-mvic titan/iss venus/magellan "

maps=""
seen=""
for survey in "$surveys"/*/*.yaml; do
    case $survey in */products/*) continue ;; esac # sources that are not shipped
    map=$(basename "$(dirname "$survey")")/$(basename "$survey" .yaml)
    case " ${MAPS:-$map} " in *" $map "*) ;; *) continue ;; esac
    [ -f "$data/hips/$map/properties" ] || { echo "$map is not built"; continue; }
    maps="$maps $map"
    case $clients_of in *" $map "*) seen="$seen $map" ;; esac
done
[ -n "$maps" ] || { echo "FAILED: no demo map under $data/hips"; exit 1; }

# The longest first, so that no core waits for the last ones.
{
    if [ -n "${TESSERA:-}" ]; then echo "LINT=0 builds.sh"; fi
    for map in $seen; do echo "LINT=${LINT:-1} map.sh $map"; done
    for map in $maps; do case " $seen " in *" $map "*) ;; *) echo "LINT=0 map.sh $map" ;; esac; done
} >"$logs/jobs"
# Each prints at once when it is over; what failed is found by its words.
export here logs data
nl -ba -w 3 -n rz "$logs/jobs" | xargs -P "${JOBS:-$(nproc)}" -L 1 sh -c '
    log=$logs/$0.log
    lint=$1
    program=$2
    shift 2
    env "$lint" "$here/$program" "$data" "$@" >"$log" 2>&1 || echo "$program $*" >>"$logs/failed"
    flock "$logs/lock" cat "$log"' || failed="$failed
  jobs that ended without a verdict"
if [ -f "$logs/failed" ]; then
    failed="$failed
$(sed 's/^/  /' "$logs/failed")
$(sed -n '/^FAILED:$/,$p' "$logs"/[0-9]*.log)"
fi

if [ "${CLIENTS:-1}" != 0 ] && [ -n "$seen" ]; then
    if [ -z "$url" ]; then
        port=${VERIFY_PORT:-18390}
        if [ -n "${TESSERA:-}" ]; then
            "$TESSERA" serve --data "$data" --port "$port" >/dev/null 2>&1 &
        else
            "$python" -m http.server "$port" --bind 127.0.0.1 --directory "$data" >/dev/null 2>&1 &
        fi
        server=$!
        url=http://127.0.0.1:$port
    fi
    for map in $seen; do
        check aladin_desktop.py "$url/hips/$map" "$(source_of "$map")"
        check aladin_lite_v2.py "$url/hips/$map" "$(source_of "$map")"
    done
fi
if [ -z "${MAPS:-}" ]; then
    check landmarks.py "$data" "$surveys/landmarks.csv" --self-test
else
    for map in $MAPS; do check landmarks.py "$data" "$surveys/landmarks.csv" --self-test --map "$map"; done
fi
echo
verdict || exit 1
echo "all checks of $(echo $maps | wc -w) maps passed"
