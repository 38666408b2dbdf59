"""Section with the values that are sent where a file's row has none."""

from __future__ import annotations

from trackly_desktop.contacts.fields import FIELDS, Kind
from trackly_desktop.gui import theme
from trackly_desktop.gui.contact_form.fields import TextBox
from trackly_desktop.gui.widgets.collapsible_section import CollapsibleSection
from trackly_desktop.gui.widgets.layout import column

_KINDS = (Kind.DATE_TIME, Kind.URL, Kind.TEXT)


class FillInSection(CollapsibleSection):
    """A text box for each field that can be the same for everybody."""

    def __init__(self) -> None:
        self._boxes = {field.name: TextBox(field) for field in FIELDS if field.kind in _KINDS}
        super().__init__("fill", "Fill in where the file says nothing", column(*self._boxes.values(), spacing=theme.M))

    @property
    def texts(self) -> dict[str, str]:
        """Body field -> text as typed, empty where nothing is."""
        return {name: box.text for name, box in self._boxes.items()}

    def clear(self) -> None:
        """Empty all boxes."""
        for box in self._boxes.values():
            box.edit.clear()

    def require(self) -> bool:
        """Return whether all values are valid; show the first that is not."""
        invalid = next((box for box in self._boxes.values() if not box.require()), None)
        if invalid is not None:
            self.unfold()
            invalid.edit.setFocus()
        return invalid is None
