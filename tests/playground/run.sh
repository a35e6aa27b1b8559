#!/bin/sh
# Tests of docs/playground. Exit 77: not here, and why. usage: run.sh sources|module|rebuilt|page SOURCE BUILD NATIVE
what=$1 source=$2 build=$3 native=$4
page=$source/docs/playground here=$source/tests/playground
python=$(command -v /usr/bin/python3 || command -v python3)

skip() {
    echo "$1"
    exit 77
}

need() {
    command -v "$1" >/dev/null || skip "no $1"
}

# The browser's driver comes from npm, once.
install_playwright() {
    [ -d "$build/node_modules/playwright-core" ] && return
    need npm
    mkdir -p "$build"
    echo '{"private": true}' >"$build/package.json"
    (cd "$build" && timeout 120 npm install --no-audit --no-fund --no-package-lock playwright-core@1 >npm.log 2>&1) ||
        skip "playwright-core cannot be had from npm: $(tail -n 1 "$build/npm.log")"
}

# Half a minute of work, so only when something changed since the last time.
rebuild() {
    stamp=$("$python" "$page/pack.py" stamp "$source")
    [ "$(cat "$build/rebuilt/stamp" 2>/dev/null)" = "$stamp" ] && return
    "$page/build" "$build/rebuilt" && echo "$stamp" >"$build/rebuilt/stamp"
}

case $what in
sources)
    [ -n "$python" ] || skip "no python3"
    exec "$python" "$page/pack.py" check "$page/built/libinterp.wasm.js" "$source"
    ;;
module)
    need node
    exec node "$here/module_test.js" "$page" "$page/built" "$native"
    ;;
rebuilt)
    need node
    need emcc
    [ -n "$python" ] || skip "no python3"
    rebuild || exit 1
    exec node "$here/module_test.js" "$page" "$build/rebuilt" "$native"
    ;;
page)
    need node
    browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || skip "no chromium"
    install_playwright
    exec node "$here/page_test.js" "$page" "$build" "$browser"
    ;;
esac
