#!/usr/bin/env bash
# Makes .venv ready: chooses Python 3.12 or 3.11, installs the locked dependencies, and brings (as root on Debian) or
# names (elsewhere, in one line to copy) the system libraries that Qt needs. Does nothing when all is there.
# Usage: scripts/setup.sh [FOLDER [VERSION]]     (.venv and the newest usable Python by default)
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-.venv}
wanted=${2:-}
lock=requirements/dev.txt

say() { printf '%s\n' "$*" >&2; }

is_debian_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
    say "Installing system packages: $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return
    apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# A python counts if it is 3.11 or 3.12 (or the wanted one) and is what it says when run (pyenv's shims may not be).
usable() {
    "$1" - "$wanted" 2>/dev/null <<'PY'
import sys
found = "%d.%d" % sys.version_info[:2]
sys.exit(0 if found in ([sys.argv[1]] if sys.argv[1] else ["3.11", "3.12"]) else 1)
PY
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3.12 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.12*/bin/python3 \
        python3.11 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.11*/bin/python3 python3 python; do
        if command -v "$candidate" >/dev/null && usable "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

if ! python=$(find_python); then
    if [ -z "$wanted" ] && is_debian_root; then
        apt_install python3 python3-venv
        python=$(find_python) || true
    fi
fi
if [ -z "${python:-}" ]; then
    say "Notesapp needs Python ${wanted:-3.12 or 3.11}, and none was found; install it (for example: sudo apt-get install python3 python3-venv) or set PYTHON=/path/to/python3."
    exit 1
fi

stamp="$("$python" -c 'import sys; print(sys.version, sys.executable)') $(cat "$lock" scripts/setup.sh | cksum)"
if [ "$(cat "$folder/.ready" 2>/dev/null || true)" != "$stamp" ]; then
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        if is_debian_root; then
            apt_install python3-venv
        else
            say "Python's venv module is missing; run: sudo apt-get install python3-venv"
            exit 1
        fi
    fi
    say "Setting up $folder with $("$python" --version) (about a minute the first time) ..."
    [ "$("$folder/bin/python" --version 2>/dev/null || true)" = "$("$python" --version)" ] || rm -rf "$folder"
    [ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" 2>&1 | { grep -v '^WARNING: Location' || true; }
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . 2>&1 | { grep -v '^WARNING: Location' || true; }
    [ -x "$folder/bin/notesapp" ] || { say "The program could not be installed into $folder; the lines above say why."; exit 1; }
    printf '%s' "$stamp" >"$folder/.ready"
fi

# What Qt loads at run time on Linux, and what the tests' virtual screen needs.
[ "$(uname -s)" = Linux ] || exit 0
qt="libgl1 libegl1 libdbus-1-3 libfontconfig1 libfreetype6 libglib2.0-0 libgssapi-krb5-2 libx11-xcb1 libxkbcommon0
libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libbrotli1 libzstd1"
screen="xvfb openbox xdotool x11-utils"
network="iproute2 nftables miniupnpd-nftables" # the lab of routers in tests/lab
if command -v dpkg-query >/dev/null; then
    missing=""
    for package in $qt $screen $network; do
        { dpkg-query -W -f '${Status}\n' "$package" "${package}t64" 2>/dev/null || true; } | grep -q 'ok installed' || missing="$missing $package"
    done
    if [ -n "$missing" ]; then
        if is_debian_root; then
            # shellcheck disable=SC2086
            apt_install $missing
        elif ! "$folder/bin/python" -c 'import PySide6.QtWidgets' 2>/dev/null; then
            say "Qt needs system libraries; run:  sudo apt-get install$missing"
            exit 1
        fi
    fi
elif ! "$folder/bin/python" -c 'import PySide6.QtWidgets' 2>/dev/null; then
    say "Qt needs system libraries (on Fedora: sudo dnf install mesa-libGL mesa-libEGL libxkbcommon-x11 xcb-util-cursor xcb-util-wm xcb-util-image xcb-util-keysyms xcb-util-renderutil)."
    exit 1
fi
