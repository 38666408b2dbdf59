"""Jobs off the GUI thread: a thread with an asyncio loop, and jobs with signals."""

from trackly_desktop.worker.api_worker import ApiWorker
from trackly_desktop.worker.events import AccountOpened, FileOpened, RowsFound

__all__ = ["AccountOpened", "ApiWorker", "FileOpened", "RowsFound"]
