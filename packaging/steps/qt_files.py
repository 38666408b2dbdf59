"""Which of Qt goes into the package: what a window of Qt Widgets loads, and what that is linked with. The rest stays out.

PyInstaller's hooks collect whole folders of plugins, and the libraries that these need: twice of what is used here.
"""

from __future__ import annotations

LIBRARIES = ("Core", "Gui", "Widgets", "Svg", "Test", "DBus", "XcbQpa", "WaylandClient")
"""Test is the self-test's; DBus is what Gui is linked with on Linux and macOS."""
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
"""The style is Fusion, which is in Widgets itself."""

_FOLDERS_LEFT = ("translations", "qml", "metatypes")
_FILES_LEFT = (
    "opengl32sw", "pyside6qml", "libpyside6qml",
    # Of Qt's GTK theme, which is not taken along: the program has a look of its own.
    "libgtk-3", "libgdk-3", "libgdk_pixbuf", "libepoxy", "libcairo", "libpango", "libharfbuzz", "libatk", "libatspi",
    "libfribidi", "libthai", "libdatrie", "libgraphite2", "libpixman", "libXcomposite", "libXdamage", "libXinerama",
    "libXcursor", "libwayland-egl", "libgio-2.0", "libgmodule", "libmount", "libblkid", "libselinux", "libpcre2-16",
    "libgobject-2.0", "libXi.", "libXrandr", "libXfixes", "libXdmcp", "libXau",
    # Of QtNetwork, and of plugins that are left out.
    "libgssapi_krb5", "libkrb5", "libk5crypto", "libkeyutils", "libcom_err", "libjpeg", "libxcb-glx",
)  # fmt: skip

_OF_THE_INSTALLATION = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
"""How a library came into the environment of the build, which is of no use elsewhere and differs from place to place."""


def is_kept(name: str) -> bool:
    """Whether a file goes into the package; `name` is its place in it."""
    parts = name.replace("\\", "/").split("/")
    file = parts[-1]
    if any(one in _FOLDERS_LEFT for one in parts[:-1]) or file.startswith(_FILES_LEFT):
        return False
    if parts[0].endswith(".dist-info") and file in _OF_THE_INSTALLATION:
        return False
    frameworks = [one for one in parts if one.startswith("Qt") and one.endswith(".framework")]
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
