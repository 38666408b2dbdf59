"""End processes as a system does that has no memory left."""

from __future__ import annotations

import multiprocessing


def kill_processes(name: str) -> None:
    """Kill this process's children of a name; others, like a server's, go on."""
    for process in multiprocessing.active_children():
        if process.name == name:
            process.kill()
