"""Settings of the window, in `window.ini` of the configuration folder; nothing personal."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings

from trackly_desktop.system import app_info, paths

_MAXIMUM_NAMES = 100


def _settings() -> QSettings:
    return QSettings(str(paths.config_folder() / "window.ini"), QSettings.Format.IniFormat)


def window_geometry() -> QByteArray | None:
    """Return the window's last size and position, as Qt saves them; None before the first save."""
    geometry = _settings().value("window")
    return geometry if isinstance(geometry, QByteArray) else None


def save_window_geometry(geometry: QByteArray) -> None:
    """Save the window's size and position, as Qt's `saveGeometry` returns them."""
    _settings().setValue("window", geometry)


def is_section_open(name: str) -> bool:
    """Return whether a collapsible section was left open."""
    return bool(_settings().value(f"open/{name}", False, bool))


def save_section_open(name: str, opened: bool) -> None:
    """Save whether a collapsible section is open."""
    _settings().setValue(f"open/{name}", opened)


def custom_field_names() -> list[str]:
    """Return the names of custom fields used before, the newest first."""
    names = _settings().value("custom_field_names", [])
    return [str(name) for name in names] if isinstance(names, list) else [str(names)]


def save_custom_field_names(names: list[str]) -> None:
    """Save names of custom fields ahead of those saved before; the oldest beyond 100 are dropped."""
    all_names = [*names, *(name for name in custom_field_names() if name not in names)]
    _settings().setValue("custom_field_names", all_names[:_MAXIMUM_NAMES])


def checks_for_updates() -> bool:
    """Return whether to check for updates once a day; off until the operator switches it on."""
    return bool(_settings().value("newer/look", False, bool))


def save_checks_for_updates(enabled: bool) -> None:
    """Save whether to check for updates once a day."""
    _settings().setValue("newer/look", enabled)


def update_address() -> str:
    """Return the URL of the newest version's number: the operator's, else the build's; may be empty."""
    return str(_settings().value("newer/address", "")) or app_info.update_address()


def save_update_address(address: str) -> None:
    """Save the operator's URL of the newest version's number.

    The build's own is saved as empty, so that a later build can bring another.
    """
    _settings().setValue("newer/address", "" if address == app_info.update_address() else address)


def last_update_check() -> float:
    """Return the time of the last check for updates, in seconds since 1970; 0 before the first."""
    return float(str(_settings().value("newer/looked_at", 0.0)))


def save_last_update_check(seconds: float) -> None:
    """Save the time of the last check for updates, in seconds since 1970."""
    _settings().setValue("newer/looked_at", seconds)


def dismissed_version() -> str:
    """Return the version whose notice the operator dismissed; empty where none was."""
    return str(_settings().value("newer/not_wanted", ""))


def save_dismissed_version(version: str) -> None:
    """Save the version whose notice the operator dismissed."""
    _settings().setValue("newer/not_wanted", version)


def last_folder() -> str:
    """Return the folder in which a file was last opened or saved; empty before the first."""
    return str(_settings().value("last_folder", ""))


def save_last_folder(folder: str) -> None:
    """Save the folder in which a file was opened or saved."""
    _settings().setValue("last_folder", folder)
