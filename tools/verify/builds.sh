#!/bin/sh
# The checks of demo maps that need builds of their own, in a temporary folder: the known function, MOLA from another left
# edge, MOLA by the nearest pixel; and the table of formats is held to the files of the repository.
#
#   TESSERA=<the binary> builds.sh DATADIR
set -u
. "$(dirname "$0")/checks.sh"
[ $# -eq 1 ] || { echo "usage: TESSERA=<the binary> $0 DATADIR" >&2; exit 2; }
data=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
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
verdict
