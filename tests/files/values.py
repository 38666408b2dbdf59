"""Values and columns as real exports have them, with the reading that is right."""

from __future__ import annotations

VALUES: list = []
COLUMNS: list = []
