"""macOS: the .app's own facts, its signature, Apple's notarising, and the disk image that people download.

Apple's documents: Information Property List; Hardened Runtime; Customizing the notarization workflow.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from steps import build_config

APP = f"{build_config.TITLE}.app"
LEAST_SYSTEM = "13.0"
"""That of PySide6's wheel (its tag: macosx_13_0)."""
ENTITLEMENTS = build_config.PACKAGING / "macos" / "entitlements.plist"
NOTARISED = ("NOTARY_KEY_FILE", "NOTARY_KEY_ID", "NOTARY_ISSUER")
"""Variables of the surroundings that notarytool needs: an App Store Connect key's file (.p8), its ID, its issuer."""

_WITHOUT_A_TYPE = ("xlsb", "tab")
"""Suffixes for which macOS declares no type of its own."""
_TYPES = (
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
    """What the .app says of itself. It offers to open tables and takes no kind of file over (rank Alternate)."""
    return {
        "CFBundleName": build_config.TITLE,
        "CFBundleDisplayName": build_config.TITLE,
        "CFBundleShortVersionString": build_config.VERSION,
        "CFBundleVersion": build_config.VERSION,
        "LSMinimumSystemVersion": LEAST_SYSTEM,
        "LSApplicationCategoryType": "public.app-category.business",
        "NSHighResolutionCapable": True,
        "NSSupportsAutomaticGraphicsSwitching": True,
        "NSHumanReadableCopyright": f"Copyright {build_config.PUBLISHER}",
        "CFBundleDocumentTypes": [
            *(_document(name, {"LSItemContentTypes": list(kinds)}) for name, kinds in _TYPES),
            _document("Table", {"CFBundleTypeExtensions": list(_WITHOUT_A_TYPE)}),
        ],
    }


def _document(name: str, which: dict[str, list[str]]) -> dict[str, Any]:
    return {"CFBundleTypeName": name, "CFBundleTypeRole": "Viewer", "LSHandlerRank": "Alternate", **which}


def make_downloads() -> list[Path]:
    """The disk image; signed and notarised where the surroundings say how. PyInstaller has signed what is in the .app."""
    app = build_config.DIST / APP
    staged = build_config.BUILD / "image"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    build_config.run("ditto", str(app), str(staged / APP))
    (staged / "Applications").symlink_to("/Applications")
    image = build_config.download(".dmg")
    for words in commands(image, staged, os.environ):
        build_config.run(*words)
    return [image]


def commands(image: Path, staged: Path, surroundings: Mapping[str, str]) -> list[list[str]]:
    """What is run for the image, in order."""
    wanted = [
        ["codesign", "--verify", "--deep", "--strict", str(staged / APP)],
        [
            "hdiutil",
            "create",
            "-volname",
            build_config.TITLE,
            "-srcfolder",
            str(staged),
            "-ov",
            "-format",
            "ULMO",
            str(image),
        ],
    ]
    identity = surroundings.get(build_config.SIGNED_ON_MACOS, "")
    if not identity:
        return wanted
    wanted.append(["codesign", "--sign", identity, "--timestamp", str(image)])
    key, number, issuer = (surroundings.get(name, "") for name in NOTARISED)
    if key and number and issuer:
        who = ["--key", key, "--key-id", number, "--issuer", issuer]
        wanted += [
            ["xcrun", "notarytool", "submit", str(image), *who, "--wait"],
            ["xcrun", "stapler", "staple", str(image)],
            ["spctl", "--assess", "--type", "open", "--context", "context:primary-signature", str(image)],
        ]
    return wanted
