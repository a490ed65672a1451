#!/bin/sh
# Runs Hipsgen (Debian package aladin) on a mosaic made by mosaic.py.
#
#   hipsgen.sh MOSAIC OUT dem    int16 FITS tiles from the FITS heights
#   hipsgen.sh MOSAIC OUT rgb    PNG tiles from the PNG picture (about 13 minutes of CPU time)
#
# OUT is made anew. Hipsgen wants an absolute out=, and with coloured input neither PNG nor JPEG among its actions: it
# would delete the tiles. HIPSGEN_MEMORY sets Java's heap (default 8g), HIPSGEN_ORDER the order (default 3).
set -eu
jar=${ALADIN_JAR:-/usr/share/java/aladin.jar}
[ $# -eq 3 ] || { echo "usage: $0 MOSAIC OUT dem|rgb" >&2; exit 2; }
[ -f "$jar" ] || { echo "$jar is missing; install the package aladin" >&2; exit 1; }
mosaic=$(cd "$1" && pwd)
mkdir -p "$(dirname "$2")"
out=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
case $out in */hipsgen*) ;; *) echo "OUT must be named hipsgen-something: it is deleted first" >&2; exit 2 ;; esac
case $3 in
    dem) input=$mosaic/fits_in; colour="" ;;
    rgb) input=$mosaic/png_in; colour="color=png" ;;
    *) echo "expected dem or rgb, found $3" >&2; exit 2 ;;
esac
rm -rf "$out"
# shellcheck disable=SC2086  # no word at all where there is no colour
exec java "-Xmx${HIPSGEN_MEMORY:-8g}" -Djava.awt.headless=true -cp "$jar" cds.allsky.HipsGen "in=$input" "out=$out" \
    "creator_did=BENCH/mars/$3" "hips_order=${HIPSGEN_ORDER:-3}" $colour INDEX TILES
