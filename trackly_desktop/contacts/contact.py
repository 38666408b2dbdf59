"""One contact as the API takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from trackly_desktop.contacts.fields import DEFAULTS, CustomValue

if TYPE_CHECKING:
    import json


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact to send: an attribute for each body field, empty where not set."""

    phone_number: str
    list_number: str
    use_journeys: bool = False
    skip_journey_if_exists: bool = True
    signup_date: str = ""
    ip_address: str = ""
    url: str = ""
    custom_fields: Mapping[str, CustomValue] = field(default_factory=dict)
    override_custom_fields: bool = False
    ad_network_source: str = ""
    ad_network_id: str = ""

    @property
    def idempotent(self) -> bool:
        """Whether sending it twice leaves what sending it once leaves.

        Only welcome journeys that are forced on people who are on the list already are not idempotent.
        """
        return not self.use_journeys or self.skip_journey_if_exists

    def body(self) -> dict[str, object]:
        """Return the request's JSON object.

        Empty values and defaults are left out: an empty string could overwrite a value.
        """
        fields: dict[str, object] = {}
        for name, default in DEFAULTS:
            value = getattr(self, name)
            if value != default and value != "" and value != {}:
                fields[name] = value
        if "custom_fields" in fields:
            fields["custom_fields"] = dict(self.custom_fields)
        return fields

    def to_json(self) -> str:
        """Return the request's body."""
        return encode_body(self.body())


def encode_body(fields: Mapping[str, object]) -> str:
    """Return a request's body: compact JSON without NaN or infinity."""
    return _encoder().encode(fields)


@cache
def _encoder() -> json.JSONEncoder:
    import json  # the first window does not need it

    return json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
