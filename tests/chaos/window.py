"""A window that continues a run by a fast policy: tests quit or kill it."""

from __future__ import annotations

import functools
import sys

from tests.delivery.policies import UNBUDGETED
from trackly_desktop.gui import application
from trackly_desktop.gui.shutdown_signals import ShutdownSignals
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService


def use_fast_policy() -> None:
    """Give the service that the window's worker creates another default policy."""
    ImportService.__init__ = functools.partialmethod(ImportService.__init__, policy=UNBUDGETED)  # type: ignore[assignment, method-assign]


def continue_run(run_id: int, account_id: str) -> int:
    """Show the window until the run ends or it is closed. Return the exit code."""
    use_fast_policy()
    app = application.make_application()
    window = application.open_window()
    signals = ShutdownSignals(window)

    def lend_key() -> None:
        account = window.context.accounts.get(account_id)
        assert account is not None
        worker = window.context.worker
        worker.accounts.key_stored.connect(lambda *_: window.resume_run(run_id))
        worker.runs.ended.connect(lambda *_: window.close_without_asking())
        worker.runs.failed.connect(lambda *_: window.close_without_asking())
        worker.accounts.store_key(account, KEY)

    window.context.worker_ready.connect(lend_key)
    code = app.exec()
    signals.close()
    window.wait_for_worker()
    return code


if __name__ == "__main__":
    raise SystemExit(continue_run(int(sys.argv[1]), sys.argv[2]))
