#!/bin/bash
# examples/mpi: the same bytes for any number of ranks, and after a rank was killed. usage: shards_test.sh SHARDS
set -u
shards=$(realpath "$1")

# Open MPI as root, with more ranks than cores, idle ranks that leave the core to others, and leaks that are not ours.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe
export OMPI_MCA_hwloc_base_binding_policy=none PRTE_MCA_hwloc_default_binding_policy=none
export OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_pml=ob1
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"

mpirun=$(command -v mpirun || command -v mpiexec) || { echo "1..0 # SKIP no mpirun"; exit 0; }
"$mpirun" -n 2 true >/dev/null 2>&1 || { echo "1..0 # SKIP $mpirun does not start programs here"; exit 0; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

start() { # RANKS FOLDER OPTION...; what it says is left in FOLDER.said and FOLDER.errors
    "$mpirun" -n "$1" "$shards" --out "$folder/$2" --progress 0 "${@:3}" >"${2//\//-}.said" 2>"${2//\//-}.errors"
}
samples() { # FOLDER: all samples, without the headers
    for file in "$1"/shard-*.f32; do tail -c +65 "$file"; done
}
same_samples() { # FOLDER FOLDER
    cmp <(samples "$1") <(samples "$2")
}
same_statistics() { # FOLDER FOLDER: all that was said but the counts of shards and ranks
    diff <(grep -v '^shards' "$1.said") <(grep -v '^shards' "$2.said")
}
counts() { # FOLDER: TOTAL FOUND MADE DAMAGED
    sed -n 's/^shards *\([0-9]*\): \([0-9]*\) found, \([0-9]*\) made, \([0-9]*\) of.*/\1 \2 \3 \4/p' "$1.said"
}
identities() { # FOLDER: which files these are, and of when
    stat -c '%n %i %y' "$1"/shard-*.f32
}
ranks_alive() { # FOLDER: processes of ours that run the program on it
    local process
    for process in /proc/[0-9]*; do
        [ "$process/exe" -ef "$shards" ] && tr '\0' '\n' <"$process/cmdline" | grep -qx "$folder/$1" &&
            echo "${process#/proc/}"
    done 2>/dev/null
}

number=0 failed=0
result() { # NAME COMMAND...
    number=$((number + 1))
    if "${@:2}" >log 2>&1; then
        echo "ok $number - $1"
    else
        sed 's/^/# /' log *.errors >&2
        echo "not ok $number - $1"
        failed=1
    fi
}

# 100 shards would be even; these end with a short one.
flow="--samples 50001 --shard 1000 --evals 8 --seed 7"
sde="--samples 20000 --shard 999 --evals 8 --k 1 --solver exponential-sde"
any_number_of_ranks() {
    for n in 1 2 4; do
        start $n "flow$n" $flow && start $n "sde$n" $sde || return 1
    done
    for n in 2 4; do
        diff -r flow1 flow$n && same_statistics flow1 flow$n && diff -r sde1 sde$n && same_statistics sde1 sde$n || return 1
    done
    [ "$(counts flow4)" = "51 0 51 0" ] && [ "$(samples flow1 | wc -c)" = $((50001 * 8)) ] && ! cmp -s flow1/shard-000000.f32 sde1/shard-000000.f32
}
any_size_of_shards() {
    start 2 large $flow --shard 16384 && start 3 one $flow --shard 60000 &&
        same_samples flow1 large && same_samples flow1 one && same_statistics flow1 large && same_statistics flow1 one
}
right_law() { # with enough evaluations for the discretisation not to count
    start 2 law --samples 200000 --evals 64 --solver dpmpp-2m && awk '
        function off(a, b, by) { d = a - b; if (d < -by || d > by) { print "off:", $0, "wanted", b; bad = 1 } }
        $1 == "mean" { x = $2; y = $3 }
        $1 == "covariance" { xx = $2; xy = $3; yy = $4 }
        $1 == "exact" && !seen++ { off(x, $2, .02); off(y, $3, .015) }
        $1 == "exact" && NF == 4 { off(xx, $2, .03); off(xy, $3, .03); off(yy, $4, .03) }
        $1 == "spot" { off($3, $5, .006); spots++ }
        $1 == "no" { off($3, 0, .005) }
        END { exit bad || spots != 3 || seen != 2 }' law.said
}

# Enough work that a rank can be killed in the middle of it.
long="--samples 200000 --shard 2000 --evals 200"
kill_a_rank() { # FOLDER
    local mpi rank=
    start 2 "$1" $long &
    mpi=$!
    while [ "$(ls "$1"/shard-*.f32 2>/dev/null | wc -l)" -lt 5 ] && kill -0 $mpi 2>/dev/null; do sleep .02; done
    rank=$(ranks_alive "$1" | tail -n 1)
    [ -n "$rank" ] && kill -9 "$rank"
    ! wait $mpi || return 1
    while [ -n "$(ranks_alive "$1")" ]; do sleep .05; done
}
restart() {
    local finished
    start 2 whole $long && kill_a_rank killed || return 1
    finished=$(ls killed/shard-*.f32 | wc -l)
    echo "$finished shards finished before the rank died"
    [ "$finished" -ge 5 ] && [ "$finished" -lt 100 ] || return 1
    identities killed >before
    start 3 killed $long || return 1
    identities killed | grep -Fxf before | cmp - before && [ "$(counts killed)" = "100 $finished $((100 - finished)) 0" ] &&
        diff -r whole killed && same_statistics whole killed
}
nothing_to_do() {
    identities killed >before
    start 4 killed $long && [ "$(counts killed)" = "100 100 0 0" ] && identities killed | cmp - before &&
        same_statistics whole killed
}
more_samples() { # a run is gone on with: only its short last shard is made again
    cp -r flow1 more
    start 2 more $flow --samples 60000 && [ "$(counts more)" = "60 50 10 0" ] &&
        cmp <(samples flow1) <(samples more | head -c $((50001 * 8)))
}

damage() {
    cp -r flow1 damaged
    printf '\377' | dd of=damaged/shard-000003.f32 bs=1 seek=1000 conv=notrunc status=none # a sample
    truncate -s 500 damaged/shard-000017.f32
    printf 'x' >>damaged/shard-000018.f32
    printf 'x' | dd of=damaged/shard-000019.f32 bs=1 conv=notrunc status=none # the first byte of the header
    echo half >damaged/shard-000004.f32.part
    rm damaged/shard-000004.f32 damaged/shard-000005.f32
    start 2 damaged $flow && [ "$(counts damaged)" = "51 45 6 4" ] && diff -r flow1 damaged &&
        [ "$(grep -c 'is damaged and will be made again' damaged.errors)" = 4 ]
}
refused() { # SENTENCE RANKS FOLDER OPTION...: an error, said once
    ! start "${@:2}" && [ "$(grep -c "$1" "${3//\//-}.errors")" = 1 ] && [ ! -s "${3//\//-}.said" ]
}
other_options() {
    cp -r flow1 kept
    for other in "--seed 8" "--evals 9" "--shard 500" "--k 0.5"; do
        refused 'shard-000000.f32 was made with other options' 2 kept $flow $other || return 1
    done
    diff -r flow1 kept
}
bad_options() {
    refused "'--sampels' is not an option" 2 bad --sampels 3 && refused "'more' is not an option" 2 bad more &&
        refused "samples cannot be '0'" 2 bad --samples 0 && refused "shard cannot be '-1'" 2 bad --shard -1 &&
        refused 'solver: "oiler" is unknown' 2 bad --solver oiler && refused "needs a value" 2 bad --seed &&
        refused "choose a larger --shard" 2 bad --samples 2000000 --shard 1 &&
        refused "shards: rank 0: " 2 bad --solver ddim --k 1 && refused "cannot be made: No such" 2 no/such &&
        ! "$mpirun" -n 2 "$shards" 2>missing.errors && grep -q "out FOLDER is missing" missing.errors && [ ! -e bad ]
}
help() {
    [ "$("$mpirun" -n 2 "$shards" --help | grep -c 'mpirun -n RANKS shards')" = 1 ]
}
no_room() { # a file in the way of a shard's temporary one, for root too
    mkdir -p full/shard-000002.f32.part
    ! start 2 full $flow && grep -q 'shard-000002.f32 cannot be made: Is a directory' full.errors &&
        rmdir full/shard-000002.f32.part && start 2 full $flow && diff -r flow1 full
}
progress_lines() {
    "$mpirun" -n 2 "$shards" --out "$folder/lines" --progress .000001 $flow 2>&1 >/dev/null |
        grep -q '^shards: 51 of 51 shards, .* samples per second, 0 s left$'
}

echo 1..11
result "1, 2 and 4 ranks give the same files and statistics" any_number_of_ranks
result "shards of any size give the same samples and statistics" any_size_of_shards
result "the samples have the law of the data" right_law
result "after kill -9 of a rank only the missing shards are made, and the bytes are the same" restart
result "a finished run is only read" nothing_to_do
result "a finished run can be gone on with" more_samples
result "damaged, missing and half-written shards are made again" damage
result "shards of other options are refused and kept" other_options
result "bad options get one sentence; help" eval 'bad_options && help'
result "a shard that cannot be written ends the run and loses nothing" no_room
result "progress is told" progress_lines
exit $failed
