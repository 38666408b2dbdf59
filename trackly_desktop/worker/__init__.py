"""The one bridge between the window and everything that takes time."""

from trackly_desktop.worker.bridge import ApiWorker
from trackly_desktop.worker.events import AccountOpened, ContactSettled, FileOpened, PersonFound, Review, RowsFound

__all__ = ["AccountOpened", "ApiWorker", "ContactSettled", "FileOpened", "PersonFound", "Review", "RowsFound"]
