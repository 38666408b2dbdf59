#!/bin/sh
# set-up.sh VENV LOCK run|test|package: a virtual environment from the lock file, and the system libraries that Qt needs.
# With apt and as root it installs what is missing; otherwise it says the one line that does.
set -eu

venv=$1
lock=$2
purpose=$3
programs=$venv/bin
[ "${OS:-}" != Windows_NT ] || programs=$venv/Scripts
python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

need_packages() {
    # $* are Debian packages that are missing
    [ $# -gt 0 ] || return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing system packages: $*"
        apt-get update -qq >/dev/null
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    else
        say "Some system packages are missing. Install them with this line, and try again:"
        say "    sudo apt-get install --no-install-recommends $*"
        exit 1
    fi
}

# Debian's package for each library that Qt 6 and its xcb plugin are linked with.
package_of() {
    case $1 in
        libEGL.so.1) echo libegl1 ;;
        libGL.so.1 | libGLX.so.0) echo libgl1 ;;
        libOpenGL.so.0) echo libopengl0 ;;
        libGLdispatch.so.0) echo libglvnd0 ;;
        libglib-2.0.so.0 | libgthread-2.0.so.0 | libgobject-2.0.so.0 | libgio-2.0.so.0) echo libglib2.0-0 ;;
        libfontconfig.so.1) echo libfontconfig1 ;;
        libfreetype.so.6) echo libfreetype6 ;;
        libdbus-1.so.3) echo libdbus-1-3 ;;
        libxkbcommon.so.0) echo libxkbcommon0 ;;
        libxkbcommon-x11.so.0) echo libxkbcommon-x11-0 ;;
        libX11.so.6) echo libx11-6 ;;
        libX11-xcb.so.1) echo libx11-xcb1 ;;
        libxcb.so.1) echo libxcb1 ;;
        libxcb-util.so.1) echo libxcb-util1 ;;
        libxcb-cursor.so.0) echo libxcb-cursor0 ;;
        libxcb-icccm.so.4) echo libxcb-icccm4 ;;
        libxcb-image.so.0) echo libxcb-image0 ;;
        libxcb-keysyms.so.1) echo libxcb-keysyms1 ;;
        libxcb-randr.so.0) echo libxcb-randr0 ;;
        libxcb-render-util.so.0) echo libxcb-render-util0 ;;
        libxcb-render.so.0) echo libxcb-render0 ;;
        libxcb-shape.so.0) echo libxcb-shape0 ;;
        libxcb-shm.so.0) echo libxcb-shm0 ;;
        libxcb-sync.so.1) echo libxcb-sync1 ;;
        libxcb-xfixes.so.0) echo libxcb-xfixes0 ;;
        libxcb-xkb.so.1) echo libxcb-xkb1 ;;
        libxcb-glx.so.0) echo libxcb-glx0 ;;
        libxcb-xinput.so.0) echo libxcb-xinput0 ;;
        libSM.so.6) echo libsm6 ;;
        libICE.so.6) echo libice6 ;;
        libz.so.1) echo zlib1g ;;
        libzstd.so.1) echo libzstd1 ;;
        libwayland-*.so.*) echo "libwayland-$(echo "$1" | sed 's/libwayland-\([a-z]*\).*/\1/')0" ;;
        *) say "Qt needs $1, and this script does not know which package has it."; exit 1 ;;
    esac
}

qt_packages() {
    qt=$("$programs/python" -c 'import importlib.util as u, os; print(os.path.dirname(u.find_spec("PySide6").origin))')
    missing=$(ldd "$qt/Qt/plugins/platforms/libqxcb.so" "$qt"/Qt/lib/libQt6Widgets.so.6 "$qt"/Qt/lib/libQt6Svg.so.6 \
        | awk '/not found/ {print $1}' | sort -u)
    for library in $missing; do package_of "$library"; done
    find /usr/share/fonts /usr/local/share/fonts -name '*.[ot]tf' 2>/dev/null | grep -q . || echo fonts-dejavu-core
}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    say "Python 3.11 or newer is needed; $python is $("$python" --version 2>&1)."
    exit 1
}
"$python" -c 'import ensurepip, venv' 2>/dev/null || need_packages python3-venv

if [ ! -x "$programs/pip" ]; then
    say "Making the virtual environment $venv"
    "$python" -m venv "$venv"
fi
say "Installing the libraries of $lock"
"$programs/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"

if [ "$(uname -s)" = Linux ]; then
    # A library can hide others that are missing behind it: until nothing is.
    before=""
    while packages=$(qt_packages | sort -u) && [ -n "$packages" ]; do
        [ "$packages" != "$before" ] || { say "Still missing after their installation: $packages"; exit 1; }
        before=$packages
        # shellcheck disable=SC2086 # one word a package
        need_packages $packages
    done
    if [ "$purpose" = package ]; then
        packages=""
        command -v objdump >/dev/null 2>&1 || packages="$packages binutils"
        # The system's own Python has its library in a package apart; the program brings that library along.
        if [ "$("$python" -c 'import sys; print(sys.base_prefix)')" = /usr ]; then
            "$python" -c 'import ctypes, sysconfig; ctypes.CDLL(sysconfig.get_config_var("INSTSONAME"))' 2>/dev/null ||
                packages="$packages libpython$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
        fi
        # shellcheck disable=SC2086
        need_packages $packages
    fi
    if [ "$purpose" = test ]; then
        packages=""
        command -v dbus-run-session >/dev/null 2>&1 || packages="$packages dbus"
        command -v curl >/dev/null 2>&1 || packages="$packages curl"
        command -v gnome-keyring-daemon >/dev/null 2>&1 || packages="$packages gnome-keyring"
        # shellcheck disable=SC2086
        need_packages $packages
    fi
fi
