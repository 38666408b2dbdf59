"""Retry policies for tests: the rules of the default one, with shorter delays."""

from __future__ import annotations

from dataclasses import replace

from trackly_desktop.delivery.retry_policy import RetryPolicy

FAST = RetryPolicy(
    first_delay=0.01,
    after_timeout=0.05,
    before_lookup=0.05,
    between_lookups=0.05,
    after_unknown=0.05,
    journal_retry=0.05,
)
"""Hundredths of seconds in place of seconds."""

UNBUDGETED = replace(FAST, free_retries=1_000_000, max_delay=0.05, max_probe_delay=0.05)
"""For servers that fail often: the retry budget would make them wait for minutes."""
