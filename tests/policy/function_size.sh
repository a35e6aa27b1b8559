#!/bin/sh
# No function of lib/ is longer than 40 lines or has more than 10 paths (a switch counts as one). usage: ... SOURCE
command -v pmccabe >/dev/null || { echo "no pmccabe"; exit 77; }
cd "$1" || exit 1
find lib -name '*.c' -print0 | xargs -0 pmccabe |
    awk -F '\t' '$1 > 10 || $5 > 40 { print $6 ": complexity " $1 ", " $5 " lines"; bad = 1 } END { exit bad || NR == 0 }'
