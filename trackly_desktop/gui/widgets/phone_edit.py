"""A phone number as it is typed, read at every key; and the country that numbers without a code belong to."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit

from trackly_desktop.contacts import phone_numbers
from trackly_desktop.gui.widgets.field import FieldBox


class LeavingEdit(QLineEdit):
    """A line edit that tells when the person leaves it."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt's."""
        super().focusOutEvent(event)
        self.left.emit()


class CountryPicker(QComboBox):
    """Countries by name and dial code; typing any part of either finds one. Filled when first shown or needed."""

    def __init__(self) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(14)
        self.setAccessibleName("Country")
        self.setToolTip("The country of numbers that are written without a country code")
        self.setFixedWidth(190)
        self._region = "US"
        line = self.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._settle)

    def fill(self) -> None:
        """Takes some milliseconds: not before the first window is there."""
        if self.count():
            return
        regions = [
            (country_name(region), phone_numbers.dial_code(region), region) for region in phone_numbers.regions()
        ]
        for name, code, region in sorted(regions):
            self.addItem(f"{name} +{code}", region)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        self.choose(self._region)

    @property
    def region(self) -> str:
        """ISO 3166."""
        return str(self.currentData() or self._region)

    def choose(self, region: str) -> None:
        """Shows a country."""
        self._region = region
        place = self.findData(region)
        if place >= 0:
            self.setCurrentIndex(place)

    def _settle(self) -> None:
        place = self.findText(self.currentText(), Qt.MatchFlag.MatchFixedString)
        self.setCurrentIndex(place if place >= 0 else self.findData(self._region))
        self._region = self.region


def country_name(region: str) -> str:
    """The country's name in the operator's language; the code where nobody has a name for it."""
    territory = QLocale.codeToTerritory(region)
    if territory == QLocale.Country.AnyCountry:
        return region
    return QLocale.territoryToString(territory)


class PhoneBox(FieldBox):
    """The field. `changed` tells the number in E.164, or an empty text while there is none."""

    changed = Signal(str)

    def __init__(self) -> None:
        self.edit = LeavingEdit()
        self.edit.setPlaceholderText("(415) 555-9876")
        self.country = CountryPicker()
        super().__init__("Phone number", self.edit, required=True, beside=self.country)
        self.number = ""
        self._region = "US"
        self._switched_from = ""
        self.edit.textChanged.connect(self._read)
        self.edit.left.connect(self._leave)
        self.country.activated.connect(self._country_chosen)

    def set_region(self, region: str) -> None:
        """Whose numbers have no country code, by the account."""
        self._region = region
        self._switched_from = ""
        self.country.choose(region)
        self._read()

    def clear(self) -> None:
        """Empty, and the account's own country."""
        self._switched_from = ""
        self.edit.clear()
        self.country.choose(self._region)
        self.show_problem("")

    def _country_chosen(self) -> None:
        self._switched_from = ""
        self._read()

    def _follow(self, text: str, read: phone_numbers.Phone | None) -> None:
        """Shows the country that a number says itself, and goes back to the one before when it says none any more."""
        if not text.lstrip().startswith(("+", "＋", "00")):
            if self._switched_from:
                self.country.choose(self._switched_from)
                self._switched_from = ""
        elif read is not None and read.region not in ("", "001", self.country.region):
            self._switched_from = self._switched_from or self.country.region
            self.country.choose(read.region)

    def _read(self) -> None:
        text = self.edit.text()
        self._follow(text, None)
        number = ""
        if not text.strip():
            self.show_problem("")
            self.say("")
        else:
            try:
                read = phone_numbers.parse_phone(text, self.country.region)
            except phone_numbers.PhoneProblem as problem:
                if self.problem:
                    self.show_problem(str(problem))
                else:
                    self.say("")
            else:
                number = read.e164
                self.show_problem("")
                self._show(_described(read), "good")
                self._follow(text, read)
        if number != self.number:
            self.number = number
            self.changed.emit(number)

    def _leave(self) -> None:
        text = self.edit.text()
        if text.strip() and not self.number:
            try:
                phone_numbers.parse_phone(text, self.country.region)
            except phone_numbers.PhoneProblem as problem:
                self.show_problem(str(problem))

    def require(self) -> bool:
        """Whether there is a number; shows what is wrong otherwise."""
        if self.number:
            return True
        self._leave()
        if not self.problem:
            self.show_problem("There is no phone number")
        return False


def _described(read: phone_numbers.Phone) -> str:
    parts = [read.e164, country_name(read.region) if read.region not in ("", "001") else "", read.line]
    return "  ·  ".join(part for part in parts if part)
