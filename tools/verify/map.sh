#!/bin/sh
# Every check of one demo map that needs neither a server nor a screen.
#
#   map.sh DATADIR BODY/MAP
#
# TESSERA=<the binary> in the environment adds its own lint, LINT=1 Hipsgen's.
set -u
. "$(dirname "$0")/checks.sh"
[ $# -eq 2 ] || { echo "usage: $0 DATADIR BODY/MAP" >&2; exit 2; }
map=$2
hips=$1/hips/$map
map_source=$(source_of "$map")

word() {
    sed -n "s/^$1 *= *//p" "$hips/properties"
}

# leaf_pixels.py reads grids of degrees as GDAL places them. That is wrong for MEGDR's label (a pixel off), FITS (rows
# upside down) and Vesta's cube (counted from another meridian), and says nothing of curved projections: MOLA by those
# ways is held to MOLA's own grid by builds.sh, and all of them to landmarks.
case $map in
    mars/megdr | mars/mola-* | vesta/dtm) formats="" ;;
    *) formats=$(word hips_tile_format) ;;
esac
for format in $formats; do
    case $format in
        # Heights in half metres are float32: their bilinear values must agree as such.
        fits) if [ "$(word hips_pixel_bitpix)" -lt 0 ]; then tolerance=0.01; else tolerance=0.5; fi
            case $map in moon/ulcn*) tolerance=0.0626 ;; esac # radii of 1.7e6 m: half a step of float32
            check leaf_pixels.py "$hips" "$map_source" --tolerance "$tolerance"
            check tile_wcs.py "$hips" ;;
        png) if ! word hips_tile_format | grep -q fits; then
                case $map in
                    # Black outside of the picture is no data; at 5 m, places agree to 1e-4 pixels.
                    mars/hirise) check leaf_pixels.py "$hips" "$map_source" --format png --edge-nodata 0 --tolerance 0.51 ;;
                    *) check leaf_pixels.py "$hips" "$map_source" --format png ;;
                esac
            fi ;;
        jpeg) if ! word hips_tile_format | grep -q fits; then
                check leaf_pixels.py "$hips" "$map_source" --format jpeg --tolerance 3
            fi ;;
    esac
done
# It counts all cells of the sphere at the order of the coverage.
if [ "$(word hips_order)" -le 8 ]; then check moc_pixels.py "$hips"; fi
check pyramid.py "$hips"
if [ -n "${TESSERA:-}" ]; then run "$TESSERA" lint "$hips"; fi
if [ "${LINT:-0}" = 1 ]; then check lint_hipsgen.sh "$hips"; fi
verdict
