"""Settings of the window, in `window.ini` of the configuration folder."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings

from trackly_desktop.system import app_info, paths

_MAXIMUM_NAMES = 100


def _settings() -> QSettings:
    return QSettings(str(paths.config_folder() / "window.ini"), QSettings.Format.IniFormat)


def window_geometry() -> QByteArray | None:
    """Return the saved size and position of the window; None before the first save."""
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
    """Save names of custom fields, ahead of those saved before; at most 100 are kept."""
    all_names = [*names, *(name for name in custom_field_names() if name not in names)]
    _settings().setValue("custom_field_names", all_names[:_MAXIMUM_NAMES])


def checks_for_updates() -> bool:
    """Return whether to check for updates once a day; off by default."""
    return bool(_settings().value("newer/look", False, bool))


def save_checks_for_updates(enabled: bool) -> None:
    """Save whether to check for updates once a day."""
    _settings().setValue("newer/look", enabled)


def update_address() -> str:
    """Return the URL of the newest version's number; empty where there is none.

    The operator's own URL has precedence over the build's.
    """
    return str(_settings().value("newer/address", "")) or app_info.update_address()


def save_update_address(address: str) -> None:
    """Save the operator's URL of the newest version's number.

    The build's own is saved as empty, so that a later build can bring another.
    """
    _settings().setValue("newer/address", "" if address == app_info.update_address() else address)


def last_update_check() -> float:
    """Return the time of the last update check in seconds since 1970; 0 for never."""
    return float(str(_settings().value("newer/looked_at", 0.0)))


def save_last_update_check(seconds: float) -> None:
    """Save the time of an update check in seconds since 1970."""
    _settings().setValue("newer/looked_at", seconds)


def dismissed_version() -> str:
    """Return the version whose notice the operator dismissed; empty where none was."""
    return str(_settings().value("newer/not_wanted", ""))


def save_dismissed_version(version: str) -> None:
    """Save the version whose notice the operator dismissed."""
    _settings().setValue("newer/not_wanted", version)


def last_folder() -> str:
    """Return the folder of the file opened or saved last; empty before the first."""
    return str(_settings().value("last_folder", ""))


def save_last_folder(folder: str) -> None:
    """Save the folder of the file opened or saved last."""
    _settings().setValue("last_folder", folder)
