"""The audit record as a PDF: the facts of its JSON file, for people."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument

from trackly_desktop.gui import formatting
from trackly_desktop.system.private_files import open_private


def write_pdf(record: dict[str, Any], path: Path) -> bool:
    """Write the record of a run as an owner-only PDF; return whether that succeeded."""
    temporary = path.with_name(path.name + ".part")
    try:
        os.close(open_private(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
    except OSError:
        return False
    writer = QPdfWriter(str(temporary))
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(18, 18, 18, 18))
    )
    writer.setTitle(f"Proof record of {record['file']['name']}")
    writer.setCreator(record["program"])
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setHtml(_html(record))
    document.print_(writer)
    del writer  # the file is complete once its writer is destroyed
    if not temporary.exists() or not temporary.stat().st_size:
        return False
    temporary.replace(path)
    return True


def _html(record: dict[str, Any]) -> str:
    file, confirmed = record["file"], record["confirmed"]
    parts = [
        "<style>body{font-family:sans-serif;font-size:9pt} h1{font-size:17pt} h2{font-size:11pt;margin-top:16px;"
        "margin-bottom:4px} .mono{font-family:monospace;font-size:8pt}</style>",
        f"<h1>Proof record of {escape(file['name'])}</h1>",
        f"<p>{escape(record['program'])}, import {record['run']} on “{escape(record['account'])}”"
        f" ({escape(record['server'])})</p>",
        _table(
            "The file",
            {"Name": file["name"], "SHA-256": file["sha256"], "Size": f"{formatting.number(file['bytes'])} bytes",
             "Rows": formatting.number(file["rows"]), "Corrected in the review": formatting.number(record["corrected_rows"]),
             "Lists": ", ".join(f"{number} ({formatting.number(count)})" for number, count in record["lists"].items())},
        ),
        _table(
            "What was confirmed",
            {"Sentence": confirmed["sentence"], "By": confirmed["who"], "At (UTC)": confirmed["at"] or "",
             "Ended (UTC)": record["ended_at"] or "", "State": record["state"]},
        ),
        _table("What came of it", {name.capitalize(): formatting.number(count) for name, count in record["counts"].items()}),
        _table(
            "Kinds of success",
            {name.replace("_", " ").capitalize(): formatting.number(count) for name, count in record["successes"].items()},
        ),
        _table("Left out", {reason or "left out": formatting.number(count) for reason, count in record["left_out"].items()}),
        _table("Warnings", {warning: formatting.number(count) for warning, count in record["warnings"].items()}),
        _table("Columns", record["columns"]),
        _table("Options", {name: str(value) for name, value in record["options"].items()}),
        f"<h2>Digest</h2><p class='mono'>{record['digest']}</p>"
        "<p>The JSON file beside this one has the same; “trackly-desktop verify RECORD FILE” checks it against the file.</p>",
    ]  # fmt: skip
    return "".join(parts)


def _table(title: str, lines: dict[str, str]) -> str:
    rows = "".join(
        f"<tr><td width='34%'>{escape(name)}</td><td width='66%'>{escape(str(value))}</td></tr>"
        for name, value in lines.items()
    )
    return f"<h2>{title}</h2><table width='100%' cellpadding='3' cellspacing='0'>{rows}</table>" if rows else ""
