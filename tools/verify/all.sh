#!/bin/sh
# Runs every check of this folder that applies to the demo maps built under DATADIR (see ../../surveys).
#
#   all.sh DATADIR [URL]      e.g.  all.sh data http://127.0.0.1:8080
#
# MAPS="mars/viking vesta/dtm" in the environment leaves the other maps out. URL is a running `tessera serve --data DATADIR`; without it one is started, or, without TESSERA, Python's own file
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

run() {
    echo
    echo "=== $*"
    "$@" || failed="$failed
  $*"
}

source_of() {
    sed -n '/^inputs:/,/^[^ ]/s/^ *- *\(.*[^ ]\) *$/\1/p' "$surveys/$1.yaml" | head -n 1
}

# Hipsgen's LINT, Aladin Desktop and Aladin Lite v2 take most of the time and want order 3: they see these maps, which are
# of every kind of tile and of all left edges. The others differ in their sources, which only the other checks look into.
clients_of=" ceres/dawn-fc io/ssi mars/mola mars/viking mercury/mdis moon/lola moon/wac pluto/lorri-mvic titan/iss venus/magellan "

is_chosen() {
    case " ${MAPS:-$1} " in *" $1 "*) true ;; *) false ;; esac
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
    case $survey in */products/*) continue ;; esac # sources that are not shipped
    map=$(basename "$(dirname "$survey")")/$(basename "$survey" .yaml)
    is_chosen "$map" || continue
    [ -f "$data/hips/$map/properties" ] || { echo "$map is not built"; continue; }
    maps=$((maps + 1))
    hips=$data/hips/$map
    map_source=$surveys/${map%/*}/$(source_of "$map")
    # leaf_pixels.py reads grids of degrees as GDAL places them. That is wrong for MEGDR's label (a pixel off), FITS (rows
    # upside down) and Vesta's cube (counted from another meridian), and says nothing of curved projections: MOLA by those
    # ways is held to MOLA's own grid below, and all of them to landmarks.
    case $map in
        mars/megdr | mars/mola-* | vesta/dtm) formats="" ;;
        *) formats=$(word "$map" hips_tile_format) ;;
    esac
    for format in $formats; do
        case $format in
            # Heights in half metres are float32: their bilinear values must agree as such.
            fits) if [ "$(word "$map" hips_pixel_bitpix)" -lt 0 ]; then tolerance=0.01; else tolerance=0.5; fi
                case $map in moon/ulcn*) tolerance=0.0626 ;; esac # radii of 1.7e6 m: half a step of float32
                check leaf_pixels.py "$hips" "$map_source" --tolerance "$tolerance"
                check tile_wcs.py "$hips" ;;
            png) if ! word "$map" hips_tile_format | grep -q fits; then
                    case $map in
                        # Black outside of the picture is no data; at 5 m, places agree to 1e-4 pixels.
                        mars/hirise) check leaf_pixels.py "$hips" "$map_source" --format png --edge-nodata 0 --tolerance 0.51 ;;
                        *) check leaf_pixels.py "$hips" "$map_source" --format png ;;
                    esac
                fi ;;
            jpeg) if ! word "$map" hips_tile_format | grep -q fits; then
                    check leaf_pixels.py "$hips" "$map_source" --format jpeg --tolerance 3
                fi ;;
        esac
    done
    # It counts all cells of the sphere at the order of the coverage.
    if [ "$(word "$map" hips_order)" -le 8 ]; then check moc_pixels.py "$hips"; fi
    check pyramid.py "$hips"
    if [ -n "${TESSERA:-}" ]; then run "$TESSERA" lint "$hips"; fi
    case $clients_of in *" $map "*) ;; *) continue ;; esac
    [ "${LINT:-1}" = 0 ] || check lint_hipsgen.sh "$hips"
    if [ "${CLIENTS:-1}" != 0 ]; then
        check aladin_desktop.py "$url/hips/$map" "$map_source"
        check aladin_lite_v2.py "$url/hips/$map" "$map_source"
    fi
done
[ "$maps" -gt 0 ] || { echo "FAILED: no demo map under $data/hips"; exit 1; }
if [ -z "${MAPS:-}" ]; then
    check landmarks.py "$data" "$surveys/landmarks.csv" --self-test
else
    for map in $MAPS; do check landmarks.py "$data" "$surveys/landmarks.csv" --self-test --map "$map"; done
fi

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
    for name in megdr mola-sinusoidal mola-north mola-fits mola-pds4; do
        check registration.py "$scratch/hips/mars/mola-180" "$data/hips/mars/$name" --source-degrees 0.25
    done
    check formats.py --tessera "$TESSERA" --check "$here/../../docs/formats.md" "$here/../../Tests/RastersTests/Samples" "$surveys"
fi
echo
if [ -n "$failed" ]; then
    echo "FAILED:$failed"
    exit 1
fi
echo "all checks of $maps maps passed"
