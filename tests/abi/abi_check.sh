#!/bin/sh
# Compares the shared library with the ABI of the last release. No suppressions: a member appended to a descriptor is
# looked at too, and the baseline made anew by whoever releases it.
# usage: abi_check.sh LIBRARY SOURCE            compare with SOURCE/tests/abi/libinterp.abi, exit 77 while there is none
#        abi_check.sh LIBRARY SOURCE --accept   write that file
set -eu
library=$1 source=$2
baseline=$source/tests/abi/libinterp.abi
command -v abidw >/dev/null || { echo "no abidw (package abigail-tools)"; exit 77; }

describe() {
    abidw --headers-dir "$source/include/interp" --drop-private-types --no-corpus-path --no-comp-dir-path \
        --no-show-locs --out-file "$1" "$library"
}
if [ "${3:-}" = --accept ]; then
    describe "$baseline"
    exit 0
fi
[ -f "$baseline" ] || { echo "no baseline before the first release"; exit 77; }
now=$(mktemp)
trap 'rm -f "$now"' EXIT
describe "$now"
abidiff "$baseline" "$now"
