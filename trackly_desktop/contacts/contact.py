"""One contact as the API takes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from trackly_desktop.contacts.fields import DEFAULTS, CustomValue


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact as it is sent: an attribute for each body field, empty where nothing is said."""

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
        """Sending it twice leaves what sending it once leaves: all but a forced second welcome journey."""
        return not self.use_journeys or self.skip_journey_if_exists

    def body(self) -> dict[str, object]:
        """The request's JSON object. What is empty or the default is left out: an empty string could overwrite."""
        said: dict[str, object] = {}
        for name, default in DEFAULTS:
            value = getattr(self, name)
            if value != default and value != "" and value != {}:
                said[name] = value
        if "custom_fields" in said:
            said["custom_fields"] = dict(self.custom_fields)
        return said

    def to_json(self) -> str:
        """The request's body."""
        return _encoder().encode(self.body())


@cache
def _encoder() -> json.JSONEncoder:
    import json  # the first window does not wait for it

    return json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
