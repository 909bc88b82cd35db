#!/bin/sh
# Makes a computer ready: `setup.sh demo` to run the program, `setup.sh test` to work on it as well.
#
# Installs the Debian packages that are missing, makes .venv and fills it with exactly the pinned versions. Run again
# it does nothing, within a second. Needs no root for anything but the packages; without root it names them.
# `setup.sh station` is for a released version: its libraries lie beside it, so nothing is fetched, built or installed.
set -eu

purpose=${1:-demo}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd -- "$root"

say() { printf '%s\n' "$*" >&2; }
give_up() { say "setup: $*"; exit 1; }

case $purpose in
    demo) requirements=requirements.txt ;;
    test) requirements=requirements-dev.txt ;;
    station) requirements= ;;
    *) give_up "there is no set-up for '$purpose'; there are: demo, test, station" ;;
esac
[ "$purpose" != station ] || [ -d libraries ] ||
    give_up 'no libraries lie beside this version: it is a checkout, no release; use: setup.sh demo'
build_requirements=config/deploy/requirements-build.txt

# --- what the system has to have ---------------------------------------------------------------------------------

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# The newest interpreter the program supports; nothing when there is none.
find_python() {
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

# Debian splits Python: ensurepip and the headers are packages of their own. Another Python may have both.
python_lacks() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    [ "$purpose" != station ] || return 0
    "$1" -c 'import os, sysconfig as s, sys; sys.exit(not os.path.exists(s.get_path("include") + "/Python.h"))' ||
        echo python3-dev
}

missing_packages() {
    python=$(find_python)
    if [ -n "$python" ]; then python_lacks "$python"; else echo python3 python3-venv python3-dev; fi
    case $purpose in
        station) wanted='libpcsclite1 pcscd' ;;
        demo) wanted='build-essential libpcsclite-dev libpcsclite1 pcscd vsmartcard-vpcd' ;;
        test) wanted='build-essential libpcsclite-dev libpcsclite1 pcscd vsmartcard-vpcd
            chromium fonts-noto-core postgresql softhsm2' ;;
    esac
    for package in $wanted; do
        installed "$package" || echo "$package"
    done
}

install_packages() {
    [ "$purpose" != station ] || give_up "missing Debian packages: apt-get install --no-install-recommends $*"
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    else
        give_up "missing Debian packages; install them and try again: sudo apt-get install --no-install-recommends $*"
    fi
    say "setup: installing $*"
    # shellcheck disable=SC2086  # as_root is two words or none
    $as_root apt-get update -qq || say 'setup: the package lists could not be renewed; trying with the old ones'
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 ||
        give_up "apt-get could not install: $*"
}

if command -v dpkg-query >/dev/null; then
    missing=$(missing_packages | tr '\n' ' ')
    # shellcheck disable=SC2086  # one word per package
    [ -z "$missing" ] || install_packages $missing
else
    say 'setup: not a Debian system: a C compiler, the PC/SC headers, pcscd and vsmartcard are taken to be there'
fi

python=$(find_python)
[ -n "$python" ] || give_up 'the program needs Python 3.11, 3.12 or 3.13 as python3; Debian 12 has it'

# --- .venv -------------------------------------------------------------------------------------------------------

# A virtual environment knows its own path: one that was copied or moved, or whose Python is gone, is made anew.
usable() { .venv/bin/python -c 'import pip' 2>/dev/null && grep -qF "$root/.venv" .venv/bin/activate; }

# Everything .venv depends on, as one line.
wished() {
    {
        echo "$root"
        .venv/bin/python -V
        cat requirements.txt requirements-dev.txt "$build_requirements" pyproject.toml config/deploy/setup.sh
    } | sha256sum
}

# What is ready for the tests is ready for the demo.
ready() {
    for stamp in ".venv/.ready-for-$purpose" .venv/.ready-for-test; do
        [ "$(cat "$stamp" 2>/dev/null)" = "$(wished)" ] && return
    done
    return 1
}

if usable && ready; then
    exit 0
fi

# What only some tests want: they are skipped where it cannot be had.
more_for_tests() {
    [ "$purpose" = test ] && command -v dpkg-query >/dev/null || return 0
    for package in cage dbus polkitd systemd udev xwayland; do
        installed "$package" || echo "$package"
    done
}

missing=$(more_for_tests | tr '\n' ' ')
# shellcheck disable=SC2086
[ -z "$missing" ] || (install_packages $missing) || say "setup: tests that want $missing are skipped"

say "setup: filling .venv for '$purpose'; the first time takes a minute or two"
usable || "$python" -m venv --clear .venv
rm -f .venv/.ready-for-*
PATH="$root/.venv/bin:$PATH" # the build of pyscard calls swig
export PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
pip_install() { .venv/bin/python -m pip install -q --no-build-isolation --use-pep517 "$@"; }
if [ "$purpose" = station ]; then
    # What lies here was checked by hash when it was fetched, and is proven by the release's signature since.
    pip_install --no-index --no-deps libraries/*.whl
    PIP_NO_INDEX=1
    export PIP_NO_INDEX
else
    pip_install --require-hashes -r "$build_requirements"
    pip_install --require-hashes -r "$requirements"
fi
pip_install --no-deps -e .

wished >".venv/.ready-for-$purpose"
