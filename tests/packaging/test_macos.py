"""macOS: Info.plist, entitlements, and the commands for the disk image."""

from __future__ import annotations

import plistlib
from pathlib import Path

from steps import build_config, macos
from trackly_desktop.gui import file_dialogs

SIGNED = {build_config.SIGNED_ON_MACOS: "Developer ID Application: Trackly"}
NOTARIZED = SIGNED | {"NOTARY_KEY_FILE": "/tmp/key.p8", "NOTARY_KEY_ID": "K1", "NOTARY_ISSUER": "I1"}
SUFFIX_OF = {
    "public.comma-separated-values-text": ("csv",),
    "public.tab-separated-values-text": ("tsv",),
    "public.plain-text": ("txt",),
    "org.openxmlformats.spreadsheetml.sheet": ("xlsx",),
    "org.openxmlformats.spreadsheetml.sheet.macroenabled": ("xlsm",),
    "com.microsoft.excel.xls": ("xls",),
    "org.oasis-open.opendocument.spreadsheet": ("ods",),
}


def commands(environment: dict[str, str]) -> list[list[str]]:
    return macos.commands(Path("dist/x.dmg"), Path("build/image"), environment)


def test_the_app_says_what_apple_requires() -> None:
    plist = plistlib.loads(plistlib.dumps(macos.info_plist()))
    for key in (
        "CFBundleName", "CFBundleDisplayName", "CFBundleShortVersionString", "CFBundleVersion", "LSMinimumSystemVersion",
        "NSHighResolutionCapable", "LSApplicationCategoryType", "CFBundleDocumentTypes",
    ):  # fmt: skip
        assert plist[key]
    assert plist["NSHighResolutionCapable"] is True


def test_it_offers_to_open_every_table_and_takes_none_over() -> None:
    types = macos.info_plist()["CFBundleDocumentTypes"]
    assert {type_["LSHandlerRank"] for type_ in types} == {"Alternate"}
    offered = {suffix for type_ in types for suffix in type_.get("CFBundleTypeExtensions", ())}
    offered |= {suffix for type_ in types for uti in type_.get("LSItemContentTypes", ()) for suffix in SUFFIX_OF[uti]}
    assert offered == {suffix.removeprefix(".") for suffix in file_dialogs.SUFFIXES}


def test_the_hardened_runtime_allows_two_things_and_no_more() -> None:
    with macos.ENTITLEMENTS.open("rb") as file:
        entitlements = plistlib.load(file)
    assert entitlements == {
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
        "com.apple.security.cs.disable-library-validation": True,
    }


def test_without_a_certificate_the_image_is_made_all_the_same() -> None:
    assert [command[0] for command in commands({})] == ["codesign", "hdiutil"]


def test_with_a_certificate_the_image_is_signed() -> None:
    assert commands(SIGNED)[2][:3] == ["codesign", "--sign", "Developer ID Application: Trackly"]


def test_apple_notarizes_what_is_signed_and_its_ticket_is_stapled() -> None:
    tools = [command[:2] for command in commands(NOTARIZED)[3:]]
    assert tools == [["xcrun", "notarytool"], ["xcrun", "stapler"], ["spctl", "--assess"]]
    assert "--wait" in commands(NOTARIZED)[3]


def test_nothing_unsigned_is_sent_to_apple() -> None:
    unsigned = {name: value for name, value in NOTARIZED.items() if name != build_config.SIGNED_ON_MACOS}
    assert commands(unsigned) == commands({})
