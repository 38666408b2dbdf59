"""The bill of materials: everything in the package, as CycloneDX 1.6 in JSON. The same build writes the same bill."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component as Part
from cyclonedx.model.component import ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from steps import build_config
from steps.bundle_contents import Component

NAME = "bill-of-materials.cdx.json"


def write_bill(path: Path, found: Iterable[Component], moment: int) -> Path:
    """Writes it. `moment` is in seconds since 1970."""
    program = Part(
        name=build_config.NAME, version=build_config.VERSION, type=ComponentType.APPLICATION, bom_ref=build_config.NAME,
        purl=PackageURL("generic", name=build_config.NAME, version=build_config.VERSION),
    )  # fmt: skip
    parts = [_part(one) for one in found]
    seed = "\n".join(sorted(str(one.purl) for one in (program, *parts)))
    bill = Bom(
        components=parts,
        metadata=BomMetaData(component=program, timestamp=datetime.fromtimestamp(moment, UTC)),
        serial_number=uuid.UUID(bytes=hashlib.sha256(seed.encode()).digest()[:16], version=4),
    )
    bill.register_dependency(program, parts)
    path.write_text(JsonV1Dot6(bill).output_as_string(indent=1) + "\n", "utf-8")
    return path


def _part(one: Component) -> Part:
    licences = LicenseFactory()
    return Part(
        name=one.notice.name,
        version=one.notice.version,
        type=ComponentType.LIBRARY,
        bom_ref=one.purl,
        purl=PackageURL.from_string(one.purl),
        licenses=[licences.make_from_string(one.notice.licence)],
    )
