"""Opening and checking files in a process of its own: the interpreter lock would make the window stutter."""

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


class FileJobProcess:
    """One file job at a time, in a process that ends with it. A new job ends the one before it."""

    def __init__(self) -> None:
        self._process: multiprocessing.process.BaseProcess | None = None
        self._threads = ThreadPoolExecutor(2, "file")

    async def inspect_file(self, path: Path, choice: FormatOptions, progress: ProgressCallback) -> InspectedFile:
        """Raises FileProblem; CancelledError when `stop` ended it."""
        opened: InspectedFile = await self._ask(_open, (path, choice), progress)
        return opened

    async def validate_file(self, request: ValidationRequest, progress: ProgressCallback) -> ValidationResult:
        """Raises FileProblem or JournalProblem; CancelledError when `stop` ended it."""
        checked: ValidationResult = await self._ask(_check, (request,), progress)
        return checked

    async def fix(
        self, journal: Path, run: int, fix: Fix, history_key: bytes, progress: ProgressCallback
    ) -> ValidationResult:
        """Raises JournalProblem; CancelledError when `stop` ended it."""
        checked: ValidationResult = await self._ask(_fix, (journal, run, fix, history_key), progress)
        return checked

    def stop(self) -> None:
        """Ends the job, if there is one; a half-made draft is thrown away when the program next looks."""
        process, self._process = self._process, None
        if process is not None and process.is_alive():
            process.terminate()

    def close(self) -> None:
        """Ends the job and the threads that wait for it."""
        self.stop()
        self._threads.shutdown(wait=True)

    async def _ask(self, job: Callable[..., Any], given: tuple[Any, ...], progress: ProgressCallback) -> Any:
        self.stop()
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe(duplex=False)
        process = spawn.Process(target=_work, args=(theirs, job, given))
        loop = asyncio.get_running_loop()
        self._process = process

        def wait() -> tuple[str, Any]:
            process.start()
            theirs.close()
            if self._process is not process:  # it was stopped before it had begun
                process.terminate()
            try:
                while True:
                    kind, said = ours.recv()
                    if kind != "progress":
                        return kind, said
                    loop.call_soon_threadsafe(progress, said)
            except (EOFError, RuntimeError):
                return "ended", None
            finally:
                ours.close()
                process.join()

        kind, said = await loop.run_in_executor(self._threads, wait)
        if self._process is process:
            self._process = None
        if kind == "done":
            return said
        if kind == "file":
            raise FileProblem(said)
        if kind == "journal":
            raise JournalProblem(said)
        raise asyncio.CancelledError


def _work(pipe: Connection[Any, Any], job: Callable[..., Any], given: tuple[Any, ...]) -> None:
    logs.open_log()
    try:
        pipe.send(("done", job(*given, lambda rows: pipe.send(("progress", rows)))))
    except FileProblem as problem:
        pipe.send(("file", str(problem)))
    except JournalProblem as problem:
        pipe.send(("journal", str(problem)))
    except (EOFError, BrokenPipeError):
        pass  # nobody waits any more


def _open(path: Path, choice: FormatOptions, progress: ProgressCallback) -> InspectedFile:
    return file_validation.inspect_file(path, choice, progress)


def _check(request: ValidationRequest, progress: ProgressCallback) -> ValidationResult:
    return file_validation.validate_file(request, progress)


def _fix(journal: Path, run: int, fix: Fix, history_key: bytes, progress: ProgressCallback) -> ValidationResult:
    return corrections.apply_fix(journal, run, fix, progress, history_key)
