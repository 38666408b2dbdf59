"""File jobs in a process of their own end at once when they are stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from trackly_desktop.files.table import FileProblem, FormatOptions
from trackly_desktop.validation.subprocess_job import FileJobProcess

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
