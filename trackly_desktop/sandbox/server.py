"""HTTP side of the practice account: Starlette routes over SandboxAccount."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import phonenumbers
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from trackly_desktop.contacts.fields import FIELDS, LARGEST_BODY
from trackly_desktop.sandbox import KEY
from trackly_desktop.sandbox.contacts import Membership, SandboxAccount, contact_id
from trackly_desktop.sandbox.numbers import NUMBERS, SLOW_SECONDS, Behaviour

LARGEST_BULK = 1_000
_FIELD_NAMES = frozenset(field.name for field in FIELDS)
_BOOLEANS = frozenset(field.name for field in FIELDS if field.default is not None)
_Endpoint = Callable[[Request], Awaitable[Response]]


class Refusal(Exception):
    """A request that the API refuses, with its status, code and message."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status, self.code, self.words = status, code, words

    def answer(self) -> Response:
        body = {"error": self.words} | ({"code": self.code} if self.code else {})
        return JSONResponse(body, self.status)


def make_app(*, only_post: bool = False) -> Starlette:
    """Return the practice account; with `only_post` it has POST /api/v2/contacts only."""
    context = _Endpoints(SandboxAccount())
    routes = [Route("/api/v2/contacts", _guarded(context.post_contact), methods=["POST"])]
    if not only_post:
        routes += [
            Route("/api/v2/contacts", _guarded(context.get_contacts), methods=["GET"]),
            Route("/api/v2/contacts", _guarded(context.delete_contact), methods=["DELETE"]),
            Route("/api/v2/contacts/bulk", _guarded(context.post_bulk), methods=["POST"]),
            Route("/api/v2/contacts/{phone}", _guarded(context.get_contact), methods=["GET"]),
            Route("/api/v2/lists", _guarded(context.get_lists), methods=["GET"]),
        ]
    return Starlette(routes=routes)


def _guarded(endpoint: _Endpoint) -> _Endpoint:
    async def answer(request: Request) -> Response:
        try:
            key = request.headers.get("x-api-key", "")
            if not hmac.compare_digest(key.encode(), KEY.encode()):
                raise Refusal(401, "unauthorized", "Invalid API key" if key else "Missing X-Api-Key header")
            return await endpoint(request)
        except Refusal as refusal:
            return refusal.answer()

    return answer


