"""Import wizard: leads a file through its five steps."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from trackly_desktop.contacts.signup_age import old_signup_cutoff
from trackly_desktop.files.other_documents import web_address_problem
from trackly_desktop.files.table import FormatOptions
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.import_wizard.columns_step import ColumnsStep
from trackly_desktop.gui.import_wizard.confirm_step import ConfirmStep
from trackly_desktop.gui.import_wizard.file_step import FileStep
from trackly_desktop.gui.import_wizard.review_step import ReviewStep
from trackly_desktop.gui.import_wizard.run_step import RunStep
from trackly_desktop.journal.import_options import Options
from trackly_desktop.system import paths
from trackly_desktop.validation.file_validation import ValidationRequest

if TYPE_CHECKING:
    from trackly_desktop.service.review import Review
    from trackly_desktop.validation.corrections import Fix
    from trackly_desktop.worker import FileOpened


class ImportPage(QStackedWidget):
    """The steps of one import; while it runs, no other file is opened."""

    results_requested = Signal(int)
    accounts_requested = Signal()

    def __init__(self, context: AccountContext) -> None:
        super().__init__()
        self._context = context
        self._opened_file: FileOpened | None = None
        self._review: Review | None = None
        self.file_step = FileStep()
        self.columns_step = ColumnsStep(context)
        self.review_step = ReviewStep(context)
        self.confirm_step = ConfirmStep(context)
        self.run_step = RunStep(context)
        for step in (self.file_step, self.columns_step, self.review_step, self.confirm_step, self.run_step):
            self.addWidget(step)
        self._connect_signals()

    def open(self, path: Path) -> None:
        """Start over with this file, unless an import runs."""
        if self.run_step.is_running:
            self._refuse(f"{paths.readable_name(path)} is not opened")
            return
        self._show(self.file_step)
        self.file_step.read(path)

    def open_text(self, text: str) -> None:
        """Start over with a pasted or dropped table, unless an import runs."""
        if self.run_step.is_running:
            self._refuse("The table is not opened")
            return
        self._show(self.file_step)
        if problem := web_address_problem(text):
            self.file_step.show_web_address(problem)
            return
        path = paths.pasted_path()
        self.file_step.begin(path)
        self._opened_file = None
        self._context.worker.files.open_text(text, path, self._context.account)

    def resume_run(self, run_id: int) -> None:
        """Resume a run that stopped, and show it."""
        if not self.run_step.is_running:
            self._context.worker.runs.start(run_id)
            self.run_step.begin(run_id)
        self._show(self.run_step)

    def _refuse(self, headline: str) -> None:
        self.run_step.notice.say("info", headline, "One import at a time: wait for this one, or cancel it.")

    def _connect_signals(self) -> None:
        self._connect_worker()
        self._context.account_changed.connect(self._on_account_changed)
        self.file_step.open_requested.connect(self._open_file)
        self.file_step.text_requested.connect(self.open_text)
        self.file_step.stop_requested.connect(self._context.worker.files.stop)
        self.file_step.sample_requested.connect(self._save_sample)
        self.file_step.forward.connect(lambda: self._show(self.columns_step))
        presets = self.columns_step.presets
        presets.apply_requested.connect(self._apply_preset)
        presets.save_requested.connect(self._save_preset)
        presets.share_requested.connect(self._context.worker.files.export_preset)
        presets.import_requested.connect(self._context.worker.files.import_preset)
        self.columns_step.back.connect(lambda: self._show(self.file_step))
        self.columns_step.forward.connect(self._check_file)
        self.review_step.region_requested.connect(self._check_with_region)
        self.review_step.fixes.connect(self._fix)
        self.review_step.undo_requested.connect(self._undo_fix)
        self.review_step.back.connect(self._return_to_columns)
        self.review_step.rules_changed.connect(self._check_file)
        self.review_step.forward.connect(self._confirm)
        self.confirm_step.back.connect(lambda: self._show(self.review_step))
        self.confirm_step.forward.connect(self._start_run)
        self.run_step.results_requested.connect(self.results_requested)
        self.run_step.accounts_requested.connect(self.accounts_requested)
        self.run_step.another_requested.connect(self._start_over)

    def _connect_worker(self) -> None:
        worker = self._context.worker
        worker.files.progressed.connect(self._show_progress)
        worker.files.opened.connect(self._on_file_opened)
        worker.files.validated.connect(self._on_file_checked)
        worker.files.members_fetched.connect(self.review_step.show_members_progress)
        worker.files.failed.connect(self._show_file_problem)
        worker.files.preset_applied.connect(self.columns_step.apply)
        worker.files.exported.connect(self._on_exported)
        worker.files.preset_imported.connect(self._on_preset_imported)
        worker.files.fingerprint_checked.connect(self._on_file_compared)
        worker.failed.connect(self._show_failure)

    def _show(self, step: FileStep | ColumnsStep | ReviewStep | ConfirmStep | RunStep) -> None:
        self.setCurrentWidget(step)
        step.initial_focus.setFocus()
        step.scroll_area.verticalScrollBar().setValue(0)

    def _open_file(self, path: Path, options: FormatOptions) -> None:
        self._opened_file = None
        self._context.worker.files.open(path, options, self._context.account)

    def _on_file_opened(self, event: FileOpened) -> None:
        self._opened_file = event
        self.file_step.show_file(event)
        if self.columns_step.is_another_file(event):
            self.review_step.reset_rules()
        self.columns_step.show_file(event)
        if self.currentWidget() is self.file_step:
            self.file_step.initial_focus.setFocus()

    def _show_progress(self, rows: int) -> None:
        if self.currentWidget() is self.review_step:
            self.review_step.show_progress(rows)
        else:
            self.file_step.show_progress(rows)

    def _show_file_problem(self, message: str) -> None:
        if self.currentWidget() is self.review_step:
            self.review_step.show_problem(message)
        else:
            self.file_step.show_problem(message)

    def _apply_preset(self, name: str) -> None:
        self._context.worker.files.apply_preset(name, self.columns_step.mapping)

    def _save_preset(self, name: str) -> None:
        self._context.worker.files.save_preset(name, self.columns_step.mapping)
        self.columns_step.presets.add_preset(name)

    def _check_file(self) -> None:
        """Have the worker check the whole file as chosen, and show the review."""
        if self._opened_file is None or not self.columns_step.require():
            return
        opened, account = self._opened_file.file, self._context.account
        duplicates, already_added = self.review_step.rules()
        options = Options(
            region=self.columns_step.value_formats.region.region,
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
            choice=dataclasses.replace(self._opened_file.choice, sheet=opened.how.sheet),
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

    def _check_with_region(self, region: str) -> None:
        self.columns_step.value_formats.region.choose(region)
        self._check_file()

    def _on_file_checked(self, review: Review) -> None:
        self._review = review
        self.review_step.show_review(review)
        if self.currentWidget() is self.review_step:
            self.review_step.initial_focus.setFocus()

    def _return_to_columns(self) -> None:
        self._context.worker.files.stop()
        self._review = None
        self._show(self.columns_step)

    def _fix(self, fix: Fix) -> None:
        if self._review is not None:
            self._context.worker.files.fix(self._review, fix)

    def _undo_fix(self) -> None:
        if self._review is not None:
            self._context.worker.files.undo(self._review)

    def _show_failure(self, message: str) -> None:
        if self.file_step.is_reading:
            self.file_step.show_problem(message)
        elif self.isVisible() and self.currentWidget() is self.review_step:
            self.review_step.show_failed(message)

    def _save_sample(self, path: Path) -> None:
        self._context.worker.files.save_sample(path, self._context.account)

    def _on_exported(self, path: str, _rows: int) -> None:
        if self.currentWidget() is self.file_step:
            self.file_step.show_saved(path)
        elif self.currentWidget() is self.columns_step:
            self.columns_step.show_saved(path)

    def _on_preset_imported(self, name: str) -> None:
        self.columns_step.presets.add_preset(name)
        self._apply_preset(name)

    def _confirm(self) -> None:
        if self._review is not None:
            self.confirm_step.show_review(self._review)
            self._show(self.confirm_step)
            self._context.worker.files.check_fingerprint(self._review)

    def _on_file_compared(self, review: Review, is_unchanged: bool) -> None:
        if review is self._review and not is_unchanged:
            self.confirm_step.show_file_changed()

    def _start_run(self) -> None:
        if self._review is None:
            return
        review, self._review = self._review, None
        pause_after = self.confirm_step.pause_after
        old_signups_before = None
        if self.confirm_step.disables_old_journeys:
            old_signups_before = old_signup_cutoff(review.request.old_days)
        self._context.worker.runs.start(
            review.result.run_id,
            self.confirm_step.confirmed,
            pause_after=pause_after,
            remember=review.request.mapping,
            old_signups_before=old_signups_before,
        )
        self._context.worker.files.delete_pasted()
        self.run_step.begin(review.result.run_id, pauses_after_first=pause_after is not None)
        self._show(self.run_step)

    def _start_over(self) -> None:
        self._opened_file = None
        self.file_step.reset()
        self._show(self.file_step)

    def _on_account_changed(self) -> None:
        # A file is checked for one account: another account has other lists with other people.
        if self.currentWidget() in (self.review_step, self.confirm_step):
            self._return_to_columns()
        self.columns_step.list.clear()
