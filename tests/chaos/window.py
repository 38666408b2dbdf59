"""A window that goes on with a run, with the clock's part of the policy shortened: it is there to be quit, or killed."""

from __future__ import annotations

import sys

from tests.shorten_clock import shorten_clock
from trackly_desktop.delivery import retry_policy
from trackly_desktop.gui import application
from trackly_desktop.gui.shutdown_signals import ShutdownSignals
from trackly_desktop.sandbox import KEY


def go_on_with(run: int, account_id: str) -> int:
    """Until the run is over, or the window is closed as the system closes it."""
    shorten_clock(setattr)
    retry_policy.LONGEST_DELAY, retry_policy.FREE_RETRIES = 0.05, 1_000_000
    app = application.make_application()
    window = application.open_window()
    ending = ShutdownSignals(window)

    def lend_key() -> None:
        account = window.context.accounts.get(account_id)
        assert account is not None
        worker = window.context.worker
        worker.accounts.key_stored.connect(lambda *_: window.go_on_with(run))
        worker.runs.ended.connect(lambda *_: window.close_without_asking())
        worker.runs.failed.connect(lambda *_: window.close_without_asking())
        worker.accounts.store_key(account, KEY)

    window.context.worker_ready.connect(lend_key)
    code = app.exec()
    ending.close()
    window.let_worker_end()
    return code


if __name__ == "__main__":
    raise SystemExit(go_on_with(int(sys.argv[1]), sys.argv[2]))
