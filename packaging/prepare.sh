#!/usr/bin/env bash
# Brings what `make installers` and its proof need on Debian, as root; elsewhere it prints the one line to copy.
set -euo pipefail
tools="binutils dpkg-dev file rpm zstd mmdebstrap lintian desktop-file-utils appstream mandoc libxml2-utils poppler-utils
xvfb xauth openbox xdotool nsis iproute2"
# Qt's libraries must be here, too, so that dpkg-shlibdeps can name their packages.
qt="libgl1 libegl1 libdbus-1-3 libfontconfig1 libfreetype6 libglib2.0-0 libgssapi-krb5-2 libwayland-client0
libwayland-cursor0 libwayland-egl1 libcups2 libx11-xcb1 libxcb-cursor0 libxcb-glx0 libxcb-icccm4 libxcb-image0
libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0
libxcb-xkb1 libxkbcommon0 libxkbcommon-x11-0 libbrotli1 libzstd1 libssl3 libffi8 libuuid1 libbz2-1.0 liblzma5"

command -v dpkg-query >/dev/null || { echo "Linux installers are built on Debian 12 (or Ubuntu 22.04)." >&2; exit 1; }
# The interpreter of Debian keeps its library apart, and PyInstaller needs it.
python=$(.venv/bin/python -c 'import sys; print("libpython%d.%d" % sys.version_info[:2] if sys.base_prefix == "/usr" else "")')
missing=""
for package in $tools $qt $python; do
    { dpkg-query -W -f '${Status}\n' "$package" "${package}t64" 2>/dev/null || true; } | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ]; then
    echo "Building installers needs tools; run:  sudo apt-get install$missing" >&2
    exit 1
fi
echo "Installing system packages:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 && exit 0
# shellcheck disable=SC2086
apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends $missing >/dev/null
