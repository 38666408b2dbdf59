"""What an operator must know of a checked file before pressing the button."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from trackly_desktop.contacts.fields import FIELD
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import formatting
from trackly_desktop.journal.import_options import AlreadyAdded
from trackly_desktop.journal.suppression_list import ON_THE_LIST, UNSUBSCRIBED, is_said_by_the_file
from trackly_desktop.mapping.consent_columns import is_blank

if TYPE_CHECKING:
    from trackly_desktop.service.review import Review

Fact = tuple[str, str, str]
"""An icon, its colour, and the words."""


def facts(review: Review, number: int, *, disables_old_journeys: bool = False) -> list[Fact]:
    """What an operator must know before pressing the button, what weighs most first."""
    found = [_journeys(review, review.with_journeys - (review.old_with_journeys if disables_old_journeys else 0))]
    if _fixed_yes(review, "override_custom_fields"):
        found.append(("warning", "caution", "Custom fields that people have and that this file lacks are deleted"))
    if review.imported_before:
        times = formatting.count(review.imported_before, "time")
        found.append(("warning", "caution", f"This very file was imported on this account before, {times}"))
    if len(review.lists) > 1:
        lists = ", ".join(f"{one} ({formatting.number(count)})" for one, count in review.lists[:6])
        found.append(("info", "accent", f"The lists: {lists}"))
    found += _held(review)
    if review.result.already_added + review.result.members:
        found.append(_on_it(review))
    found += _meanings(review)
    if left := _left_out(review):
        found.append(("skipped", "quiet", left))
    found.append(_consent(review, number))
    found += _doubtful_evidence(review)
    found.append(("info", "accent", "A text that is sent cannot be taken back"))
    return found


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
    """How many rows are held back: whose own columns say no, on the do-not-text list, unsubscribed from the list."""
    is_opted_out = sum(count for why, count in review.held.items() if is_said_by_the_file(why))
    return is_opted_out, review.held.get(ON_THE_LIST, 0), review.held.get(UNSUBSCRIBED, 0)


def _held(review: Review) -> list[Fact]:
    """Who is held back because they must not be texted."""
    is_opted_out, suppressed_numbers, unsubscribed = held_counts(review)
    found: list[Fact] = []
    for count, why in (
        (unsubscribed, "unsubscribed from this list"),
        (suppressed_numbers, "on the do-not-text list"),
        (is_opted_out, "whose own column says no"),
    ):
        if count:
            found.append(("check", "good", f"{formatting.count(count, 'row')} {why}: held back"))
    if not review.unsubscribes_known:
        found.append(
            ("unknown", "caution", "Who unsubscribed could not be checked: this account’s server does not tell")
        )
    return found


def _on_it(review: Review) -> Fact:
    """Who is on the list already: added from here, and elsewhere."""
    parts = [(review.result.already_added, "from here"), (review.result.members, "elsewhere")]
    said = " and ".join(f"{formatting.number(count)} {where}" for count, where in parts if count)
    skips = review.request.options.already_added is AlreadyAdded.SKIP
    return "history", "accent", f"Added to the list before: {said}; they are {'left out' if skips else 'updated'}"


def _meanings(review: Review) -> list[Fact]:
    """The values of each column that says who may be texted, and what is made of them."""
    by_column: dict[str, list[str]] = defaultdict(list)
    unclear = set()
    for (column, value, no), count in review.result.consent_values:
        unsure = "not clear, sent" if is_blank(value) else "not clear, held back"
        told = {True: "held back", False: "may be texted", None: unsure}[no]
        unclear |= {column} if no is None else set()
        by_column[column].append(f"{f'“{value}”' if value else 'blank'} ({formatting.number(count)}) {told}")
    return [
        ("warning" if column in unclear else "info", "caution" if column in unclear else "accent",
         f"{column}: {'; '.join(said[:5])}{'; …' if len(said) > 5 else ''}")
        for column, said in by_column.items()
    ]  # fmt: skip


def _doubtful_evidence(review: Review) -> list[Fact]:
    """What of the evidence of consent looks wrong."""
    seen, found = review.result.addresses, []
    if review.very_old:
        found.append(f"{formatting.count(review.very_old, 'signup date')} before 2000")
    if seen.private:
        found.append(
            f"{formatting.count(seen.private, 'IP address', 'IP addresses')} of a private network, which proves nothing"
        )
    if seen.common:
        share = f"{100 * seen.common_rows / seen.rows:.0f} %"
        found.append(f"{share} of the IP addresses are {seen.common}: is that your own, or a form’s server?")
    return [("warning", "caution", f"Evidence that looks wrong: {one}") for one in found]


def _left_out(review: Review) -> str:
    checked = review.result
    parts = [
        (checked.counts.get(Outcome.INVALID, 0), "to be corrected"),
        (checked.counts.get(Outcome.SKIPPED, 0) - sum(held_counts(review)), "left out as duplicates or added before"),
    ]
    said = [f"{formatting.number(count)} {what}" for count, what in parts if count]
    return f"Of {formatting.count(checked.rows, 'row')} in the file, not sent: {', '.join(said)}" if said else ""


def _consent(review: Review, number: int) -> Fact:
    evidence = (
        ("signup_date", review.with_date),
        ("ip_address", review.with_ip),
        ("url", review.with_page),
    )
    said = ", ".join(
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
    return icon, role, f"Evidence of consent: {said}"


def _fixed_yes(review: Review, field: str) -> bool:
    return review.request.options.fixed.get(field) == "yes" or _column(review, field)


def _column(review: Review, field: str) -> bool:
    return review.request.mapping.column_of(field) is not None
