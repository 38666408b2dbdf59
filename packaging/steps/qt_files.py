"""Selection of Qt's files for the package: those that Qt Widgets loads and links.

PyInstaller's hooks collect whole folders of plugins with their libraries: twice the size of the files in use.
"""

from __future__ import annotations

LIBRARIES = ("Core", "Gui", "Widgets", "Svg", "Test", "DBus", "XcbQpa", "WaylandClient")
"""The self-test uses Test; Gui is linked with DBus on Linux and macOS."""
MODULES = ("QtCore", "QtGui", "QtWidgets", "QtSvg", "QtTest", "QtDBus")
PLUGINS = {
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "platformthemes": ("qxdgdesktopportal",),
    "iconengines": ("qsvgicon",),
    "imageformats": ("qsvg", "qico"),
    "wayland-shell-integration": ("xdg-shell",),
    "wayland-decoration-client": ("adwaita", "bradient"),
}
"""No style plugin: Fusion is part of Widgets."""

_EXCLUDED_FOLDERS = ("translations", "qml", "metatypes")
_EXCLUDED_FILES = (
    "opengl32sw", "pyside6qml", "libpyside6qml",
    # Used by Qt's GTK theme, which is excluded: the program has its own style.
    "libgtk-3", "libgdk-3", "libgdk_pixbuf", "libepoxy", "libcairo", "libpango", "libharfbuzz", "libatk", "libatspi",
    "libfribidi", "libthai", "libdatrie", "libgraphite2", "libpixman", "libXcomposite", "libXdamage", "libXinerama",
    "libXcursor", "libwayland-egl", "libgio-2.0", "libgmodule", "libmount", "libblkid", "libselinux", "libpcre2-16",
    "libgobject-2.0", "libXi.", "libXrandr", "libXfixes", "libXdmcp", "libXau",
    # Used by QtNetwork, and by plugins that are excluded.
    "libgssapi_krb5", "libkrb5", "libk5crypto", "libkeyutils", "libcom_err", "libjpeg", "libxcb-glx",
)  # fmt: skip

_INSTALLATION_RECORDS = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
"""Files of a .dist-info folder that differ between build environments."""


def is_included(name: str) -> bool:
    """Return whether a file goes into the package; `name` is its path in the package."""
    parts = name.replace("\\", "/").split("/")
    file = parts[-1]
    if any(part in _EXCLUDED_FOLDERS for part in parts[:-1]) or file.startswith(_EXCLUDED_FILES):
        return False
    if parts[0].endswith(".dist-info") and file in _INSTALLATION_RECORDS:
        return False
    frameworks = [part for part in parts if part.startswith("Qt") and part.endswith(".framework")]
    if frameworks:
        return frameworks[0].removeprefix("Qt").removesuffix(".framework") in LIBRARIES
    if "plugins" in parts[:-1] and "PySide6" in parts:
        return _stem(file) in PLUGINS.get(parts[parts.index("plugins") + 1], ())
    if file.startswith(("libQt6", "Qt6")):
        return _stem(file).removeprefix("Qt6") in LIBRARIES
    if parts[:-1] == ["PySide6"] and file.startswith("Qt"):
        return _stem(file) in MODULES
    return True


def _stem(file: str) -> str:
    return file.split(".")[0].removeprefix("lib")
