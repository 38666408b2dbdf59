"""The wizard: a file on its way through the five steps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from trackly_desktop.contacts.signup_age import old_signup_cutoff
from trackly_desktop.files.table import FormatOptions
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.import_wizard.columns_step import ColumnsStep
from trackly_desktop.gui.import_wizard.confirm_step import ConfirmStep
from trackly_desktop.gui.import_wizard.file_step import FileStep
from trackly_desktop.gui.import_wizard.review_step import ReviewStep
from trackly_desktop.gui.import_wizard.run_step import RunStep
from trackly_desktop.journal.import_options import Options
from trackly_desktop.mapping.column_mapping import ColumnMapping
from trackly_desktop.system import paths
from trackly_desktop.validation.file_validation import ValidationRequest

if TYPE_CHECKING:
    from trackly_desktop.service.review import Review
    from trackly_desktop.validation.corrections import Fix
    from trackly_desktop.worker import FileOpened


class ImportPage(QStackedWidget):
    """One file at a time; while an import runs, its step stays."""

    results_requested = Signal(int)
    accounts_requested = Signal()

    def __init__(self, context: AccountContext) -> None:
        super().__init__()
        self._context = context
        self._news: FileOpened | None = None
        self._review: Review | None = None
        self._preset = ""
        self.file_step = FileStep()
        self.columns_step = ColumnsStep(context)
        self.review_step = ReviewStep(context)
        self.confirm_step = ConfirmStep(context)
        self.run_step = RunStep(context)
        for step in (self.file_step, self.columns_step, self.review_step, self.confirm_step, self.run_step):
            self.addWidget(step)
        self._wire()

    def open(self, path: Path) -> None:
        """Begins anew with this file."""
        if self.run_step.is_running:
            self.run_step.notice.say(
                "info",
                f"{paths.readable_name(path)} is not opened",
                "One import at a time: wait for this one, or cancel it.",
            )
            return
        self._show(self.file_step)
        self.file_step.read(path)

    def open_text(self, text: str) -> None:
        """Begins anew with a table that was pasted or dropped as text."""
        if self.run_step.is_running:
            self.run_step.notice.say(
                "info", "The table is not opened", "One import at a time: wait for this one, or cancel it."
            )
            return
        path = paths.pasted_path()
        self._show(self.file_step)
        self.file_step.begin(path)
        self._news = None
        self._context.worker.files.open_text(text, path, self._context.account)

    def go_on_with(self, run: int) -> None:
        """Takes up a run that stopped."""
        if not self.run_step.is_running:
            self._context.worker.runs.start(run)
            self.run_step.begin(run)
        self._show(self.run_step)

    def _wire(self) -> None:
        worker = self._context.worker
        worker.files.progressed.connect(self._file_progress)
        worker.files.opened.connect(self._file_opened)
        worker.files.validated.connect(self._file_checked)
        worker.files.members_fetched.connect(self.review_step.show_asking)
        worker.files.failed.connect(self._file_failed)
        worker.files.preset_applied.connect(self.columns_step.apply)
        self._context.account_changed.connect(self._account_changed)
        self.file_step.open_requested.connect(self._open)
        self.file_step.text_requested.connect(self.open_text)
        self.file_step.stop_requested.connect(worker.files.stop)
        self.file_step.sample_requested.connect(self._save_sample)
        worker.files.exported.connect(self._exported)
        worker.files.preset_imported.connect(self._preset_taken)
        worker.files.fingerprint_checked.connect(self._file_stands)
        worker.failed.connect(self._failed)
        self.review_step.region_requested.connect(self._check_as)
        self.review_step.fixes.connect(self._fix)
        self.columns_step.preset_share_requested.connect(worker.files.export_preset)
        self.columns_step.preset_import_requested.connect(worker.files.import_preset)
        self.file_step.forward.connect(lambda: self._show(self.columns_step))
        self.columns_step.back.connect(lambda: self._show(self.file_step))
        self.columns_step.forward.connect(self._check)
        self.columns_step.preset_requested.connect(self._apply_preset)
        self.columns_step.preset_save_requested.connect(self._keep_preset)
        self.review_step.back.connect(self._back_to_columns)
        self.review_step.rules_changed.connect(self._check)
        self.review_step.forward.connect(self._confirm)
        self.confirm_step.back.connect(lambda: self._show(self.review_step))
        self.confirm_step.forward.connect(self._run)
        self.run_step.results_requested.connect(self.results_requested)
        self.run_step.accounts_requested.connect(self.accounts_requested)
        self.run_step.another_requested.connect(self._another)

    def _show(self, step: FileStep | ColumnsStep | ReviewStep | ConfirmStep | RunStep) -> None:
        self.setCurrentWidget(step)
        step.first.setFocus()
        step.scroll_area.verticalScrollBar().setValue(0)

    def _open(self, path: Path, choice: FormatOptions) -> None:
        self._news = None
        self._context.worker.files.open(path, choice, self._context.account)

    def _file_opened(self, news: FileOpened) -> None:
        self._news = news
        self.file_step.show_file(news)
        self.columns_step.show_file(news)
        if self.currentWidget() is self.file_step:
            self.file_step.first.setFocus()

    def _file_progress(self, rows: int) -> None:
        if self.currentWidget() is self.review_step:
            self.review_step.show_progress(rows)
        else:
            self.file_step.show_progress(rows)

    def _file_failed(self, words: str) -> None:
        if self.currentWidget() is self.review_step:
            self.review_step.show_problem(words)
        else:
            self.file_step.show_problem(words)

    def _apply_preset(self, name: str) -> None:
        self._context.worker.files.apply_preset(name, self.columns_step.mapping)

    def _keep_preset(self, name: str) -> None:
        self._context.worker.files.save_preset(name, self.columns_step.mapping)
        self.columns_step.add_preset(name)

    def _check(self) -> None:
        if self._news is None or not self.columns_step.is_right():
            return
        opened, account = self._news.file, self._context.account
        duplicates, already_added = self.review_step.rules()
        options = Options(
            region=self.columns_step.region.region,
            fixed=self.columns_step.fixed(),
            duplicates=duplicates,
            already_added=already_added,
            in_flight=account.in_flight,
            per_second=account.per_second,
        )
        if self.columns_step.list.number:
            self._context.remember_list(self.columns_step.list.number)
        request = ValidationRequest(
            path=opened.path,
            choice=self._news.choice,
            fingerprint=opened.how.fingerprint,
            mapping=self.columns_step.mapping,
            options=options,
            account=account.id,
            account_name=account.name,
            base_url=account.base_url,
            journal=str(paths.journal_path()),
            old_days=account.old_days,
        )
        self.review_step.begin(opened.rows)
        self._show(self.review_step)
        self._context.worker.files.validate(request)

    def _check_as(self, region: str) -> None:
        self.columns_step.region.choose(region)
        self._check()

    def _file_checked(self, review: Review) -> None:
        self._review = review
        self.review_step.show_review(review)
        if self.currentWidget() is self.review_step:
            self.review_step.first.setFocus()

    def _back_to_columns(self) -> None:
        self._context.worker.files.stop()
        self._review = None
        self._show(self.columns_step)

    def _fix(self, fix: Fix) -> None:
        if self._review is not None:
            self._context.worker.files.fix(self._review, fix)

    def _failed(self, words: str) -> None:
        if self.isVisible() and self.currentWidget() is self.review_step:
            self.review_step.show_failed(words)

    def _save_sample(self, path: Path) -> None:
        self._context.worker.files.save_sample(path, self._context.account)

    def _exported(self, path: str, _rows: int) -> None:
        if self.currentWidget() is self.file_step:
            self.file_step.show_saved(path)
        elif self.currentWidget() is self.columns_step:
            self.columns_step.show_saved(path)

    def _preset_taken(self, name: str) -> None:
        self.columns_step.add_preset(name)
        self._apply_preset(name)

    def _confirm(self) -> None:
        if self._review is not None:
            self.confirm_step.show_review(self._review)
            self._show(self.confirm_step)
            self._context.worker.files.check_fingerprint(self._review)

    def _file_stands(self, review: Review, stands: bool) -> None:
        if review is self._review and not stands:
            self.confirm_step.say_changed()

    def _run(self) -> None:
        if self._review is None:
            return
        review, self._review = self._review, None
        tries_first = self.confirm_step.tries_first
        mapping: ColumnMapping = review.request.mapping
        self._context.worker.runs.start(
            review.result.run,
            self.confirm_step.confirmed,
            pause_after=tries_first,
            remember=mapping,
            old_signups_before=old_signup_cutoff(review.request.old_days)
            if self.confirm_step.disables_old_journeys
            else None,
        )
        self._context.worker.files.delete_pasted()
        self.run_step.begin(review.result.run, tries_first=tries_first is not None)
        self._show(self.run_step)

    def _another(self) -> None:
        self._news = None
        self.file_step.reset()
        self._show(self.file_step)

    def _account_changed(self) -> None:
        # A checked file is checked for one account: another one has other lists, and other people on them.
        if self.currentWidget() in (self.review_step, self.confirm_step):
            self._back_to_columns()
        self.columns_step.list.clear()
