"""Software bill of materials (SBOM): CycloneDX 1.6 in JSON, reproducible."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component as BomComponent
from cyclonedx.model.component import ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from steps import build_config
from steps.bundle_contents import Component

NAME = "bill-of-materials.cdx.json"


def write_bill(path: Path, components: Iterable[Component], date: int) -> Path:
    """Write the bill, dated `date` in Unix seconds; return its path."""
    program = BomComponent(
        name=build_config.NAME, version=build_config.VERSION, type=ComponentType.APPLICATION, bom_ref=build_config.NAME,
        purl=PackageURL("generic", name=build_config.NAME, version=build_config.VERSION),
    )  # fmt: skip
    parts = [_bom_component(component) for component in components]
    seed = "\n".join(sorted(str(part.purl) for part in (program, *parts)))
    bill = Bom(
        components=parts,
        metadata=BomMetaData(component=program, timestamp=datetime.fromtimestamp(date, UTC)),
        serial_number=uuid.UUID(bytes=hashlib.sha256(seed.encode()).digest()[:16], version=4),
    )
    bill.register_dependency(program, parts)
    path.write_text(JsonV1Dot6(bill).output_as_string(indent=1) + "\n", "utf-8")
    return path


def _bom_component(component: Component) -> BomComponent:
    return BomComponent(
        name=component.license.name,
        version=component.license.version,
        type=ComponentType.LIBRARY,
        bom_ref=component.purl,
        purl=PackageURL.from_string(component.purl),
        licenses=[LicenseFactory().make_from_string(component.license.license)],
    )
