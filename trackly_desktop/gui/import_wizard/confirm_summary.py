"""Facts of the Confirm step: the contacts, the risks, the rows left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from trackly_desktop.contacts.fields import FIELD
from trackly_desktop.contacts.issues import OWN_COLUMN_CODES, NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import formatting
from trackly_desktop.journal.import_options import AlreadyAdded
from trackly_desktop.mapping.consent_columns import is_blank

if TYPE_CHECKING:
    from trackly_desktop.service.review import Review

Fact = tuple[str, str, str]
"""An icon, its colour, and the sentence."""


def confirm_facts(review: Review, number: int, *, disables_old_journeys: bool = False) -> list[Fact]:
    """Return the facts, the most important first."""
    facts = [_journeys(review, review.with_journeys - (review.old_with_journeys if disables_old_journeys else 0))]
    if _fixed_yes(review, "override_custom_fields"):
        facts.append(("warning", "caution", "Custom fields that people have and that this file lacks are deleted"))
    if review.imported_before:
        times = formatting.count(review.imported_before, "time")
        facts.append(("warning", "caution", f"This very file was imported on this account before, {times}"))
    if len(review.lists) > 1:
        lists = ", ".join(f"{number} ({formatting.number(count)})" for number, count in review.lists[:6])
        facts.append(("info", "accent", f"The lists: {lists}"))
    facts += _held(review)
    if review.result.already_added + review.result.members:
        facts.append(_on_it(review))
    facts += _consent_facts(review)
    if left := _left_out(review):
        facts.append(("skipped", "quiet", left))
    facts.append(_consent(review, number))
    facts += _weak_evidence(review)
    facts.append(("info", "accent", "A text that is sent cannot be taken back"))
    return facts


def _journeys(review: Review, number: int) -> Fact:
    if not number:
        return "check", "good", "Nobody is texted by this import: no welcome journeys are started"
    people = formatting.count(number, "person", "people")
    if review.forced:
        return (
            "warning", "bad",
            f"Up to {people} may be texted at once by welcome journeys, also those who are on the list already:"
            " they went through them before",
        )  # fmt: skip
    return (
        "warning",
        "caution",
        f"Up to {people} may be texted at once by welcome journeys; people who are on the list already are left alone",
    )


def held_counts(review: Review) -> tuple[int, int, int]:
    """Return how many rows are held back: by file, by list, as unsubscribed."""
    by_code: Counter[NoteCode] = Counter()
    for note, rows in review.skipped.items():
        by_code[note.code] += rows
    by_file = sum(by_code[code] for code in OWN_COLUMN_CODES)
    return by_file, by_code[NoteCode.ON_SUPPRESSION_LIST], by_code[NoteCode.UNSUBSCRIBED]


def _held(review: Review) -> list[Fact]:
    """Facts about people that are held back since they must not be texted."""
    by_file, suppressed, unsubscribed = held_counts(review)
    facts: list[Fact] = []
    for count, reason in (
        (unsubscribed, "unsubscribed from this list"),
        (suppressed, "on the do-not-text list"),
        (by_file, "whose own column says no"),
    ):
        if count:
            facts.append(("check", "good", f"{formatting.count(count, 'row')} {reason}: held back"))
    if not review.unsubscribes_known:
        facts.append(
            ("unknown", "caution", "Who unsubscribed could not be checked: this account’s server does not tell")
        )
    return facts


def _on_it(review: Review) -> Fact:
    """Fact about people that are on the list already: added from here, and elsewhere."""
    parts = [(review.result.already_added, "from here"), (review.result.members, "elsewhere")]
    added = " and ".join(f"{formatting.number(count)} {where}" for count, where in parts if count)
    skips = review.request.options.already_added is AlreadyAdded.SKIP
    return "history", "accent", f"Added to the list before: {added}; they are {'left out' if skips else 'updated'}"


def _consent_facts(review: Review) -> list[Fact]:
    """Facts about the values of each consent column."""
    by_column: dict[str, list[str]] = defaultdict(list)
    unclear = set()
    for (column, value, says_no), count in review.result.consent_values:
        unsure = "not clear, sent" if is_blank(value) else "not clear, held back"
        consequence = {True: "held back", False: "may be texted", None: unsure}[says_no]
        unclear |= {column} if says_no is None else set()
        by_column[column].append(f"{f'“{value}”' if value else 'blank'} ({formatting.number(count)}) {consequence}")
    return [
        ("warning" if column in unclear else "info", "caution" if column in unclear else "accent",
         f"{column}: {'; '.join(values[:5])}{'; …' if len(values) > 5 else ''}")
        for column, values in by_column.items()
    ]  # fmt: skip


def _weak_evidence(review: Review) -> list[Fact]:
    """Facts about consent evidence that proves nothing."""
    addresses, reasons = review.result.addresses, []
    if review.very_old:
        reasons.append(f"{formatting.count(review.very_old, 'signup date')} before 2000")
    if addresses.private:
        reasons.append(
            f"{formatting.count(addresses.private, 'IP address', 'IP addresses')} of a private network, which proves nothing"
        )
    if addresses.common:
        share = f"{100 * addresses.common_rows / addresses.rows:.0f} %"
        reasons.append(f"{share} of the IP addresses are {addresses.common}: is that your own, or a form’s server?")
    return [("warning", "caution", f"Evidence that looks wrong: {reason}") for reason in reasons]


def _left_out(review: Review) -> str:
    checked = review.result
    parts = [
        (checked.counts.get(Outcome.INVALID, 0), "to be corrected"),
        (checked.counts.get(Outcome.SKIPPED, 0) - sum(held_counts(review)), "left out as duplicates or added before"),
    ]
    reasons = [f"{formatting.number(count)} {reason}" for count, reason in parts if count]
    return f"Of {formatting.count(checked.rows, 'row')} in the file, not sent: {', '.join(reasons)}" if reasons else ""


def _consent(review: Review, number: int) -> Fact:
    evidence = (
        ("signup_date", review.with_date),
        ("ip_address", review.with_ip),
        ("url", review.with_page),
    )
    coverage = ", ".join(
        f"{FIELD[name].label.lower() if name != 'ip_address' else FIELD[name].label} for "
        + (
            "all"
            if count == number
            else "none"
            if not count
            else f"{formatting.number(count)} of {formatting.number(number)}"
        )
        for name, count in evidence
    )
    whole = all(count == number for _name, count in evidence)
    icon, role = ("check", "good") if whole else ("warning", "caution")
    return icon, role, f"Evidence of consent: {coverage}"


def _fixed_yes(review: Review, field: str) -> bool:
    return review.request.options.fixed.get(field) == "yes" or _column(review, field)


def _column(review: Review, field: str) -> bool:
    return review.request.mapping.column_of(field) is not None
