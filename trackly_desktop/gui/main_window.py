"""The main window: the account bar, the pages, files dropped on it, and how it closes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
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
from trackly_desktop.gui.widgets.controls import column, holder, row, shortcut
from trackly_desktop.gui.widgets.notice import Notice

if TYPE_CHECKING:
    from trackly_desktop.gui.about.page import AboutPage
    from trackly_desktop.gui.accounts.page import AccountsPage
    from trackly_desktop.gui.do_not_text.page import DoNotTextPage
    from trackly_desktop.gui.history.page import HistoryPage
    from trackly_desktop.gui.import_wizard.page import ImportPage
    from trackly_desktop.gui.results.page import ResultsPage
    from trackly_desktop.worker import ApiWorker

# Only the first page is made with the window; the others are imported and made when they are first wanted, and the wizard
# once the window has been idle for so many milliseconds.
_IDLE_AFTER = 700

_NAV = (
    ("add", "add", "Add"),
    ("import", "import", "Import"),
    ("results", "results", "Results"),
    ("history", "history", "History"),
    ("do-not-text", "block", "Do not text"),
    ("accounts", "accounts", "Accounts"),
    ("about", "info", "About"),
)
_AT_THE_BOTTOM = 2

_UNPAINTED = 500


class MainWindow(QMainWindow):
    """Shown first; the worker comes after (`attach`). `closed` tells that nothing is under way any more."""

    first_shown = Signal()
    closed = Signal()

    def __init__(self, context: AccountContext) -> None:
        super().__init__()
        self.context = context
        self.setWindowTitle("Trackly Desktop")
        self.setWindowIcon(icons.icon("app", "accent"))
        self.setMinimumSize(800, 560)
        self._closing = self._was_shown = self._was_told = False
        self._asks = True
        self._buttons: dict[str, QToolButton] = {}
        self._waiting: list[Path] = []
        self._stack = QStackedWidget()
        self.contact_page = ContactPage(context)
        self.contact_page.accounts_requested.connect(self._show_accounts)
        self.contact_page.row_requested.connect(self.show_row)
        self._stack.addWidget(self.contact_page)
        self.bar = AccountBar(context)
        self.banner = Notice()
        around = column(self.banner)
        around.setContentsMargins(theme.XL, theme.L, theme.XL, 0)
        self._inset = holder(around)
        self._inset.hide()
        self._nav = self._make_nav()
        self.banner.hidden_or_shown.connect(self._inset.setVisible)
        body = column(self._inset, self._stack, spacing=0)
        whole = QWidget()
        whole.setLayout(column(self.bar, row(self._nav, body, spacing=0), spacing=0))
        self.setCentralWidget(whole)
        self._overlay = DropOverlay(self, self.open_file, self.open_text)
        self.bar.accounts_requested.connect(self._show_accounts)
        self._place()
        self.go_to("add")

    # Pages

    @cached_property
    def import_page(self) -> ImportPage:
        """Import."""
        from trackly_desktop.gui.import_wizard.page import ImportPage

        page = ImportPage(self.context)
        page.results_requested.connect(self.show_results)
        page.accounts_requested.connect(self._show_accounts)
        self._stack.addWidget(page)
        return page

    @cached_property
    def results_page(self) -> ResultsPage:
        """Results."""
        from trackly_desktop.gui.results.page import ResultsPage

        page = ResultsPage(self.context)
        page.import_requested.connect(self._show_import)
        self._stack.addWidget(page)
        return page

    @cached_property
    def history_page(self) -> HistoryPage:
        """History."""
        from trackly_desktop.gui.history.page import HistoryPage

        page = HistoryPage(self.context)
        page.results_requested.connect(self.show_results)
        page.run_requested.connect(self.go_on_with)
        page.import_requested.connect(self._show_import)
        page.person_requested.connect(self._show_person)
        self._stack.addWidget(page)
        return page

    @cached_property
    def do_not_text_page(self) -> DoNotTextPage:
        """Those who are never texted."""
        from trackly_desktop.gui.do_not_text.page import DoNotTextPage

        page = DoNotTextPage(self.context)
        self._stack.addWidget(page)
        return page

    @cached_property
    def accounts_page(self) -> AccountsPage:
        """Accounts."""
        from trackly_desktop.gui.accounts.page import AccountsPage

        page = AccountsPage(self.context)
        self._stack.addWidget(page)
        return page

    @cached_property
    def about_page(self) -> AboutPage:
        """The program itself."""
        from trackly_desktop.gui.about.page import AboutPage

        page = AboutPage(self.context)
        self._stack.addWidget(page)
        return page

    def go_to(self, name: str) -> None:
        """Shows a page: add, import, results, history, do-not-text, accounts or about."""
        if name != "add" and not self.context.has_worker:
            self._buttons["add"].setChecked(True)  # it comes within a blink; nothing but the form works before
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
        """A file was dropped, or named on the command line."""
        if not self.context.has_worker:
            self._waiting.append(path)
            return
        self.go_to("import")
        self.import_page.open(path)
        self.raise_()
        self.activateWindow()

    def open_text(self, text: str) -> None:
        """A table was dropped as text."""
        if self.context.has_worker:
            self.go_to("import")
            self.import_page.open_text(text)

    def go_on_with(self, run: int) -> None:
        """Takes up a run that stopped."""
        self.banner.hide()
        self.go_to("import")
        self.import_page.go_on_with(run)

    def _show_person(self, text: str) -> None:
        self.results_page.show_person(text)
        self.go_to("results")

    def show_results(self, run: int) -> None:
        """A run's rows."""
        self.results_page.show_run(run)
        self.go_to("results")

    def show_row(self, key: int) -> None:
        """One contact's row, among all that were added by hand."""
        self.results_page.show_contacts(key)
        self.go_to("results")

    def _show_accounts(self) -> None:
        self.go_to("accounts")

    def _show_import(self) -> None:
        self.go_to("import")

    def _make_nav(self) -> QFrame:
        self._group = QButtonGroup(self)
        buttons = []
        for number, (name, icon, text) in enumerate(_NAV, 1):
            one = QToolButton()
            one.setProperty("role", "nav")
            one.setText(text)
            one.setIcon(icons.icon(icon, "quiet"))
            one.setIconSize(QSize(18, 18))
            one.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            one.setCheckable(True)
            one.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            one.setToolTip(f"Ctrl+{number}")
            one.clicked.connect(partial(self.go_to, name))
            shortcut(self, f"Ctrl+{number}", partial(self.go_to, name))
            self._group.addButton(one)
            self._buttons[name] = one
            buttons.append(one)
        side = holder(
            column(*buttons[:-_AT_THE_BOTTOM], 0, *buttons[-_AT_THE_BOTTOM:], spacing=theme.XS, margin=theme.S), "side"
        )
        side.setFixedWidth(theme.NAV)
        return side

    def _place(self) -> None:
        """Where it was last; at first, a size in which everything has room."""
        kept = settings.settings().value("window")
        if not (isinstance(kept, QByteArray) and self.restoreGeometry(kept)):
            self.resize(1120, 760)

    # Its life

    def attach(self, worker: ApiWorker) -> None:
        """The worker is there."""
        self.context.attach(worker)
        worker.failed.connect(self._failed)
        worker.finished.connect(self._worker_ended)
        self.contact_page.fill_countries()
        self._offer_unfinished()
        for path in self._waiting[:1]:
            self.open_file(path)
        from trackly_desktop.gui.update_check import UpdateCheck

        self._newer = UpdateCheck(self.context, self.banner)
        QTimer.singleShot(_IDLE_AFTER, self, self._prepare_import)

    def _prepare_import(self) -> None:
        """The wizard is made while nobody waits, a part at a time: a first file would make the window stutter."""
        import trackly_desktop.gui.import_wizard.page  # noqa: F401 - the first part

        QTimer.singleShot(0, self, lambda: self.import_page)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's."""
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self._overlay.watch()
            # A window that starts minimised is not painted: it gets its worker all the same.
            QTimer.singleShot(_UNPAINTED, self, self._tell_first_shown)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's."""
        super().paintEvent(event)
        if not self._was_told:
            QTimer.singleShot(0, self, self._tell_first_shown)

    def _tell_first_shown(self) -> None:
        if not self._was_told:
            self._was_told = True
            self.first_shown.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt's: never while an answer is still to come."""
        if self._closing or not self.context.has_worker:
            event.accept()
            return
        event.ignore()
        if self._asks and self._busy() and not self._ask_to_quit():
            return
        self._closing = True
        settings.settings().setValue("window", self.saveGeometry())
        self._stack.setEnabled(False)
        self._nav.setEnabled(False)
        if self.context.worker.is_delivering:
            self.banner.say("info", "Waiting for the last answers", "A few seconds at most.")
        self.context.worker.stop()

    def close_without_asking(self) -> None:
        """The system ends the program: what is in flight is answered, and the rest goes on next time."""
        self._asks = False
        self.close()

    def let_worker_end(self) -> None:
        """Once no event is handled any more: a thread is never destroyed while it runs."""
        if self.context.has_worker and not self.context.worker.isFinished():
            self.context.worker.stop()
            self.context.worker.wait()

    def _worker_ended(self) -> None:
        self.context.worker.wait()
        self.context.close()
        self._closing = True
        self.close()
        self.closed.emit()

    def _busy(self) -> bool:
        return self.context.worker.is_delivering

    def _ask_to_quit(self) -> bool:
        box = QMessageBox(self)
        box.setWindowTitle("Quit")
        box.setText("Contacts are still being sent")
        box.setInformativeText("Quit now, and it goes on where it was when you start again. Nothing is sent twice.")
        quit_now = box.addButton("Quit", QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is quit_now

    def _failed(self, said: str) -> None:
        self.banner.say("bad", said, "", ("Close", self.banner.hide))

    def _offer_unfinished(self) -> None:
        unfinished = self.context.reader.unfinished()
        if not unfinished:
            return
        run = unfinished[0]
        left = run.counts.get(Outcome.PENDING, 0) + run.counts.get(Outcome.SENDING, 0)
        self.banner.say(
            "caution",
            f"The import of {run.file} stopped before its end",
            f"{formatting.count(left, 'contact')} of {formatting.number(run.rows)} still to be sent, on “{run.account_name}”."
            " It goes on where it was; nothing is sent twice.",
            ("Go on", partial(self.go_on_with, run.run)),
            ("Later", self.banner.hide),
        )
