"""Windows: the programs' version resource, their signature, and the installer.

Sources: Microsoft's documents (VERSIONINFO resource, SignTool); Inno Setup's help (Command Line Compiler Execution).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from packaging.version import Version

from steps import build_config

WINDOW = build_config.TITLE
"""Name of the program for the desktop; trackly-desktop.exe is for terminals."""
SCRIPT = build_config.PACKAGING / "windows" / "trackly-desktop.iss"
TIMESTAMPS = "http://timestamp.digicert.com"
"""Time stamp authority (RFC 3161); its answers are signed, so http is safe."""


def version_resource() -> str:
    """Write the version resource for PyInstaller; return its path."""
    numbers = (*Version(build_config.VERSION).release, 0, 0, 0)[:4]
    strings = {
        "CompanyName": build_config.PUBLISHER, "FileDescription": build_config.TITLE, "FileVersion": build_config.VERSION,
        "InternalName": build_config.NAME, "LegalCopyright": f"Copyright {build_config.PUBLISHER}",
        "OriginalFilename": f"{WINDOW}.exe", "ProductName": build_config.TITLE, "ProductVersion": build_config.VERSION,
    }  # fmt: skip
    structs = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in strings.items())
    path = build_config.BUILD / "version-resource.txt"
    path.write_text(
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}), kids=[\n"
        f"  StringFileInfo([StringTable('040904B0', [{structs}])]),\n"
        "  VarFileInfo([VarStruct('Translation', [1033, 1200])]),\n])\n",
        "utf-8",
    )
    return str(path)


def make_downloads() -> list[Path]:
    """Make the installer; sign it and the programs where a certificate is named."""
    folder = build_config.DIST / build_config.NAME
    installer = build_config.download_path("-setup.exe")
    for command in commands(folder, installer, os.environ):
        build_config.run(*command)
    return [installer]


def commands(folder: Path, installer: Path, environment: Mapping[str, str]) -> list[list[str]]:
    """Return the commands that make the installer, in order."""
    compiler = _tool("ISCC", r"C:\Program Files (x86)\Inno Setup 6", "ISCC.exe")
    compile_ = [
        compiler, "/Q", f"/DVersion={build_config.VERSION}", f"/DFolder={folder}",
        f"/DIcon={build_config.BUILD / (build_config.NAME + '.ico')}",
        f"/O{installer.parent}", f"/F{installer.stem}",
    ]  # fmt: skip
    thumbprint = environment.get(build_config.SIGNED_ON_WINDOWS, "")
    if not thumbprint:
        return [[*compile_, str(SCRIPT)]]
    sign = _sign(thumbprint, environment.get("TIMESTAMP_ADDRESS", "") or TIMESTAMPS)
    # $q and $f are Inno Setup's for a quotation mark and the file; it signs its own uninstaller by them too.
    sign_tool = " ".join(f"$q{word}$q" if " " in word else word for word in sign) + " $f"
    programs = [str(folder / f"{name}.exe") for name in (WINDOW, build_config.NAME)]
    return [[*sign, *programs], [*compile_, "/DSigned", f"/Ssign={sign_tool}", str(SCRIPT)]]


def _sign(thumbprint: str, timestamps: str) -> list[str]:
    """Return signtool's command without files; the certificate is in the user's store."""
    tool = _tool("signtool", r"C:\Program Files (x86)\Windows Kits\10\bin", r"10.*\x64\signtool.exe")
    return [tool, "sign", "/sha1", thumbprint, "/fd", "sha256", "/tr", timestamps, "/td", "sha256"]


def _tool(name: str, folder: str, pattern: str) -> str:
    """Return a tool's path: on PATH, else the newest version below `folder`."""
    on_path = shutil.which(name)
    if on_path:
        return on_path
    return str(max(Path(folder).glob(pattern), default=Path(folder) / pattern))
