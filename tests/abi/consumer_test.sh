#!/bin/sh
# Installs into a DESTDIR and builds pkgconfig/consumer/ against it: with the shared library, then with the static one.
# usage: consumer_test.sh BUILD SOURCE LIBDIR INCLUDEDIR CC...
set -eu
build=$1 source=$2 libdir=$3 includedir=$4
shift 4
for tool in meson make pkg-config; do
    command -v $tool >/dev/null || { echo "1..0 # SKIP no $tool"; exit 0; }
done

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
meson install -C "$build" --no-rebuild --quiet --destdir "$stage" >"$stage/log" 2>&1 || { cat "$stage/log" >&2; exit 1; }
cp -r "$source/pkgconfig/consumer" "$stage/consumer"
export CC="$*" MAKEFLAGS= PKG_CONFIG_PATH="$stage$libdir/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$stage"

result() { # NUMBER NAME COMMAND...
    number=$1 name=$2
    shift 2
    if "$@" >"$stage/log" 2>&1; then
        echo "ok $number - $name"
    else
        cat "$stage/log" >&2
        echo "not ok $number - $name"
        failed=1
    fi
}
shared() {
    make -C "$stage/consumer" &&
    readelf -d "$stage/consumer/consumer" | grep 'NEEDED.*libinterp\.so\.0\]' &&
    LD_LIBRARY_PATH="$stage$libdir" "$stage/consumer/consumer"
}
static() {
    rm -f "$stage$libdir"/libinterp.so* &&
    make -C "$stage/consumer" clean &&
    make -C "$stage/consumer" STATIC=1 &&
    ! readelf -d "$stage/consumer/consumer" | grep 'NEEDED.*libinterp' &&
    "$stage/consumer/consumer"
}

failed=0
echo 1..4
result 1 "every header is installed" diff -r -x '.*' "$source/include/interp" "$stage$includedir/interp"
result 2 "the version of libinterp.pc is the library's" test "$(pkg-config --modversion libinterp)" = \
    "$(sed -n "s/^ *version: '\(.*\)',/\1/p" "$source/meson.build" | head -n 1)"
result 3 "shared" shared
result 4 "static" static
exit $failed
