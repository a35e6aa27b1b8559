#!/bin/sh
# Compiles the first ```c block of README.md and runs it. usage: readme_test.sh SOURCE LIBRARY CC...
set -eu
source=$1 library=$2
shift 2
[ -f "$source/README.md" ] || exit 77

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
awk '/^```c$/ { inside = 1; next } inside && /^```/ { exit } inside' "$source/README.md" >"$stage/readme.c"
[ -s "$stage/readme.c" ] || { echo "README.md has no block that starts with \`\`\`c"; exit 1; }
"$@" -std=c11 -Wall -Wextra -Wpedantic -Werror -I"$source/include" -o "$stage/readme" "$stage/readme.c" "$library" -lm
LD_LIBRARY_PATH=$(dirname "$library") "$stage/readme"
