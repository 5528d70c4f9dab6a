#!/bin/sh
# Puts Notesapp on the desktop of one person (~/.local) or, with --prefix, of all. Writes nothing else; never your notes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=$HOME/.local
remove=no
for word in "$@"; do
    case $word in
    --prefix=/*) prefix=${word#--prefix=} ;;
    --remove) remove=yes ;;
    *) echo "Usage: install.sh [--prefix=/FOLDER] [--remove]" >&2; exit 2 ;;
    esac
done
prefix=${prefix%/}
lib=$prefix/lib/notesapp
share=$prefix/share

# The list of what is ours, beside the program itself.
ours() {
    (cd "$here/usr/share" && find . -type f | sed 's|^\./|share/|')
    echo bin/notesapp
    echo lib/systemd/user/notesapp-peer.service
}

refresh() {
    command -v update-desktop-database >/dev/null && update-desktop-database -q "$share/applications" || true
    command -v update-mime-database >/dev/null && update-mime-database "$share/mime" >/dev/null 2>&1 || true
    command -v gtk-update-icon-cache >/dev/null && gtk-update-icon-cache -q -t -f "$share/icons/hicolor" || true
}

if [ $remove = yes ]; then
    if [ ! -x "$lib/notesapp" ]; then
        echo "Notesapp is not installed in $prefix." >&2
        exit 1
    fi
    ours | while read -r file; do rm -f "$prefix/$file"; done
    rm -f "$prefix/share/systemd/user/notesapp-peer.service"
    rm -rf "$lib"
    rmdir "$share/doc/notesapp" 2>/dev/null || true
    refresh
    echo "Notesapp is gone from $prefix; your notes stay in ~/.local/share/notesapp."
    exit 0
fi

if [ "$lib" = "$here/usr/lib/notesapp" ]; then
    echo "Choose another folder than the one that was unpacked." >&2
    exit 2
fi
mkdir -p "$prefix/lib" "$prefix/bin" "$share"
# A program that runs keeps the old files until it ends: the new ones come by a rename.
rm -rf "$lib.new" "$lib.old"
cp -a "$here/usr/lib/notesapp" "$lib.new"
[ -e "$lib" ] && mv "$lib" "$lib.old"
mv "$lib.new" "$lib"
rm -rf "$lib.old"
ln -sfn "$lib/notesapp" "$prefix/bin/notesapp"
cp -a "$here/usr/share/." "$share/"
# Desktops don't look into ~/.local/bin, so the entry and the unit name the program by its whole path.
sed -i "s|^Exec=notesapp|Exec=\"$lib/notesapp\"|" "$share/applications/notesapp.desktop"
units=$share/systemd/user
mkdir -p "$units"
sed "s|^ExecStart=/usr/bin/notesapp|ExecStart=\"$lib/notesapp\"|" \
    "$here/usr/lib/systemd/user/notesapp-peer.service" >"$units/notesapp-peer.service"
refresh
echo "Notesapp is installed in $prefix."
case ":$PATH:" in *":$prefix/bin:"*) ;; *) echo "For commands put $prefix/bin on your PATH, or run $prefix/bin/notesapp." ;; esac
