"""`make bench`: every figure, and a table of ratios at the end."""

from __future__ import annotations

import argparse
import functools
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import files, journals, senders, window
from tests.benchmarks.server import reference_server

PACKAGED = Path(__file__).resolve().parents[2] / "dist" / "trackly-desktop" / "trackly-desktop"


@dataclass(frozen=True)
class Size:
    """Sizes of the measurements. `times`: repetitions, of which the median counts."""

    times: int
    at_once: int
    after_100_ms: int
    after_100_ms_64: int
    one_by_one: int
    checked: int
    imported: int
    pre_flight: int
    delivered: int
    limited: int
    shown: int
    looked_up: int


FULL = Size(
    times=5,
    at_once=2_000,
    after_100_ms=1_600,
    after_100_ms_64=12_800,
    one_by_one=20,
    checked=100_000,
    imported=4_000,
    pre_flight=300_000,
    delivered=20_000,
    limited=3_000,
    shown=1_000_000,
    looked_up=100_000,
)
QUICK = Size(
    times=1,
    at_once=64,
    after_100_ms=340,
    after_100_ms_64=200,
    one_by_one=2,
    checked=2_000,
    imported=600,
    pre_flight=2_000,
    delivered=500,
    limited=320,
    shown=2_000,
    looked_up=200,
)
DELAY = 0.1
LIMIT = 100
"""Contacts a second that the limited server accepts."""


@dataclass(frozen=True)
class Line:
    """A line of the table: a ratio with its bounds, lower ones or (`at_most`) upper."""

    what: str
    reference: str
    value: float
    must: float
    want: float
    at_most: bool = False
    unit: str = "×"

    def __str__(self) -> str:
        sign = "≤" if self.at_most else "≥"
        reached = self._reaches(self.must)
        verdict = "want" if self._reaches(self.want) else "must" if reached else "MISSED"
        return (
            f"{self.what:<42} {self.reference:<38} {self.value:>8.2f} {self.unit:<2}"
            f" {sign} {self.must:g} / {self.want:g}   {verdict}"
        )

    def _reaches(self, bound: float) -> bool:
        return self.value <= bound if self.at_most else self.value >= bound


def alternating(times: int, *measurements: Callable[[], float]) -> list[list[float]]:
    """Return each measurement's figures, measured in turn."""
    results: list[list[float]] = [[] for _ in measurements]
    for _ in range(times):
        for figures, measure in zip(results, measurements, strict=True):
            figures.append(measure())
    return results


def ratio(ours: list[float], reference: list[float]) -> float:
    """Return the median of the ratios, pair by pair: the machine's speed drifts."""
    return statistics.median(figure / base for figure, base in zip(ours, reference, strict=True))


def say(what: str, *figures: list[float]) -> None:
    """Print absolute figures, which must not be compared between runs."""
    print(f"  {what}: " + "; ".join(", ".join(f"{figure:,.1f}" for figure in series) for series in figures), flush=True)


def import_at_once(size: Size) -> list[Line]:
    """Measure our import against bare httpx, with immediate answers."""
    rows = size.at_once
    with reference_server(0.0) as address:
        ours, connections, shared, shared_64 = alternating(
            size.times,
            lambda: senders.our_import(address, rows, 16).whole,
            lambda: senders.bare_lanes(address, rows, 16),
            lambda: senders.one_client(address, rows, 16),
            lambda: senders.one_client(address, rows, 64),
        )
    say(
        "answers at once, contacts/s: ours; lanes; one client, 16; one client, 64", ours, connections, shared, shared_64
    )
    what = "import, answers at once, 16 in flight"
    return [
        Line(what, "bare httpx in lanes", ratio(ours, connections), 0.60, 0.85),
        Line(what, "one shared AsyncClient, 16", ratio(ours, shared), 1.3, 2.0),
        Line(what, "one shared AsyncClient, 64", ratio(ours, shared_64), 2.0, 3.0),
    ]


def import_after_100_ms(size: Size) -> list[Line]:
    """Measure our import against the bound of the latency, with answers after 100 ms."""
    with reference_server(DELAY) as address:
        runs: list[senders.Imported] = []

        def default_pace() -> float:
            runs.append(senders.our_import(address, size.after_100_ms, 16))
            return runs[-1].whole

        at_16, curl = alternating(size.times, default_pace, lambda: senders.curl_in_a_loop(address, size.one_by_one))
        [at_64] = alternating(size.times, lambda: senders.our_import(address, size.after_100_ms_64, 64).whole)
    warm = [imported.warm for imported in runs]
    near_16, near_64 = (statistics.median(figures) * DELAY for figures in (at_16, at_64))
    say("100 ms answers, contacts/s: 16 in flight; warm; 64 in flight; curl in a loop", at_16, warm, at_64, curl)
    return [
        Line("import, 100 ms answers, 16 in flight", "latency bound, 16 / 0.1 s", near_16 / 16, 0.85, 0.93),
        Line("import, 100 ms answers, 64 in flight", "latency bound, 64 / 0.1 s", near_64 / 64, 0.70, 0.85),
        Line("import, 100 ms answers, default pace, warm", "curl in a loop", ratio(warm, curl), 10.0, 15.0),
    ]  # fmt: skip


def import_limited(size: Size) -> list[Line]:
    """Measure our import against a server that answers 429 beyond LIMIT a second."""
    with reference_server(0.02, LIMIT) as address:
        runs = [senders.our_import(address, size.limited, 16) for _ in range(size.times)]
    near = statistics.median(imported.warm for imported in runs) / LIMIT
    refused = 100 * statistics.median(imported.repeated for imported in runs)
    say(
        f"contacts/s where {LIMIT} are taken; per cent refused",
        [imported.warm for imported in runs],
        [100 * imported.repeated for imported in runs],
    )
    return [
        Line(f"import, a server that takes {LIMIT} a second", "what it takes", near, 0.85, 0.93),
        Line(f"import, a server that takes {LIMIT} a second", "refused, of all sent", refused, 2.0, 1.0, at_most=True, unit="%"),
    ]  # fmt: skip


