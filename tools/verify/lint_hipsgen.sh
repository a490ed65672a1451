#!/bin/sh
# Runs Hipsgen's LINT (Debian package aladin) on HiPS folders or URLs and fails on any error it reports.
#
#   lint_hipsgen.sh HIPSDIR|URL...
#
# Hipsgen always ends with status 0, so its words are read: "*ERROR" or "is not IVOA HiPS 1.0 compatible" is a
# failure, and so is a run that says neither that nor a verdict. Its warning about a hips_frame that is no sky
# frame is its own limit.
set -u
jar=${ALADIN_JAR:-/usr/share/java/aladin.jar}
[ $# -gt 0 ] || { echo "usage: $0 HIPSDIR|URL..." >&2; exit 2; }
[ -f "$jar" ] || { echo "FAILED: $jar is missing; install the package aladin" >&2; exit 1; }
status=0
escape=$(printf '\033')
for target in "$@"; do
    case $target in
        http://*|https://*) place=$target ;;
        *) place=$(cd "$target" && pwd) || { status=1; continue; } ;;
    esac
    words=$(timeout 150 java -Xmx512m -Djava.awt.headless=true -cp "$jar" cds.allsky.HipsGen "out=$place" LINT 2>&1 |
        sed "s/$escape\[[0-9;]*m//g")
    echo "== $target"
    echo "$words" | grep -E 'ERROR|WARN|compatible' || true
    if echo "$words" | grep -q -E '\*ERROR|is not IVOA HiPS 1.0 compatible'; then
        echo "FAILED: Hipsgen LINT finds errors in $target"
        status=1
    elif ! echo "$words" | grep -q 'compatible'; then
        echo "$words"
        echo "FAILED: Hipsgen LINT gave no verdict on $target"
        status=1
    else
        echo "OK"
    fi
done
exit $status
