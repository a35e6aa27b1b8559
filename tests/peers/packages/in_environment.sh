#!/bin/sh
# usage: in_environment.sh ENVIRONMENT TEST ROWS      pytest's TEST; the rows of its table are written to ROWS
[ -x "$1/bin/python" ] || { echo "skipped: no environment with real packages: ./tests/run peers makes it"; exit 77; }
mkdir -p "$(dirname "$3")"
rm -f "$3"
[ -f "$1/made" ] && export PEERS_COMPLETE=yes # an import that fails is then no reason to skip
PEERS_ROWS=$3 "$1/bin/python" -B -m pytest -q -rs -W ignore -p no:cacheprovider "$2"
status=$?
[ $status = 5 ] && exit 77 # pytest's number for a run in which all was skipped
exit $status
