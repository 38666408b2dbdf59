"""URLs of servers: which may be given a key, and the proxy for each."""

from __future__ import annotations

import ipaddress
import urllib.request
from urllib.parse import SplitResult, urlsplit

from trackly_desktop.accounts.accounts import TRACKLY


class UrlProblem(ValueError):
    """A URL that must not be used; the message is for the operator."""


def check_server_url(text: str) -> str:
    """Return a server's root without a slash at its end.

    Raises:
        UrlProblem: Not https (http is for this machine alone), or not a root: the key must not be sent there.
    """
    parts = _split(text.strip().rstrip("/"), "This is not a server address; Trackly's is " + TRACKLY)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UrlProblem("Give the server's address alone, like " + TRACKLY)
    if parts.path not in ("", "/"):
        raise UrlProblem(f"Give the server's root, {parts.scheme}://{parts.netloc}, without what follows it")
    if _is_plaintext(parts):
        raise UrlProblem(f"The key would cross the network in clear text; use https://{parts.netloc}")
    return f"{parts.scheme}://{parts.netloc}"


def check_page_url(text: str) -> str:
    """Return a page's URL without spaces around it.

    Raises:
        UrlProblem: Not https (http is for this machine alone), or with a user name, password or fragment.
    """
    url, message = text.strip(), "This is not an address; one begins with https://"
    parts = _split(url, message)
    if not url.isprintable() or " " in url:
        raise UrlProblem(message)
    if parts.username or parts.password or parts.fragment:
        raise UrlProblem("Give the address without a name, a password or a #")
    if _is_plaintext(parts):
        raise UrlProblem("What comes from there could be changed on its way; use https://")
    return url


def _split(url: str, message: str) -> SplitResult:
    """Split an http or https URL with a host. Raises UrlProblem with `message`."""
    try:
        parts = urlsplit(url)
        is_valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise UrlProblem(message) from error
    if not is_valid:
        raise UrlProblem(message)
    return parts


def _is_plaintext(parts: SplitResult) -> bool:
    """Return whether requests would cross a network unencrypted."""
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine by its name or address alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def without_password(url: str) -> str:
    """Return a URL for display: without user name and password."""
    before, sign, behind = url.rpartition("@")
    return f"{before[: before.find('://') + 3] if '://' in before else ''}{behind}" if sign else url


def proxy_for(url: str) -> str | None:
    """Return the URL of the proxy; None for a direct connection, as to this machine.

    It is named by the environment or, on Windows and macOS, by the system's settings.
    """
    parts = urlsplit(url)
    if is_loopback(parts.hostname or "") or urllib.request.proxy_bypass(parts.netloc):
        return None
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if proxy and "://" not in proxy:
        proxy = "http://" + proxy
    return proxy
