"""File jobs in a process of their own: the window stays smooth."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from trackly_desktop.files.table import FileProblem, FormatOptions
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.system import logs
from trackly_desktop.validation import corrections, file_validation
from trackly_desktop.validation.corrections import Fix
from trackly_desktop.validation.file_validation import (
    InspectedFile,
    ProgressCallback,
    ValidationRequest,
    ValidationResult,
)
from trackly_desktop.validation.parallel import PROCESS_ENDED

_UNFORESEEN = "Something went wrong that the program did not foresee; the log says where"


PROCESS_NAME = "file job"


class FileJobProcess:
    """A runner of one file job at a time in its own process.

    A new job ends the one before it. Each job raises FileProblem where the system ends its process, or an unforeseen
    exception does.
    """

    def __init__(self) -> None:
        self._process: multiprocessing.process.BaseProcess | None = None
        self._threads = ThreadPoolExecutor(2, "file")

    async def inspect_file(self, path: Path, choice: FormatOptions, progress: ProgressCallback) -> InspectedFile:
        """Inspect a file.

        Raises:
            FileProblem: the file cannot be read, or its process ended.
            CancelledError: `stop` ended the job.
        """
        inspected: InspectedFile = await self._run(_inspect, (path, choice), progress)
        return inspected

    async def validate_file(self, request: ValidationRequest, progress: ProgressCallback) -> ValidationResult:
        """Validate a file into a draft.

        Raises:
            FileProblem, JournalProblem: the file or the journal cannot be used.
            CancelledError: `stop` ended the job.
        """
        result: ValidationResult = await self._run(_validate, (request,), progress)
        return result

    async def fix(
        self, journal: Path, run_id: int, fix: Fix, history_key: bytes, progress: ProgressCallback
    ) -> ValidationResult:
        """Apply a correction to a draft.

        Raises:
            FileProblem: the process ended.
            JournalProblem: the journal cannot be used, or the draft is gone.
            CancelledError: `stop` ended the job.
        """
        result: ValidationResult = await self._run(_fix, (journal, run_id, fix, history_key), progress)
        return result

    async def undo(
        self, journal: Path, run_id: int, history_key: bytes, progress: ProgressCallback
    ) -> ValidationResult:
        """Undo the last correction of a draft.

        Raises:
            JournalProblem: the journal cannot be used, or the draft is gone.
            CancelledError: `stop` ended the job.
        """
        result: ValidationResult = await self._run(_undo, (journal, run_id, history_key), progress)
        return result

    def stop(self) -> None:
        """End the job, if there is one; its unfinished draft is removed later."""
        process, self._process = self._process, None
        if process is not None and process.is_alive():
            process.terminate()

    def close(self) -> None:
        """End the job and the threads that wait for it."""
        self.stop()
        self._threads.shutdown(wait=True)

    async def _run(self, job: Callable[..., Any], arguments: tuple[Any, ...], progress: ProgressCallback) -> Any:
        self.stop()
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe(duplex=False)
        process = spawn.Process(target=_work, args=(theirs, job, arguments), name=PROCESS_NAME)
        loop = asyncio.get_running_loop()
        self._process = process

        def wait() -> tuple[str, Any]:
            try:
                process.start()
                theirs.close()
                if self._process is not process:  # `stop` came before the process began
                    process.terminate()
                while True:
                    kind, message = ours.recv()
                    if kind != "progress":
                        return kind, message
                    loop.call_soon_threadsafe(progress, message)
            except (EOFError, OSError, RuntimeError):
                return "ended", None
            finally:
                ours.close()
                if process.pid is not None:
                    process.join()

        kind, message = await loop.run_in_executor(self._threads, wait)
        was_stopped = self._process is not process
        if not was_stopped:
            self._process = None
        if kind == "done":
            return message
        if kind == "file":
            raise FileProblem(message)
        if kind == "journal":
            raise JournalProblem(message)
        if was_stopped:
            raise asyncio.CancelledError
        raise FileProblem(PROCESS_ENDED)


def _work(pipe: Connection[Any, Any], job: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    logs.open_log()
    try:
        pipe.send(("done", job(*arguments, lambda rows: pipe.send(("progress", rows)))))
    except FileProblem as problem:
        pipe.send(("file", str(problem)))
    except JournalProblem as problem:
        pipe.send(("journal", str(problem)))
    except (EOFError, BrokenPipeError):
        pass  # the window does not wait any more
    except Exception as error:
        logs.log_unexpected(error)
        pipe.send(("file", _UNFORESEEN))


def _inspect(path: Path, choice: FormatOptions, progress: ProgressCallback) -> InspectedFile:
    return file_validation.inspect_file(path, choice, progress)


def _validate(request: ValidationRequest, progress: ProgressCallback) -> ValidationResult:
    return file_validation.validate_file(request, progress)


def _fix(journal: Path, run_id: int, fix: Fix, history_key: bytes, progress: ProgressCallback) -> ValidationResult:
    return corrections.apply_fix(journal, run_id, fix, progress, history_key)


def _undo(journal: Path, run_id: int, history_key: bytes, _progress: ProgressCallback) -> ValidationResult:
    return corrections.undo_correction(journal, run_id, history_key)
