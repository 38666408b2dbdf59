"""The bill of materials and the checksums: right by CycloneDX's own schema, and the same each time."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import build
from steps import bundle_contents, sbom
from trackly_desktop.system.third_party_licenses import License

DATE_TIME = 1_700_000_000


@pytest.fixture(scope="module")
def parts() -> list[bundle_contents.Component]:
    qt = bundle_contents.PySide6.__file__
    httpx = metadata.distribution("httpx").locate_file("httpx/__init__.py")
    return bundle_contents.components([("PySide6", qt, "PYMODULE"), ("httpx", str(httpx), "PYMODULE")])


def test_it_is_right_by_cyclonedxs_schema(tmp_path: Path, parts: list[bundle_contents.Component]) -> None:
    text = sbom.write_bill(tmp_path / "bill.json", parts, DATE_TIME).read_text("utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_it_lists_each_part_with_its_version_and_licence(
    tmp_path: Path, parts: list[bundle_contents.Component]
) -> None:
    said = json.loads(sbom.write_bill(tmp_path / "bill.json", parts, DATE_TIME).read_text("utf-8"))
    listed = {one["name"]: one for one in said["components"]}
    assert {"PySide6_Essentials", "httpx", "Python", "Qt", "pyinstaller"} <= set(listed)
    assert listed["httpx"]["purl"] == f"pkg:pypi/httpx@{metadata.version('httpx')}"
    assert listed["Qt"]["licenses"] == [{"license": {"id": "LGPL-3.0-only"}}]
    assert said["metadata"]["timestamp"] == "2023-11-14T22:13:20+00:00"
    [program] = [one for one in said["dependencies"] if one["ref"] == "trackly-desktop"]
    assert len(program["dependsOn"]) == len(listed)


def test_the_same_parts_make_the_same_bill_to_the_byte(tmp_path: Path, parts: list[bundle_contents.Component]) -> None:
    first, second = (
        sbom.write_bill(tmp_path / name, some, DATE_TIME)
        for name, some in (("one", parts), ("other", [*reversed(parts)]))
    )
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.skipif(
    shutil.which("dpkg-query") is None, reason="only Debian's kind of system is asked whose a library is"
)
def test_a_library_of_the_systems_is_named_with_its_package_and_terms() -> None:
    [library, *_] = [*Path("/usr/lib").glob("*/libz.so.1"), *Path("/lib").glob("*/libz.so.1")]
    owner = bundle_contents._owner(library)
    assert owner is not None
    assert owner.purl.startswith("pkg:deb/debian/zlib@")
    assert "Mark Adler" in owner.notice.text


@pytest.mark.skipif(
    not bundle_contents._COMMON.is_dir(), reason="only Debian's kind of system keeps licences in one place"
)
def test_a_licence_that_a_package_only_points_at_is_brought_along_once() -> None:
    text = "On Debian systems the text is in /usr/share/common-licenses/GPL-2. Also /usr/share/common-licenses/GPL-2"
    pointing = bundle_contents.Component(License("one", "1", "GPL-2", text), "pkg:deb/debian/one@1")
    [brought] = bundle_contents.texts_pointed_at([pointing, pointing])
    assert (brought.name, brought.licence) == ("Text of GPL-2", "GPL-2")
    assert "Version 2, June 1991" in brought.text


def test_a_file_whose_owner_is_not_known_is_said_to_be_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stranger = tmp_path / "libstranger.so.1"
    stranger.touch()
    owner = bundle_contents._owner(stranger)
    assert owner is not None
    assert owner.notice == License("libstranger.so.1", "", "unknown", owner.notice.text)
    assert "libstranger.so.1" in capsys.readouterr().out


def test_checksums_are_as_sha256sum_reads_them(tmp_path: Path) -> None:
    for name in ("b.deb", "a.tar.xz"):
        (tmp_path / name).write_bytes(name.encode())
    listed = tmp_path / "all.sha256"
    build.write_checksums([tmp_path / "b.deb", tmp_path / "a.tar.xz"], listed)
    assert listed.read_text("utf-8").splitlines()[0] == f"{hashlib.sha256(b'a.tar.xz').hexdigest()}  a.tar.xz"
    subprocess.run(["sha256sum", "--strict", "-c", listed.name], cwd=tmp_path, check=True, capture_output=True)


def test_a_package_over_its_bound_fails_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "x.deb").write_bytes(b"x" * 2_000_000)
    assert build.tell_sizes(tmp_path / "folder", [tmp_path / "x.deb"]) == 0
    monkeypatch.setattr(build, "MOST_DOWNLOADED", 1)
    assert build.tell_sizes(tmp_path / "folder", [tmp_path / "x.deb"]) == 1
