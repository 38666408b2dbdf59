"""File jobs in a process of their own end at once when they are stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.validation.processes import kill_processes
from trackly_desktop.files.table import FileProblem, FormatOptions
from trackly_desktop.validation.subprocess_job import PROCESS_NAME, FileJobProcess

Write = Callable[..., Path]


def test_a_job_that_is_stopped_before_its_process_begins_ends(write: Write) -> None:
    file = write("Phone", "4155550120")

    async def work() -> None:
        process = FileJobProcess()
        job = asyncio.ensure_future(process.inspect_file(file, FormatOptions(), lambda _rows: None))
        await asyncio.sleep(0)
        process.stop()
        with pytest.raises(asyncio.CancelledError):
            await job
        process.close()

    asyncio.run(work())


def test_a_job_is_done_and_its_problem_comes_back_in_words(write: Write, tmp_path: Path) -> None:
    file = write("Phone", "4155550120")

    async def work() -> None:
        process = FileJobProcess()
        opened = await process.inspect_file(file, FormatOptions(), lambda _rows: None)
        assert opened.rows == 1
        with pytest.raises(FileProblem, match="not there any more"):
            await process.inspect_file(tmp_path / "none.csv", FormatOptions(), lambda _rows: None)
        process.close()

    asyncio.run(work())


def large(write: Write) -> Path:
    return write("Phone,Name", *(f"+1415{number:07},N" for number in range(100_000)))


def test_a_process_that_the_system_ends_is_a_problem_in_words(write: Write) -> None:
    def end(_rows: int) -> None:
        kill_processes(PROCESS_NAME)

    async def work() -> None:
        process = FileJobProcess()
        with pytest.raises(FileProblem, match="the system ended"):
            await process.inspect_file(large(write), FormatOptions(), end)
        opened = await process.inspect_file(write("Phone", "4155550120"), FormatOptions(), lambda _rows: None)
        assert opened.rows == 1
        process.close()

    asyncio.run(work())


def test_a_job_that_is_stopped_while_it_reads_is_cancelled(write: Write) -> None:
    async def work() -> None:
        process = FileJobProcess()
        with pytest.raises(asyncio.CancelledError):
            await process.inspect_file(large(write), FormatOptions(), lambda _rows: process.stop())
        process.close()

    asyncio.run(work())


def test_a_newer_job_cancels_the_one_before_it(write: Write) -> None:
    async def work() -> None:
        process = FileJobProcess()
        first = asyncio.ensure_future(process.inspect_file(large(write), FormatOptions(), lambda _rows: None))
        await asyncio.sleep(0)
        newer = await process.inspect_file(write("Phone", "4155550120", name="b.csv"), FormatOptions(), lambda _: None)
        assert newer.rows == 1
        with pytest.raises(asyncio.CancelledError):
            await first
        process.close()

    asyncio.run(work())


def test_an_unforeseen_exception_in_the_process_is_a_problem_in_words() -> None:
    async def work() -> None:
        process = FileJobProcess()
        with pytest.raises(FileProblem, match="did not foresee"):
            await process.inspect_file("no path at all", FormatOptions(), lambda _rows: None)  # type: ignore[arg-type]
        process.close()

    asyncio.run(work())
