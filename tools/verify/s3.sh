#!/bin/sh
# Builds, serves and lints a HiPS in an object store, and holds it to the one on disk.
#
#   s3.sh BINARY [HIPS]      e.g.  s3.sh .build/release/tessera data/hips/mars/viking
#
# The object store is moto's stand-in for S3, which is installed into a folder of its own where Python has none. Without
# HIPS the demo map of Ceres is built anew. See s3.py for what is compared.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] && [ -x "$1" ] || { echo "usage: $0 BINARY [HIPS]" >&2; exit 2; }
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

python=${PYTHON:-python3}
if ! "$python" -c 'import boto3, moto.server' 2>/dev/null; then
    venv=${XDG_CACHE_HOME:-$HOME/.cache}/tessera-verify
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    python=$venv/bin/python
    "$python" -c 'import boto3, moto.server' 2>/dev/null || "$python" -m pip install --quiet 'moto[s3,server]<6'
fi

hips=${2:-}
if [ -z "$hips" ]; then
    "$binary" build "$here/../../surveys/ceres/dawn-fc.yaml" --data "$scratch/data" --quiet
    hips=$(dirname "$(ls "$scratch"/data/hips/*/*/properties | head -n 1)")
fi
"$python" "$here/s3.py" "$binary" "$hips" "$here/../../surveys/mars/mola.yaml"
