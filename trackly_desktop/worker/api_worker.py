"""ApiWorker: the bridge with every group of jobs of the window."""

from __future__ import annotations

from pathlib import Path

from trackly_desktop.worker.account_jobs import AccountJobs
from trackly_desktop.worker.bridge import Bridge
from trackly_desktop.worker.contact_jobs import ContactJobs
from trackly_desktop.worker.deliveries import ActiveDeliveries
from trackly_desktop.worker.file_jobs import FileJobs
from trackly_desktop.worker.query_jobs import QueryJobs
from trackly_desktop.worker.run_jobs import RunJobs
from trackly_desktop.worker.suppression_jobs import SuppressionJobs

ANSWER_SECONDS = 5.0
"""Seconds that requests in flight have to be answered when the program ends."""


class ApiWorker(Bridge):
    """Created on the GUI thread and started once; `stop` it, and wait for `finished`."""

    def __init__(self, journal: Path, *, only_post: bool = False) -> None:
        """Create the jobs; `only_post` as for `Bridge`."""
        super().__init__(journal, only_post=only_post)
        self._deliveries = ActiveDeliveries(self)
        self.accounts = AccountJobs(self)
        self.contacts = ContactJobs(self, self._deliveries)
        self.files = FileJobs(self, self._deliveries)
        self.runs = RunJobs(self, self._deliveries)
        self.suppression = SuppressionJobs(self)
        self.queries = QueryJobs(self)

    @property
    def is_delivering(self) -> bool:
        """Whether a contact or a run is being delivered; may be read in any thread."""
        return not self._deliveries.is_empty

    async def end_jobs(self) -> None:
        self._deliveries.quit()
        self.files.end()
        await self._deliveries.wait(ANSWER_SECONDS)
        self._deliveries.abandon()
        await self._deliveries.wait(ANSWER_SECONDS)

    def release(self) -> None:
        self.files.release()
