"""What values look like before they are parsed: phone numbers, dates, addresses."""

from __future__ import annotations

import re

_PHONE = re.compile(r"(?:'|p:|tel:|whatsapp:)?\+?\(?\d[\d\s().\-/–‐‑·]{5,}\d(?:\s*(?:x|ext\.?)\s*\d+)?$", re.IGNORECASE)
DATE = re.compile(r"\d{1,4}[./\-]\d{1,2}[./\-]\d{1,4}(?:[T ,].*)?$")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.\w+$|https?://|\d{1,3}(?:\.\d{1,3}){3}$")


def looks_like_phone(cell: str) -> bool:
    """Whether a cell looks like a phone number: 7 digits and separators."""
    text = cell.strip().strip("\u202a\u202c\u200e\u200f\u00a0")
    if not _PHONE.match(text) or DATE.match(text) or ADDRESS.match(text):
        return False
    return 7 <= sum(sign.isdigit() for sign in text) <= 20
