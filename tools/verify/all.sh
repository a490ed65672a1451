#!/bin/sh
# Runs every check of this folder that applies to the demo maps built under DATADIR (see ../../surveys).
#
#   all.sh DATADIR [URL]      e.g.  all.sh data http://127.0.0.1:8080
#
# URL is a running `tessera serve --data DATADIR`; without it one is started, or, without TESSERA, Python's own file
# server hands out DATADIR for the two Aladins. CLIENTS=0 in the environment leaves Aladin out, LINT=0 leaves Hipsgen out. TESSERA=<the binary> adds what
# needs builds of its own, in a temporary folder: the known function, MOLA from another left edge, and MOLA by the
# nearest pixel; and the table of formats is held to the files of the repository. Ends with 1 when any check fails and lists which.
set -u
here=$(cd "$(dirname "$0")" && pwd)
surveys=$here/../../surveys
[ $# -ge 1 ] && [ -d "$1/hips" ] || { echo "usage: $0 DATADIR [URL]   (DATADIR/hips must be there)" >&2; exit 2; }
data=$(cd "$1" && pwd)
url=${2:-}
python=/usr/bin/python3
failed=""
server=""
scratch=""
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null; fi; if [ -n "$scratch" ]; then rm -rf "$scratch"; fi' EXIT

check() {
    echo
    echo "=== $*"
    name=$1
    shift
    case $name in
        *.py) "$python" "$here/$name" "$@" || failed="$failed
  $name $*" ;;
        *) "$here/$name" "$@" || failed="$failed
  $name $*" ;;
    esac
}

source_of() {
    sed -n 's/^ *- *\(.*\.\(jpg\|tif\)\) *$/\1/p' "$surveys/$1.yaml" | head -n 1
}

word() {
    sed -n "s/^$2 *= *//p" "$data/hips/$1/properties"
}

if [ -z "$url" ] && [ "${CLIENTS:-1}" != 0 ]; then
    port=${VERIFY_PORT:-18390}
    if [ -n "${TESSERA:-}" ]; then
        "$TESSERA" serve --data "$data" --port "$port" >/dev/null 2>&1 &
    else
        "$python" -m http.server "$port" --bind 127.0.0.1 --directory "$data" >/dev/null 2>&1 &
    fi
    server=$!
    url=http://127.0.0.1:$port
fi

maps=0
for survey in "$surveys"/*/*.yaml; do
    map=$(basename "$(dirname "$survey")")/$(basename "$survey" .yaml)
    [ -f "$data/hips/$map/properties" ] || { echo "$map is not built"; continue; }
    maps=$((maps + 1))
    hips=$data/hips/$map
    map_source=$surveys/${map%/*}/$(source_of "$map")
    for format in $(word "$map" hips_tile_format); do
        case $format in
            # Heights in half metres are float32: their bilinear values must agree as such.
            fits) if [ "$(word "$map" hips_pixel_bitpix)" -lt 0 ]; then tolerance=0.01; else tolerance=0.5; fi
                check leaf_pixels.py "$hips" "$map_source" --tolerance "$tolerance"
                check tile_wcs.py "$hips" ;;
            png) if ! word "$map" hips_tile_format | grep -q fits; then
                    check leaf_pixels.py "$hips" "$map_source" --format png
                fi ;;
            jpeg) if ! word "$map" hips_tile_format | grep -q fits; then
                    check leaf_pixels.py "$hips" "$map_source" --format jpeg --tolerance 3
                fi ;;
        esac
    done
    check moc_pixels.py "$hips"
    check pyramid.py "$hips"
    [ "${LINT:-1}" = 0 ] || check lint_hipsgen.sh "$hips"
    if [ "${CLIENTS:-1}" != 0 ]; then
        check aladin_desktop.py "$url/hips/$map" "$map_source"
        check aladin_lite_v2.py "$url/hips/$map" "$map_source"
    fi
done
[ "$maps" -gt 0 ] || { echo "FAILED: no demo map under $data/hips"; exit 1; }
check landmarks.py "$data" "$surveys/landmarks.csv"

if [ -n "${TESSERA:-}" ]; then
    scratch=$(mktemp -d)
    mola=$surveys/mars/mars_mola_180.tif
    build() {
        "$TESSERA" build "$1" --data "$scratch" --body mars --name "$2" --formats fits --quiet $3 || failed="$failed
  $TESSERA build $*"
    }
    check half_turn.py "$mola" "$scratch/turned.tif"
    check analytic.py make "$scratch/analytic.tif"
    check analytic.py make "$scratch/projected.tif" --projected
    build "$scratch/analytic.tif" analytic ""
    build "$scratch/projected.tif" projected ""
    build "$mola" mola-180 "--order 1"
    build "$scratch/turned.tif" mola-360 "--order 1"
    build "$mola" mola-nearest "--order 3 --resampling nearest"
    check analytic.py check "$scratch/hips/mars/analytic"
    check analytic.py check "$scratch/hips/mars/projected"
    check leaf_pixels.py "$scratch/hips/mars/mola-180" "$mola"
    check compare_hips.py "$scratch/hips/mars/mola-180" "$scratch/hips/mars/mola-360"
    check leaf_pixels.py "$scratch/hips/mars/mola-nearest" "$mola" --method nearest --tolerance 0
    check samples.py "$scratch/hips/mars/mola-nearest" "$here/mola_samples.csv"
    # The same heights out of other projections and formats lie where they lie in the grid.
    samples=$here/../../Tests/RastersTests/Samples
    for file in mars_mola_sinu.tif mars_mola_npole_stere.tif mars_mola_geofits.fits mars_mola_pds4.xml; do
        name=mola-$(echo "${file%.*}" | tr _ -)
        build "$samples/$file" "$name" "--order 1"
        check registration.py "$scratch/hips/mars/mola-180" "$scratch/hips/mars/$name" --source-degrees 0.25
    done
    check formats.py --tessera "$TESSERA" --check "$here/../../docs/formats.md" "$samples" "$surveys"
fi
echo
if [ -n "$failed" ]; then
    echo "FAILED:$failed"
    exit 1
fi
echo "all checks of $maps maps passed"
