"""macOS: the Info.plist, and the disk image with signature and notarization.

Sources, Apple's documents: Information Property List; Hardened Runtime; Customizing the notarization workflow.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from steps import build_config

APP = f"{build_config.TITLE}.app"
MINIMUM_SYSTEM = "13.0"
"""That of PySide6's wheel (its tag: macosx_13_0)."""
ENTITLEMENTS = build_config.PACKAGING / "macos" / "entitlements.plist"
NOTARY_VARIABLES = ("NOTARY_KEY_FILE", "NOTARY_KEY_ID", "NOTARY_ISSUER")
"""notarytool's environment variables: an API key's file (.p8), its ID, its issuer."""

_SUFFIXES_WITHOUT_TYPE = ("xlsb", "tab")
"""Suffixes for which macOS declares no type of its own."""
_DOCUMENT_TYPES = (
    ("Comma-separated table", ("public.comma-separated-values-text", "public.tab-separated-values-text", "public.plain-text")),
    (
        "Workbook",
        (
            "org.openxmlformats.spreadsheetml.sheet", "org.openxmlformats.spreadsheetml.sheet.macroenabled",
            "com.microsoft.excel.xls", "org.oasis-open.opendocument.spreadsheet",
        ),
    ),
)  # fmt: skip


def info_plist() -> dict[str, Any]:
    """Return the .app's Info.plist.

    Its rank as a viewer of tables is Alternate: it is never made the default for a file type.
    """
    return {
        "CFBundleName": build_config.TITLE,
        "CFBundleDisplayName": build_config.TITLE,
        "CFBundleShortVersionString": build_config.VERSION,
        "CFBundleVersion": build_config.VERSION,
        "LSMinimumSystemVersion": MINIMUM_SYSTEM,
        "LSApplicationCategoryType": "public.app-category.business",
        "NSHighResolutionCapable": True,
        "NSSupportsAutomaticGraphicsSwitching": True,
        "NSHumanReadableCopyright": f"Copyright {build_config.PUBLISHER}",
        "CFBundleDocumentTypes": [
            *(_document(name, {"LSItemContentTypes": list(kinds)}) for name, kinds in _DOCUMENT_TYPES),
            _document("Table", {"CFBundleTypeExtensions": list(_SUFFIXES_WITHOUT_TYPE)}),
        ],
    }


def _document(name: str, types: dict[str, list[str]]) -> dict[str, Any]:
    return {"CFBundleTypeName": name, "CFBundleTypeRole": "Viewer", "LSHandlerRank": "Alternate", **types}


def make_downloads() -> list[Path]:
    """Make the disk image, signed and notarized where the environment says how.

    PyInstaller has signed the contents of the .app.
    """
    app = build_config.DIST / APP
    staged = build_config.BUILD / "image"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    build_config.run("ditto", str(app), str(staged / APP))
    (staged / "Applications").symlink_to("/Applications")
    image = build_config.download_path(".dmg")
    for command in commands(image, staged, os.environ):
        build_config.run(*command)
    return [image]


def commands(image: Path, staged: Path, environment: Mapping[str, str]) -> list[list[str]]:
    """Return the commands that make the image, in order."""
    steps = [
        ["codesign", "--verify", "--deep", "--strict", str(staged / APP)],
        [
            "hdiutil", "create", "-volname", build_config.TITLE, "-srcfolder", str(staged), "-ov", "-format", "ULMO",
            str(image),
        ],
    ]  # fmt: skip
    identity = environment.get(build_config.SIGNED_ON_MACOS, "")
    if not identity:
        return steps
    steps.append(["codesign", "--sign", identity, "--timestamp", str(image)])
    key, key_id, issuer = (environment.get(name, "") for name in NOTARY_VARIABLES)
    if key and key_id and issuer:
        credentials = ["--key", key, "--key-id", key_id, "--issuer", issuer]
        steps += [
            ["xcrun", "notarytool", "submit", str(image), *credentials, "--wait"],
            ["xcrun", "stapler", "staple", str(image)],
            ["spctl", "--assess", "--type", "open", "--context", "context:primary-signature", str(image)],
        ]
    return steps