def first_window(size: Size) -> list[Line]:
    """Measure the start to the first window against a bare window."""
    with tempfile.TemporaryDirectory() as bytecode:
        measurements = [
            functools.partial(window.start_seconds, program, bytecode) for program in (window.OURS, window.BARE)
        ]
        alternating(1, *measurements)
        ours, bare = alternating(size.times * 2 + 1, *measurements)
    say("start to first window, s: ours; bare", ours, bare)
    return [
        Line(
            "start to first window",
            "bare QMainWindow, form and table",
            ratio(ours, bare),
            1.6,
            1.25,
            at_most=True,
        )
    ]


def packaged_start(size: Size) -> list[Line]:
    """Measure the packaged program's start against the same from its sources."""
    if not PACKAGED.exists():
        print("  no packaged program: `make package` makes one")
        return []
    with tempfile.TemporaryDirectory() as bytecode:
        measurements = [
            functools.partial(window.first_picture_seconds, command, bytecode)
            for command in ([str(PACKAGED)], [sys.executable, "-m", "trackly_desktop"])
        ]
        alternating(1, *measurements)
        packaged, source = alternating(size.times * 2 + 1, *measurements)
    say(
        "start to first picture, ms: packaged; from source",
        *([seconds * 1000 for seconds in series] for series in (packaged, source)),
    )
    return [Line("start, packaged", "the same from source", ratio(packaged, source), 1.3, 1.1, at_most=True)]


def window_delay(size: Size) -> list[Line]:
    """Measure how late the window handles a timer under load."""
    with reference_server(0.0) as address:
        delays = window.measure_delay(address, size.checked, size.imported)
    lines = []
    for what, (late, latest) in delays.items():
        name = f"window's delay, {what} at full speed"
        lines.append(Line(name, "60 Hz timer's lateness, p99", late, 16, 8, at_most=True, unit="ms"))
        lines.append(Line(name, "60 Hz timer's lateness, greatest", latest, 100, 33, at_most=True, unit="ms"))
    return lines


def pre_flight(size: Size) -> list[Line]:
    """Measure the validation of a file against a bare loop, and its memory."""
    rows = size.pre_flight
    with files.file_of(rows) as path:
        ours, bare = alternating(
            size.times, lambda: files.checked_per_second(path, rows), lambda: files.bare_loop_per_second(path, rows)
        )
        memory = files.peak_megabytes(lambda: files.checked_per_second(path, rows))
    say("pre-flight, rows/s: ours; bare loop", ours, bare)
    return [
        Line("pre-flight, 8 columns", "csv.reader and phonenumbers", ratio(ours, bare), 0.8, 1.6),
        Line("memory of pre-flight, all processes", "before it", memory, 150, 80, at_most=True, unit="MB"),
    ]


def journal(size: Size) -> list[Line]:
    """Measure the journal's size, and its commits against bare sqlite3."""
    runs: list[journals.Delivered] = []

    def ours() -> float:
        runs.append(journals.delivered(size.delivered))
        return runs[-1].per_second

    mine, bare = alternating(size.times, ours, lambda: journals.bare_sqlite_per_second(size.delivered))
    say("rows through sending and outcome a second: ours; bare sqlite3", mine, bare)
    growth = statistics.median(delivered.growth for delivered in runs)
    return [
        Line("journal growth", "the CSV file's size", growth, 2.0, 1.3, at_most=True),
        Line("commit cost", "bare sqlite3, as durable", ratio(mine, bare), 0.7, 0.9),
    ]


def results(size: Size) -> list[Line]:
    """Measure how soon a long table is shown."""
    with journals.many_rows(size.shown) as (reader, run):
        took = journals.shown(reader, run, size.times * 2 + 1)
    bounds = {
        "open": (200, 100), "jump to the end": (100, 50), "filter by outcome": (200, 100), "a page while scrolling": (16, 8),
    }  # fmt: skip
    return [
        Line(f"results table: {what}", f"{size.shown:,} rows", took[what], must, want, at_most=True, unit="ms")
        for what, (must, want) in bounds.items()
    ]


def history(size: Size) -> list[Line]:
    """Measure the look-up of people added before, and of unsubscribed ones."""
    known, held = journals.ledger_seconds(size.shown, size.looked_up, size.times)
    what = f"{size.looked_up:,} numbers among {size.shown:,}"
    return [
        Line("ledger: who was added before", what, known * 1000, 1000, 500, at_most=True, unit="ms"),
        Line("unsubscribed people held back", "as many, all there", held * 1000, 1000, 500, at_most=True, unit="ms"),
    ]


PARTS = {
    "at-once": import_at_once,
    "100-ms": import_after_100_ms,
    "limited": import_limited,
    "start": first_window,
    "packaged": packaged_start,
    "delay": window_delay,
    "pre-flight": pre_flight,
    "journal": journal,
    "results": results,
    "ledger": history,
}


def main() -> int:
    """Run the benchmarks; return 0 always, since figures are no failure."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("parts", nargs="*", help=f"some of: {', '.join(PARTS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="little of everything: only whether it runs")
    arguments = parser.parse_args()
    size = QUICK if arguments.quick else FULL
    lines = [line for name in arguments.parts or PARTS for line in PARTS[name](size)]
    print(f"\n{'what':<42} {'reference in the same run':<38} {'median':>8}    must / want")
    for line in lines:
        print(line)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
