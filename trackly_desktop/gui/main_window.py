"""The main window: account bar, navigation, pages, dropped files, and closing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QMainWindow,
    QMessageBox,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import formatting, icons, settings, theme
from trackly_desktop.gui.account_bar import AccountBar
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.contact_form.page import ContactPage
from trackly_desktop.gui.drop_overlay import DropOverlay
from trackly_desktop.gui.widgets.controls import shortcut
from trackly_desktop.gui.widgets.layout import column, holder, row
from trackly_desktop.gui.widgets.notice import Notice

if TYPE_CHECKING:
    from trackly_desktop.gui.about.page import AboutPage
    from trackly_desktop.gui.accounts.page import AccountsPage
    from trackly_desktop.gui.do_not_text.page import DoNotTextPage
    from trackly_desktop.gui.history.page import HistoryPage
    from trackly_desktop.gui.import_wizard.page import ImportPage
    from trackly_desktop.gui.results.page import ResultsPage
    from trackly_desktop.worker import ApiWorker

# The window is built with its first page only, so that it shows at once. The wizard follows after _WIZARD_DELAY_MS, so that
# the first file does not make the window stutter; each other page is built on first access.
_WIZARD_DELAY_MS = 700

_NAV = (
    ("add", "add", "Add"),
    ("import", "import", "Import"),
    ("results", "results", "Results"),
    ("history", "history", "History"),
    ("do-not-text", "block", "Do not text"),
    ("accounts", "accounts", "Accounts"),
    ("about", "info", "About"),
)
_BOTTOM_ENTRIES = 2
"""So many entries of the navigation are at its bottom."""

_UNPAINTED_MS = 500
"""A window that starts minimised is not painted; after so long it counts as shown."""

P = TypeVar("P", bound=QWidget)


class MainWindow(QMainWindow):
    """The window of one `AccountContext`.

    Signals:
        first_shown: the window is on the screen; `attach` a worker now.
        closed: the window is closed and its worker has ended.
    """

    first_shown = Signal()
    closed = Signal()

    def __init__(self, context: AccountContext) -> None:
        super().__init__()
        self.context = context
        self.setWindowTitle("Trackly Desktop")
        self.setWindowIcon(icons.icon("app", "accent"))
        self.setMinimumSize(800, 560)
        self._closing = self._was_shown = self._first_shown_emitted = False
        self._confirm_on_quit = True
        self._buttons: dict[str, QToolButton] = {}
        self._pending_files: list[Path] = []
        self._stack = QStackedWidget()
        self.contact_page = ContactPage(context)
        self.contact_page.accounts_requested.connect(self._show_accounts)
        self.contact_page.row_requested.connect(self.show_row)
        self._stack.addWidget(self.contact_page)
        self.bar = AccountBar(context)
        self.banner = Notice()
        banner_margins = column(self.banner)
        banner_margins.setContentsMargins(theme.XL, theme.L, theme.XL, 0)
        self._banner_holder = holder(banner_margins)
        self._banner_holder.hide()
        self._nav = self._make_nav()
        self.banner.visibility_changed.connect(self._banner_holder.setVisible)
        body = column(self._banner_holder, self._stack, spacing=0)
        central = QWidget()
        central.setLayout(column(self.bar, row(self._nav, body, spacing=0), spacing=0))
        self.setCentralWidget(central)
        self._overlay = DropOverlay(self, self.open_file, self.open_text)
        self.bar.accounts_requested.connect(self._show_accounts)
        self._restore_geometry()
        self.go_to("add")

    # Pages

    @cached_property
    def import_page(self) -> ImportPage:
        """The import wizard page; created on first access."""
        from trackly_desktop.gui.import_wizard.page import ImportPage

        page = self._add_page(ImportPage(self.context))
        page.results_requested.connect(self.show_results)
        page.accounts_requested.connect(self._show_accounts)
        return page

    @cached_property
    def results_page(self) -> ResultsPage:
        """The results page; created on first access."""
        from trackly_desktop.gui.results.page import ResultsPage

        page = self._add_page(ResultsPage(self.context))
        page.import_requested.connect(self._show_import)
        return page

    @cached_property
    def history_page(self) -> HistoryPage:
        """The history page; created on first access."""
        from trackly_desktop.gui.history.page import HistoryPage

        page = self._add_page(HistoryPage(self.context))
        page.results_requested.connect(self.show_results)
        page.run_requested.connect(self.resume_run)
        page.import_requested.connect(self._show_import)
        page.person_requested.connect(self._show_person)
        return page

    @cached_property
    def do_not_text_page(self) -> DoNotTextPage:
        """The do-not-text page; created on first access."""
        from trackly_desktop.gui.do_not_text.page import DoNotTextPage

        return self._add_page(DoNotTextPage(self.context))

    @cached_property
    def accounts_page(self) -> AccountsPage:
        """The accounts page; created on first access."""
        from trackly_desktop.gui.accounts.page import AccountsPage

        return self._add_page(AccountsPage(self.context))

    @cached_property
    def about_page(self) -> AboutPage:
        """The about page; created on first access."""
        from trackly_desktop.gui.about.page import AboutPage

        return self._add_page(AboutPage(self.context))

    def _add_page(self, page: P) -> P:
        self._stack.addWidget(page)
        return page

    @property
    def current_page(self) -> QWidget | None:
        """The page that is shown."""
        return self._stack.currentWidget()

    def go_to(self, name: str) -> None:
        """Show a page: add, import, results, history, do-not-text, accounts or about."""
        if name != "add" and not self.context.has_worker:
            self._buttons["add"].setChecked(True)  # the worker is attached soon; only the form works without it
            return
        pages: dict[str, Callable[[], QWidget]] = {
            "add": lambda: self.contact_page,
            "import": lambda: self.import_page,
            "results": lambda: self.results_page,
            "history": lambda: self.history_page,
            "do-not-text": lambda: self.do_not_text_page,
            "accounts": lambda: self.accounts_page,
            "about": lambda: self.about_page,
        }
        page = pages[name]()
        self._stack.setCurrentWidget(page)
        self._buttons[name].setChecked(True)
        if page.focusProxy() is not None:
            page.setFocus()

    def open_file(self, path: Path) -> None:
        """Open a file in the import wizard, at once or when the worker is attached."""
        if not self.context.has_worker:
            self._pending_files.append(path)
            return
        self.go_to("import")
        self.import_page.open(path)
        self.raise_()
        self.activateWindow()

    def open_text(self, text: str) -> None:
        """Open a table that was dropped as text in the import wizard."""
        if self.context.has_worker:
            self.go_to("import")
            self.import_page.open_text(text)

    def resume_run(self, run_id: int) -> None:
        """Resume a run that stopped before its end."""
        self.banner.hide()
        self.go_to("import")
        self.import_page.resume_run(run_id)

    def _show_person(self, text: str) -> None:
        self.results_page.show_person(text)
        self.go_to("results")

    def show_results(self, run_id: int) -> None:
        """Show the rows of a run on the results page."""
        self.results_page.show_run(run_id)
        self.go_to("results")

    def show_row(self, key: int) -> None:
        """Show the row with this journal key among the contacts that were added by hand."""
        self.results_page.show_contacts(key)
        self.go_to("results")

    def _show_accounts(self) -> None:
        self.go_to("accounts")

    def _show_import(self) -> None:
        self.go_to("import")

    def _make_nav(self) -> QFrame:
        group = QButtonGroup(self)
        buttons = []
        for number, (name, icon, text) in enumerate(_NAV, 1):
            button = QToolButton()
            button.setProperty("role", "nav")
            button.setText(text)
            button.setIcon(icons.icon(icon, "quiet"))
            button.setIconSize(QSize(18, 18))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setToolTip(f"Ctrl+{number}")
            button.clicked.connect(partial(self.go_to, name))
            shortcut(self, f"Ctrl+{number}", partial(self.go_to, name))
            group.addButton(button)
            self._buttons[name] = button
            buttons.append(button)
        nav = holder(
            column(*buttons[:-_BOTTOM_ENTRIES], 0, *buttons[-_BOTTOM_ENTRIES:], spacing=theme.XS, margin=theme.S),
            "side",
        )
        nav.setFixedWidth(theme.NAV)
        return nav

    def _restore_geometry(self) -> None:
        geometry = settings.window_geometry()
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1120, 760)

    # Starting and closing

    def attach(self, worker: ApiWorker) -> None:
        """Take the worker, offer what was left unfinished, open the file that was given."""
        self.context.attach(worker)
        worker.failed.connect(self._on_failed)
        worker.finished.connect(self._on_worker_finished)
        self.contact_page.fill_countries()
        self._offer_unfinished()
        for path in self._pending_files[:1]:
            self.open_file(path)
        from trackly_desktop.gui.update_check import UpdateCheck

        self.update_check = UpdateCheck(self.context, self.banner)
        QTimer.singleShot(_WIZARD_DELAY_MS, self, self._prepare_import)

    def _prepare_import(self) -> None:
        """Import the wizard's modules; build its page in the event loop's next turn."""
        import trackly_desktop.gui.import_wizard.page  # noqa: F401 - imported here, used in the next turn

        QTimer.singleShot(0, self, lambda: self.import_page)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self._overlay.watch()
            QTimer.singleShot(_UNPAINTED_MS, self, self._emit_first_shown)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._first_shown_emitted:
            QTimer.singleShot(0, self, self._emit_first_shown)

    def _emit_first_shown(self) -> None:
        if not self._first_shown_emitted:
            self._first_shown_emitted = True
            self.first_shown.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        # While responses are outstanding the worker is stopped first; the window closes when it has finished.
        if self._closing or not self.context.has_worker:
            event.accept()
            return
        event.ignore()
        if self._confirm_on_quit and self.context.worker.is_delivering and not self.confirm_quit():
            return
        self._closing = True
        settings.save_window_geometry(self.saveGeometry())
        self._stack.setEnabled(False)
        self._nav.setEnabled(False)
        if self.context.worker.is_delivering:
            self.banner.say("info", "Waiting for the last answers", "A few seconds at most.")
        self.context.worker.stop()

    def close_without_asking(self) -> None:
        """Close without a question; responses outstanding are still awaited and recorded."""
        self._confirm_on_quit = False
        self.close()

    def wait_for_worker(self) -> None:
        """Stop the worker and block until its thread ends; for use after the event loop."""
        if self.context.has_worker and not self.context.worker.isFinished():
            self.context.worker.stop()
            self.context.worker.wait()

    def _on_worker_finished(self) -> None:
        self.context.worker.wait()
        self.context.close()
        self._closing = True
        self.close()
        self.closed.emit()

    def confirm_quit(self) -> bool:
        """Ask, blocking, whether to quit while contacts are being sent."""
        box = QMessageBox(self)
        box.setWindowTitle("Quit")
        box.setText("Contacts are still being sent")
        box.setInformativeText("Quit now, and it goes on where it was when you start again. Nothing is sent twice.")
        quit_now = box.addButton("Quit", QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is quit_now

    def _on_failed(self, message: str) -> None:
        self.banner.say("bad", message, "", ("Close", self.banner.hide))

    def _offer_unfinished(self) -> None:
        unfinished = self.context.reader.unfinished()
        if not unfinished:
            return
        run = unfinished[0]
        pending = run.counts.get(Outcome.PENDING, 0) + run.counts.get(Outcome.SENDING, 0)
        self.banner.say(
            "caution",
            f"The import of {run.file} stopped before its end",
            f"{formatting.count(pending, 'contact')} of {formatting.number(run.rows)} still to be sent, on “{run.account_name}”."
            " It goes on where it was; nothing is sent twice.",
            ("Go on", partial(self.resume_run, run.id)),
            ("Later", self.banner.hide),
        )
