"""Run control: the operator's commands to a delivery, and the reason why it stops."""

from __future__ import annotations

import enum

from trackly_desktop.api.replies import StopReason
from trackly_desktop.delivery.in_flight import InFlight
from trackly_desktop.delivery.progress import RunEnd
from trackly_desktop.delivery.retry_policy import Abort
from trackly_desktop.journal.models import State


class _Command(enum.Enum):
    SEND = enum.auto()
    PAUSE = enum.auto()
    CANCEL = enum.auto()
    QUIT = enum.auto()


class RunControl:
    """Commands of an operator to one delivery, given in its event loop."""

    def __init__(self, in_flight: InFlight) -> None:
        self._in_flight = in_flight
        self._command = _Command.SEND
        self._abort: Abort | None = None

    def pause(self) -> None:
        """Send nothing more for now; what is in flight is answered."""
        self._set(_Command.PAUSE)

    def resume(self) -> None:
        """End a pause."""
        self._set(_Command.SEND)

    def cancel(self) -> None:
        """Send nothing more, for good; unsent rows stay pending."""
        self._set(_Command.CANCEL)

    def quit(self) -> None:
        """Send nothing more; the run stays unfinished and can be continued later."""
        self._set(_Command.QUIT)

    def abandon(self) -> None:
        """End what is in flight without its replies.

        Those rows stay `sending`, and are resolved when the run is continued.
        """
        self._in_flight.cancel()

    def abort(self, abort: Abort) -> None:
        """Stop the run for a reason of its own; the first reason counts."""
        self._abort = self._abort or abort

    @property
    def is_sending(self) -> bool:
        """Whether rows may leave."""
        return self._command is _Command.SEND and self._abort is None

    @property
    def is_paused(self) -> bool:
        """Whether the last command was to pause."""
        return self._command is _Command.PAUSE

    @property
    def is_quitting(self) -> bool:
        """Whether the program is about to end."""
        return self._command is _Command.QUIT

    @property
    def is_ending(self) -> bool:
        """Whether the run ends once nothing is in flight, though rows are left."""
        return self._abort is not None or self._command in (_Command.CANCEL, _Command.QUIT)

    def end(self) -> RunEnd:
        """Return how the run ends."""
        if self._abort is not None:
            abort = self._abort
            return RunEnd(
                State.STOPPED, abort.stop_reason, abort.words, abort.fault, wait=abort.wait, enrollment=abort.enrollment
            )
        if self._command is _Command.QUIT:
            return RunEnd(State.STOPPED, StopReason.INTERRUPTED)
        if self._command is _Command.CANCEL:
            return RunEnd(State.CANCELLED, StopReason.INTERRUPTED)
        return RunEnd(State.FINISHED)

    def _set(self, command: _Command) -> None:
        if self._command not in (_Command.QUIT, command):
            self._command = command
            self._in_flight.wake()
