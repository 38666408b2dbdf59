"""A server with one list whose members change while a test watches."""

from __future__ import annotations

from urllib.parse import unquote

from tests.conftest import LIST
from tests.faults.server import ACCEPTED, OddServer, answer

NOT_SENDABLE = answer(400, {"error": "The phone number failed carrier validation", "code": "not_sendable"})
BROKEN = answer(500, {"error": "An unexpected error occurred", "code": "internal_error"})


class ListServer(OddServer):
    """The endpoints for lists, look-ups and members, and POST with one reply.

    `unsubscribed` people are off the list; `active` ones are on it.
    """

    def __init__(self) -> None:
        self.unsubscribed: set[str] = set()
        self.active: set[str] = set()
        self.tells = True
        """Whether it has any endpoint but POST."""
        self.reply = ACCEPTED
        super().__init__(self._respond)

    @property
    def posted(self) -> list[str]:
        """The phones of every POST, in order."""
        return [body["phone_number"] for body in self.bodies if isinstance(body, dict)]

    @property
    def asked(self) -> int:
        """How often it was asked who unsubscribed."""
        return sum("active=false" in head for head in self.heads)

    def wait_until_asked(self, times: int, timeout: float = 60.0) -> bool:
        """Wait until it was asked so often who unsubscribed; return False on a timeout."""
        with self._changed:
            return self._changed.wait_for(lambda: self.asked >= times, timeout)

    def _respond(self, request: bytes) -> bytes:
        method, url = request.decode().split(" ", 2)[:2]
        if method == "POST":
            return self.reply
        if not self.tells:
            return answer(404)
        if url.endswith("/lists"):
            return answer(200, {"lists": [{"phone_number": LIST, "contact_count": len(self.active)}]})
        if "active=" in url:
            active = "active=true" in url
            people = sorted(self.active if active else self.unsubscribed)
            contacts = [{"phone_number": phone, "list_number": LIST, "active": active} for phone in people]
            return answer(200, {"contacts": contacts, "pagination": {"total_pages": 1, "total": len(people)}})
        phone = unquote(url.rpartition("/")[2])
        if phone not in self.active | self.unsubscribed:
            return answer(404, {"error": "Contact not found"})
        lists = [{"list_number": LIST, "active": phone in self.active}]
        return answer(200, {"phone_number": phone, "lists": lists})
