"""Detail of one row: outcome and advice, request, answers."""

from __future__ import annotations

import json
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QWidget

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import formatting, theme
from trackly_desktop.gui.outcome_text import describe_row
from trackly_desktop.gui.results.decide_bar import CHOICES, HINTS, TRY_AGAIN
from trackly_desktop.gui.widgets.controls import button, label, tool
from trackly_desktop.gui.widgets.layout import clear_layout, column, row
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.journal.models import RunKind
from trackly_desktop.journal.queries import Attempt, RowDetail, ShownRow
from trackly_desktop.messages import answer_text

PRACTICE_ROOT = "http://127.0.0.1:8080"
"""Default address of `python -m trackly_desktop.sandbox`, for curl commands."""


class DetailPanel(QFrame):
    """Panel of the selected row, beside the table.

    `decided`: its key and an UnknownResolution (None: retry).
    """

    closed = Signal()
    decided = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("detail")
        self.setMinimumWidth(300)
        self._title = label("", "section")
        self._origin = label("", "small", wrap=True)
        self.notice = Notice()
        self.copy_curl = button("Copy as curl", self._copy_curl, role="flat", icon="copy")
        self.copy_curl.setToolTip("The request as a command for a terminal, without the key")
        self._copy_ids = button("Copy ids", self._copy_the_ids, role="flat", icon="copy")
        self._decisions = column(spacing=theme.S)
        self._sections = column(spacing=theme.S)
        inside = column(
            self._origin,
            self.notice,
            self._decisions,
            row(self.copy_curl, self._copy_ids, 0, spacing=theme.XS),
            self._sections,
            0,
            spacing=theme.M,
            margin=theme.L,
        )
        body = QWidget()
        body.setLayout(inside)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        head = row(self._title, 0, tool("close", "Close", self.closed.emit))
        head.setContentsMargins(theme.L, theme.M, theme.S, 0)
        self.setLayout(column(head, scroll, spacing=0))
        self._detail: RowDetail | None = None
        self.decisions: list[QPushButton] = []

    def show_row(self, detail: RowDetail) -> None:
        """Show another row."""
        self._detail = detail
        shown = detail.row
        self._title.setText(shown.phone or f"Row {formatting.number(shown.number)}")
        self._origin.setText(_origin(detail))
        description = describe_row(shown)
        text = "\n".join(part for part in (description.text, description.advice) if part)
        self.notice.say(description.kind, description.headline, text)
        self._show_decisions(shown)
        self.copy_curl.setVisible(bool(detail.body))
        self._copy_ids.setVisible(bool(shown.contact_id))
        self._clear()
        if (removed := detail.run.forgotten_at) is not None:
            self._add("Personal data", f"Removed on {formatting.exact(removed)}, as the account is set")
        if shown.contact_id:
            self._add("Ids", f"contact_id {shown.contact_id}\nlist_contact_id {shown.list_contact_id}")
        if detail.cells:
            pairs = zip(detail.run.header, detail.cells, strict=False)
            self._add("In the file", "\n".join(f"{name}: {cell}" for name, cell in pairs))
        if detail.body:
            self._add("What is sent" if not detail.attempts else "What was sent", _pretty(detail.body), mono=True)
        for number, attempt in enumerate(detail.attempts, 1):
            which = f" {number} of {len(detail.attempts)}" if len(detail.attempts) > 1 else ""
            self._add(f"Answer{which}", _answer(attempt), mono=True)

    def _show_decisions(self, shown: ShownRow) -> None:
        """Show the decisions that an operator can make for this row."""
        clear_layout(self._decisions)
        self.decisions = []
        if shown.is_forgotten:
            return  # no data is left to send
        if shown.outcome is Outcome.REFUSED:
            self.decisions = [button(TRY_AGAIN, partial(self.decided.emit, shown.key, None))]
        elif shown.outcome is Outcome.UNKNOWN and not shown.retry_pending:
            for choice, text in CHOICES.items():
                self.decisions.append(button(text, partial(self.decided.emit, shown.key, choice)))
                self.decisions[-1].setToolTip(HINTS[choice])
        for decision in self.decisions:
            self._decisions.addWidget(decision)

    def _add(self, title: str, text: str, *, mono: bool = False) -> None:
        shown = label(text, wrap=True)
        shown.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        if mono:
            shown.setFont(theme.mono_font())
        self._sections.addWidget(label(title, "label"))
        self._sections.addWidget(shown)

    def _clear(self) -> None:
        clear_layout(self._sections)

    def _copy_curl(self) -> None:
        from trackly_desktop.api.curl import as_curl

        if self._detail is not None:
            root = self._detail.run.base_url
            QGuiApplication.clipboard().setText(
                as_curl(root if root.startswith("http") else PRACTICE_ROOT, self._detail.body)
            )

    def _copy_the_ids(self) -> None:
        if self._detail is not None:
            shown = self._detail.row
            QGuiApplication.clipboard().setText(f"{shown.contact_id}\t{shown.list_contact_id}")


def _origin(detail: RowDetail) -> str:
    run = detail.run
    where = (
        f"Row {formatting.number(detail.row.number)} of {run.file}"
        if run.kind is not RunKind.CONTACT
        else "Added by hand"
    )
    return f"{where}  ·  {run.account_name}  ·  list {detail.row.list_number or 'unknown'}"


def _answer(attempt: Attempt) -> str:
    status = f"HTTP {attempt.status}" if attempt.status is not None else "No answer"
    when = formatting.exact(attempt.answered_at or attempt.sent_at)
    body = _pretty(attempt.raw) if attempt.raw else answer_text(attempt.code, attempt.words)
    return "\n".join(part for part in (f"{status}  {when}", body) if part)


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
