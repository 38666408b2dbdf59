"""Bill of materials (valid by CycloneDX's schema), checksums, limits of size."""

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

BUILD_DATE = 1_700_000_000


@pytest.fixture(scope="module")
def parts() -> list[bundle_contents.Component]:
    qt = metadata.distribution("PySide6_Essentials").locate_file("PySide6/__init__.py")
    httpx = metadata.distribution("httpx").locate_file("httpx/__init__.py")
    return bundle_contents.components([("PySide6", str(qt), "PYMODULE"), ("httpx", str(httpx), "PYMODULE")])


def test_it_is_right_by_cyclonedxs_schema(tmp_path: Path, parts: list[bundle_contents.Component]) -> None:
    text = sbom.write_bill(tmp_path / "bill.json", parts, BUILD_DATE).read_text("utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_it_lists_each_part_with_its_version_and_license(
    tmp_path: Path, parts: list[bundle_contents.Component]
) -> None:
    bill = json.loads(sbom.write_bill(tmp_path / "bill.json", parts, BUILD_DATE).read_text("utf-8"))
    listed = {component["name"]: component for component in bill["components"]}
    assert {"PySide6_Essentials", "httpx", "Python", "Qt", "pyinstaller"} <= set(listed)
    assert listed["httpx"]["purl"] == f"pkg:pypi/httpx@{metadata.version('httpx')}"
    assert listed["Qt"]["licenses"] == [{"license": {"id": "LGPL-3.0-only"}}]
    assert bill["metadata"]["timestamp"] == "2023-11-14T22:13:20+00:00"
    [program] = [entry for entry in bill["dependencies"] if entry["ref"] == "trackly-desktop"]
    assert len(program["dependsOn"]) == len(listed)


def test_the_same_parts_make_the_same_bill_to_the_byte(tmp_path: Path, parts: list[bundle_contents.Component]) -> None:
    first, second = (
        sbom.write_bill(tmp_path / name, order, BUILD_DATE)
        for name, order in (("first", parts), ("second", [*reversed(parts)]))
    )
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="dpkg-query is on Debian's kind of system alone")
def test_a_library_of_the_systems_is_named_with_its_package_and_terms() -> None:
    [library, *_] = [*Path("/usr/lib").glob("*/libz.so.1"), *Path("/lib").glob("*/libz.so.1")]
    component = bundle_contents._component_of(library)
    assert component is not None
    assert component.purl.startswith("pkg:deb/debian/zlib@")
    assert "Mark Adler" in component.license.text


@pytest.mark.skipif(
    not bundle_contents._COMMON_LICENSES.is_dir(), reason="only Debian's kind of system keeps licenses in one folder"
)
def test_a_license_that_a_package_only_refers_to_is_included_once() -> None:
    text = "On Debian systems the text is in /usr/share/common-licenses/GPL-2. Also /usr/share/common-licenses/GPL-2"
    component = bundle_contents.Component(License("one", "1", "GPL-2", text), "pkg:deb/debian/one@1")
    [license_] = bundle_contents.referenced_texts([component, component])
    assert (license_.name, license_.license) == ("Text of GPL-2", "GPL-2")
    assert "Version 2, June 1991" in license_.text


def test_a_file_whose_owner_is_not_known_is_said_to_be_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = tmp_path / "libstranger.so.1"
    library.touch()
    component = bundle_contents._component_of(library)
    assert component is not None
    assert component.license == License("libstranger.so.1", "", "unknown", component.license.text)
    assert "libstranger.so.1" in capsys.readouterr().out


def test_checksums_are_as_sha256sum_reads_them(tmp_path: Path) -> None:
    for name in ("b.deb", "a.tar.xz"):
        (tmp_path / name).write_bytes(name.encode())
    checksums = tmp_path / "all.sha256"
    build.write_checksums([tmp_path / "b.deb", tmp_path / "a.tar.xz"], checksums)
    assert checksums.read_text("utf-8").splitlines()[0] == f"{hashlib.sha256(b'a.tar.xz').hexdigest()}  a.tar.xz"
    subprocess.run(["sha256sum", "--strict", "-c", checksums.name], cwd=tmp_path, check=True, capture_output=True)


def test_a_package_over_its_limit_fails_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "x.deb").write_bytes(b"x" * 2_000_000)
    assert build.check_sizes(tmp_path / "folder", [tmp_path / "x.deb"]) == 0
    monkeypatch.setattr(build, "MAX_DOWNLOAD_MB", 1)
    assert build.check_sizes(tmp_path / "folder", [tmp_path / "x.deb"]) == 1
