#!/usr/bin/env bash
# Makes the environment of the suite `peers`: what requirements.txt names, in a virtual environment. One that is there
# with the same list stays.
#
#   environment.sh FOLDER
#
# Says in one sentence what could not be installed. The exit status is that of the environment itself: without a package
# its tests are skipped.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$1
list=$here/requirements.txt
made=$folder/made
unset PYTHONPATH

# Debian's python3 comes first: it is the one that the suite `python` runs with.
with_venv() {
    local python
    for python in /usr/bin/python3 python3; do
        "$python" -c 'import venv, ensurepip' 2>/dev/null && command -v "$python" && return
    done
    return 1
}

pip() {
    "$folder/bin/python" -m pip --quiet --disable-pip-version-check --no-input "$@"
}

cat "$list" "$here/packages/stand_ins.py" | cmp -s - "$made" && exit 0
rm -rf "$folder"
python=$(with_venv) || { echo "peers: no python3 with venv (Debian: python3-venv), so nothing is compared"; exit 1; }
"$python" -m venv "$folder" || { echo "peers: $python could not make an environment, so nothing is compared"; exit 1; }
missing=()
if ! pip install --no-compile --no-deps -r "$list"; then
    while read -r package; do
        pip install --no-compile --no-deps "$package" || missing+=("$package")
    done < <(grep -v '^#' "$list" | grep .)
fi
[ ${#missing[@]} = 0 ] || echo "peers: not installed, so not compared with: ${missing[*]}"
torch=$(echo "$folder"/lib/python3*/site-packages/torch/lib)
[ ! -d "$torch" ] || "$folder/bin/python" "$here/packages/stand_ins.py" "$torch" ||
    echo "peers: no stand-ins for CUDA's libraries were made, so torch may not load"
[ ${#missing[@]} = 0 ] && cat "$list" "$here/packages/stand_ins.py" >"$made"
exit 0
