# What the scripts that run many checks share; read by them with `.`.
#
# Failures are counted in $failed, and told at the end by `verdict`.
here=$(cd "$(dirname "$0")" && pwd)
surveys=$here/../../surveys
python=/usr/bin/python3
failed=""

check() {
    echo
    echo "=== $*"
    name=$1
    shift
    case $name in
        *.py) "$python" -B "$here/$name" "$@" || failed="$failed
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

# The first input of a map's survey.
source_of() {
    echo "$surveys/${1%/*}/$(sed -n '/^inputs:/,/^[^ ]/s/^ *- *\(.*[^ ]\) *$/\1/p' "$surveys/$1.yaml" | head -n 1)"
}

verdict() {
    [ -n "$failed" ] || return 0
    echo "FAILED:$failed"
    return 1
}
