# Sourced by tests/run and examples/run: installs Debian packages that are missing.
#
#   install_missing "REQUIRED PACKAGES" "OPTIONAL PACKAGES"       a|b: either, the first that this release has
#
# Makes no use of the network when nothing is missing. A name that this release does not have is left out. Without
# apt-get, or when the installation fails, it says what would be needed and returns; the build tells what is absent.

installed() {
    dpkg-query -W -f='${Status}\n' "$1" 2>/dev/null | grep -q 'ok installed'
}

known() {
    apt-cache show --no-all-versions "$1" >/dev/null 2>&1
}

# Prints the words of which no alternative satisfies the test.
without() { # TEST WORD...
    local word name test=$1
    shift
    for word in "$@"; do
        for name in ${word//|/ }; do
            "$test" "$name" && continue 2
        done
        echo "$word"
    done
}

# Prints the first alternative of each word that satisfies the test.
first() { # TEST WORD...
    local word name test=$1
    shift
    for word in "$@"; do
        for name in ${word//|/ }; do
            "$test" "$name" && echo "$name" && break
        done
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

apt_install() {
    [ $# = 0 ] || as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@" </dev/null
}

install_missing() {
    local required optional
    if ! command -v apt-get >/dev/null; then
        echo "No apt-get here. Needed, by their Debian names: $1${2:+; optional: $2}"
        return 0
    fi
    required=$(without installed $1) optional=$(without installed $2)
    [ -n "$required$optional" ] || return 0
    echo "Installing:" $required $optional
    as_root apt-get update -q || echo "apt-get update failed; going on with the lists at hand"
    required=$(first known $required) optional=$(first known $optional)
    # One call for all is faster; the required ones alone are what matters.
    apt_install $required $optional || apt_install $required || echo "Could not install:" $required
}
