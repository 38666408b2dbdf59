"""A server's address: which may be given the key, and by which proxy it is reached."""

from __future__ import annotations

import ipaddress
import urllib.request
from urllib.parse import SplitResult, urlsplit

from trackly_desktop.accounts.accounts import TRACKLY


class UrlProblem(ValueError):
    """An address that must not be given a key; its words are for the operator."""


def check_server_url(text: str) -> str:
    """The server's root, without a slash at its end. Raises AddressProblem: https only, http to this machine alone."""
    parts = _split(text.strip().rstrip("/"), "This is not a server address; Trackly's is " + TRACKLY)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UrlProblem("Give the server's address alone, like " + TRACKLY)
    if parts.path not in ("", "/"):
        raise UrlProblem(f"Give the server's root, {parts.scheme}://{parts.netloc}, without what follows it")
    if _is_plaintext(parts):
        raise UrlProblem(f"The key would cross the network in clear text; use https://{parts.netloc}")
    return f"{parts.scheme}://{parts.netloc}"


def check_page_url(text: str) -> str:
    """A page's address as it may be asked for. Raises AddressProblem: https only, http to this machine alone."""
    address, otherwise = text.strip(), "This is not an address; one begins with https://"
    parts = _split(address, otherwise)
    if not address.isprintable() or " " in address:
        raise UrlProblem(otherwise)
    if parts.username or parts.password or parts.fragment:
        raise UrlProblem("Give the address without a name, a password or a #")
    if _is_plaintext(parts):
        raise UrlProblem("What comes from there could be changed on its way; use https://")
    return address


def _split(address: str, otherwise: str) -> SplitResult:
    """An address of http or https with a host. Raises AddressProblem with the words of `otherwise`."""
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise UrlProblem(otherwise) from error
    if not is_one:
        raise UrlProblem(otherwise)
    return parts


def _is_plaintext(parts: SplitResult) -> bool:
    """Whether what is said would cross a network where others can read and change it."""
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def without_password(address: str) -> str:
    """An address as it may be shown: without a user's name and password."""
    before, sign, behind = address.rpartition("@")
    return f"{before[: before.find('://') + 3] if '://' in before else ''}{behind}" if sign else address


def proxy_for(address: str) -> str | None:
    """The proxy of the environment or, on Windows and macOS, of the system's settings; none for this machine."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if is_loopback(host) or urllib.request.proxy_bypass(parts.netloc):
        return None
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if proxy and "://" not in proxy:
        proxy = "http://" + proxy
    return proxy