class _Endpoints:
    def __init__(self, account: SandboxAccount) -> None:
        self._account = account
        self._seen: Counter[str] = Counter()

    async def post_contact(self, request: Request) -> Response:
        raw = await request.body()
        body = _json_object(raw)
        behaviour = NUMBERS.get(str(body.get("phone_number")))
        self._check(body, len(raw))
        if behaviour is not None:
            odd = await self._behave(behaviour, body, request)
            if odd is not None:
                return odd
        return JSONResponse(self._account.add(body))

    async def post_bulk(self, request: Request) -> Response:
        bodies = _json_object(await request.body()).get("contacts")
        if not isinstance(bodies, list) or not bodies:
            raise Refusal(400, "missing_contacts", "contacts must be a non-empty array")
        if len(bodies) > LARGEST_BULK:
            raise Refusal(413, "too_many_contacts", f"At most {LARGEST_BULK} contacts per request")
        answers, errors = [], []
        for index, body in enumerate(bodies):
            try:
                if not isinstance(body, dict):
                    raise Refusal(400, "invalid_contact", "Each contact must be an object")
                self._check(body, len(json.dumps(body, ensure_ascii=False).encode()))
                answers.append(self._account.add(body))
            except Refusal as refusal:
                phone = body.get("phone_number") if isinstance(body, dict) else None
                errors.append({"index": index, "phone_number": phone, "code": refusal.code, "error": refusal.words})
        return JSONResponse(
            {
                "success": True,
                "success_count": len(answers),
                "error_count": len(errors),
                "errors": errors,
                "contacts_created": sum(reply["is_new_contact"] for reply in answers),
                "list_contacts_created": sum(reply["is_new_list_contact"] for reply in answers),
                "journeys_enrolled": sum(reply["journeys_enrolled"] for reply in answers),
                "warnings": sorted({warning for reply in answers for warning in reply.get("warnings", ())}),
            }
        )

    async def get_lists(self, request: Request) -> Response:
        status = request.query_params.get("status")
        lists = [
            {
                "id": sending_list.id,
                "phone_number": sending_list.number,
                "brand_name": sending_list.brand,
                "list_name": sending_list.name,
                "list_type": "toll_free",
                "status": sending_list.status,
                "contact_count": self._account.count(sending_list.number),
                "created_at": "2024-01-15T09:00:00Z",
            }
            for sending_list in self._account.lists.values()
            if status in (None, sending_list.status)
        ]
        return JSONResponse({"lists": lists})

    async def get_contacts(self, request: Request) -> Response:
        query = request.query_params
        active = {"true": True, "false": False}.get(query.get("active", ""))
        people = self._account.people(query.get("list_number"), active)
        page, per_page = _whole(query.get("page"), 1), min(_whole(query.get("per_page"), 50), 1_000)
        shown = people[(page - 1) * per_page : page * per_page]
        pages = -(-len(people) // per_page)
        return JSONResponse(
            {
                "contacts": [
                    {"phone_number": member.phone} | self._membership(member) | _line_facts() for member in shown
                ],
                "pagination": {"page": page, "per_page": per_page, "total": len(people), "total_pages": pages},
            }
        )

    async def get_contact(self, request: Request) -> Response:
        phone = request.path_params["phone"]
        known = self._account.person(phone)
        if not known:
            raise Refusal(404, "contact_not_found", "Contact not found")
        lists = [self._membership(member) for member in known]
        return JSONResponse({"id": contact_id(phone), "phone_number": phone, "lists": lists} | _line_facts())

    async def delete_contact(self, request: Request) -> Response:
        body = _json_object(await request.body())
        phone, number = body.get("phone_number"), body.get("list_number")
        if not isinstance(phone, str) or not phone:
            raise Refusal(400, "missing_phone_number", "phone_number is required")
        if number not in self._account.lists:
            raise Refusal(400, "list_not_found", "No list with this list_number")
        return JSONResponse({"success": True, "unsubscribed": self._account.remove(phone, str(number))})

    def _check(self, body: dict[str, Any], size: int) -> None:
        """Raise the documented refusal, in the order of the API reference's table."""
        phone, number = body.get("phone_number"), body.get("list_number")
        if not phone:
            raise Refusal(400, "missing_phone_number", "phone_number is required")
        if not number:
            raise Refusal(400, "missing_list_number", "list_number is required")
        if size > LARGEST_BODY:
            raise Refusal(413, "payload_too_large", f"A contact may have at most {LARGEST_BODY} bytes")
        if not _valid(phone) or NUMBERS.get(phone) is Behaviour.INVALID_PHONE:
            raise Refusal(400, "invalid_phone", "phone_number is not a valid E.164 phone number")
        if not _valid(number):
            raise Refusal(400, "invalid_list_number", "list_number is not a valid E.164 phone number")
        if number not in self._account.lists:
            raise Refusal(400, "list_not_found", "No list with this list_number on this account")
        if NUMBERS.get(phone) is Behaviour.NOT_SENDABLE:
            raise Refusal(400, "not_sendable", "The phone number failed carrier validation")
        _check_types(body)

    async def _behave(self, behaviour: Behaviour, body: dict[str, Any], request: Request) -> Response | None:
        key = f"{body['phone_number']} {body['list_number']}"
        self._seen[key] += 1
        first = self._seen[key] == 1
        match behaviour:
            case Behaviour.ERROR_ALWAYS:
                raise Refusal(500, "internal_error", "An unexpected error occurred")
            case Behaviour.ERROR_ONCE if first:
                raise Refusal(500, "internal_error", "An unexpected error occurred")
            case Behaviour.ERROR_AFTER_SAVING if first:
                self._account.add(body)
                raise Refusal(500, "internal_error", "An unexpected error occurred")
            case Behaviour.NO_PAYMENT_METHOD:
                raise Refusal(402, "no_payment_method", "Add a payment method to go on")
            case Behaviour.ACCOUNT_SUSPENDED:
                raise Refusal(403, "", "Account is suspended")
            case Behaviour.TIMEOUT:
                await asyncio.sleep(SLOW_SECONDS)
            case Behaviour.BUSY_ONCE if first:
                return JSONResponse({"error": "Too many requests"}, 429, headers={"Retry-After": "1"})
            case Behaviour.NOT_JSON if first:
                return HTMLResponse("<!doctype html><title>Sign in to the network</title>")
            case Behaviour.CUT_BEFORE_SAVING if first:
                request.state.cut()
            case Behaviour.CUT_AFTER_SAVING if first:
                self._account.add(body)
                request.state.cut()
        return Response(status_code=500) if first and "cut" in behaviour.name.lower() else None

    def _membership(self, member: Membership) -> dict[str, Any]:
        return {
            "list_id": self._account.lists[member.list_number].id,
            "list_number": member.list_number,
            "active": member.active,
            "signup_date": member.facts.get("signup_date"),
            "signup_method": "api",
            "custom_fields": member.custom_fields,
            "ip_address": member.facts.get("ip_address"),
            "url": member.facts.get("url"),
            "ad_network_source": member.facts.get("ad_network_source"),
            "ad_network_id": member.facts.get("ad_network_id"),
            "send_count": 0,
            "click_count": 0,
            "last_sent_at": None,
            # Not Trackly's: what a test has to know, and no documented field tells.
            "practice": {"requests": member.requests, "journeys_enrolled": member.journeys_enrolled},
        }


def _line_facts() -> dict[str, Any]:
    return {
        "carrier": "Practice Wireless",
        "line_type": "CELL PHONE",
        "timezone": "America/Los_Angeles",
        "is_valid": True,
    }


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refusal(400, "invalid_json", "The body must be a JSON object")
    return body


def _valid(number: object) -> bool:
    """Return whether this is E.164, and valid by libphonenumber's metadata."""
    if not isinstance(number, str) or not number.startswith("+") or not number[1:].isdigit():
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False


def _check_types(body: dict[str, Any]) -> None:
    for name, value in body.items():
        if name not in _FIELD_NAMES:
            continue  # the API ignores unknown fields
        if name in _BOOLEANS:
            right = isinstance(value, bool)
        elif name == "custom_fields":
            right = isinstance(value, dict) and all(isinstance(item, (str, int, float)) for item in value.values())
        else:
            right = isinstance(value, str)
        if not right:
            raise Refusal(400, f"invalid_{name}", f"{name} has the wrong type")


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and int(text) > 0 else otherwise
