"""Windows: what the programs say of themselves, their signature, and the installer that people download.

Microsoft's documents: VERSIONINFO resource, SignTool. Inno Setup's help: Command Line Compiler Execution.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from steps import build_config

WINDOW = build_config.TITLE
"""The program that is double-clicked; trackly-desktop.exe beside it is the one for a terminal."""
SCRIPT = build_config.PACKAGING / "windows" / "trackly-desktop.iss"
TIMESTAMPS = "http://timestamp.digicert.com"
"""RFC 3161; it signs the moment with its own key, so that plain http does no harm."""


def version_resource() -> str:
    """The path of what PyInstaller puts into the programs' details."""
    numbers = (*map(int, build_config.VERSION.split(".")), 0)[:4]
    said = {
        "CompanyName": build_config.PUBLISHER, "FileDescription": build_config.TITLE, "FileVersion": build_config.VERSION,
        "InternalName": build_config.NAME, "LegalCopyright": f"Copyright {build_config.PUBLISHER}",
        "OriginalFilename": f"{WINDOW}.exe", "ProductName": build_config.TITLE, "ProductVersion": build_config.VERSION,
    }  # fmt: skip
    strings = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in said.items())
    path = build_config.BUILD / "version-resource.txt"
    path.write_text(
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}), kids=[\n"
        f"  StringFileInfo([StringTable('040904B0', [{strings}])]),\n"
        "  VarFileInfo([VarStruct('Translation', [1033, 1200])]),\n])\n",
        "utf-8",
    )
    return str(path)


def make_downloads() -> list[Path]:
    """The installer; it and the programs signed where the surroundings say with which certificate."""
    folder = build_config.DIST / build_config.NAME
    for words in commands(folder, build_config.download("-setup.exe"), os.environ):
        build_config.run(*words)
    return [build_config.download("-setup.exe")]


def commands(folder: Path, installer: Path, surroundings: Mapping[str, str]) -> list[list[str]]:
    """What is run for the installer, in order."""
    compiler = _tool("ISCC", r"C:\Program Files (x86)\Inno Setup 6", "ISCC.exe")
    compile_ = [
        compiler, "/Q", f"/DVersion={build_config.VERSION}", f"/DFolder={folder}",
        f"/DIcon={build_config.BUILD / (build_config.NAME + '.ico')}",
        f"/O{installer.parent}", f"/F{installer.stem}",
    ]  # fmt: skip
    thumbprint = surroundings.get(build_config.SIGNED_ON_WINDOWS, "")
    if not thumbprint:
        return [[*compile_, str(SCRIPT)]]
    sign = _sign(thumbprint, surroundings.get("TIMESTAMP_ADDRESS", "") or TIMESTAMPS)
    # $q and $f are Inno Setup's for a quotation mark and the file; it signs its own uninstaller with them too.
    said = " ".join(f"$q{one}$q" if " " in one else one for one in sign) + " $f"
    programs = [str(folder / f"{name}.exe") for name in (WINDOW, build_config.NAME)]
    return [[*sign, *programs], [*compile_, "/DSigned", f"/Ssign={said}", str(SCRIPT)]]


def _sign(thumbprint: str, timestamps: str) -> list[str]:
    """By a certificate in the person's own store: neither a file nor a password is named."""
    tool = _tool("signtool", r"C:\Program Files (x86)\Windows Kits\10\bin", r"10.*\x64\signtool.exe")
    return [tool, "sign", "/sha1", thumbprint, "/fd", "sha256", "/tr", timestamps, "/td", "sha256"]


def _tool(name: str, folder: str, pattern: str) -> str:
    """A tool on the path, or where its maker's installer puts it; the newest of several."""
    found = shutil.which(name)
    if found:
        return found
    return str(max(Path(folder).glob(pattern), default=Path(folder) / pattern))
