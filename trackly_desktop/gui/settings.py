"""What the window remembers: its size, what is folded away, the last folder, names used before. Nothing personal."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from trackly_desktop.system import paths

_MOST_NAMES = 100


def settings() -> QSettings:
    """The window's settings, one small file in the program's own place."""
    return QSettings(str(paths.config_folder() / "window.ini"), QSettings.Format.IniFormat)


def is_open(name: str) -> bool:
    """Whether a folding part of a form was left open."""
    return bool(settings().value(f"open/{name}", False, bool))


def keep_open(name: str, opened: bool) -> None:
    """Remembers whether a folding part is open."""
    settings().setValue(f"open/{name}", opened)


def names_used() -> list[str]:
    """Custom fields' names used before, the newest first."""
    kept = settings().value("custom_field_names", [])
    return [str(one) for one in kept] if isinstance(kept, list) else [str(kept)]


def keep_names(names: list[str]) -> None:
    """Remembers custom fields' names."""
    known = [*names, *(one for one in names_used() if one not in names)]
    settings().setValue("custom_field_names", known[:_MOST_NAMES])


def looks_for_newer() -> bool:
    """Whether a newer version is looked for once a day: only when it was asked for."""
    return bool(settings().value("newer/look", False, bool))


def keep_looking_for_newer(looks: bool) -> None:
    """Remembers it."""
    settings().setValue("newer/look", looks)


def newer_address() -> str:
    """The address that tells the newest version: the one that was typed, else the build's own."""
    from trackly_desktop.system import app_info

    return str(settings().value("newer/address", "")) or app_info.update_address()


def keep_newer_address(address: str) -> None:
    """Remembers it; the build's own is not kept, so that a later build can have another."""
    from trackly_desktop.system import app_info

    settings().setValue("newer/address", "" if address == app_info.update_address() else address)


def newer_looked_at() -> float:
    """When it was last looked, in seconds since 1970."""
    return float(str(settings().value("newer/looked_at", 0.0)))


def keep_newer_looked_at(at: float) -> None:
    """Remembers it."""
    settings().setValue("newer/looked_at", at)


def newer_not_wanted() -> str:
    """The version of which nothing more is to be said."""
    return str(settings().value("newer/not_wanted", ""))


def keep_newer_not_wanted(version: str) -> None:
    """Remembers it."""
    settings().setValue("newer/not_wanted", version)


def last_folder() -> str:
    """From where a file was last chosen, or to where one was saved."""
    return str(settings().value("last_folder", ""))


def keep_folder(folder: str) -> None:
    """Remembers it."""
    settings().setValue("last_folder", folder)
