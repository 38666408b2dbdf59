"""Boxes that say how a file's phone numbers, dates and times are read."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from PySide6.QtCore import QTimeZone
from PySide6.QtWidgets import QComboBox, QWidget

from trackly_desktop.contacts import dates
from trackly_desktop.gui import theme
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.layout import column, row
from trackly_desktop.gui.widgets.phone_edit import CountryPicker
from trackly_desktop.mapping.column_aliases import normalize_header
from trackly_desktop.mapping.column_mapping import ColumnMapping
from trackly_desktop.mapping.column_profile import ColumnProfile

_DATE_ORDERS = {
    dates.ASK: "Choose",
    dates.MONTH_FIRST: "Month first: 03/04 is March 4",
    dates.DAY_FIRST: "Day first: 03/04 is 3 April",
    dates.YEAR_FIRST: "Year first: 25-04-03 is April 3",
}


class ValueFormatBoxes(QWidget):
    """Country, country column, order of dates and time zone."""

    def __init__(self) -> None:
        super().__init__()
        self.region = CountryPicker()
        self.region.fill()
        self._country_column, self._dates, self._zone = QComboBox(), QComboBox(), QComboBox()
        self._area_code = QComboBox()
        for order, text in _DATE_ORDERS.items():
            self._dates.addItem(text, order)
        self._profiles: Sequence[ColumnProfile] = ()
        self._date_column: int | None = None
        region_box = FieldBox("Country", self.region, help="Of phone numbers that are written without a country code")
        self.region.setMaximumWidth(self.maximumWidth())  # unlimited, as a new widget is
        country_box = FieldBox(
            "Column that says the country",
            self._country_column,
            help="Where a row names a country, its number is read in that one",
        )
        self._dates_box = FieldBox("Dates like 03/04/2025", self._dates, required=True)
        self._zone_box = FieldBox("Times without a zone are those of", self._zone)
        self._area_code_box = FieldBox(
            "Column with the area code", self._area_code, help="It is put before each number that does not have it yet"
        )
        self.setLayout(
            column(
                row(region_box, country_box, spacing=theme.L),
                self._area_code_box,
                row(self._dates_box, self._zone_box, spacing=theme.L),
                spacing=theme.M,
            )
        )
        self._dates.activated.connect(lambda: self._dates_box.show_problem(""))

    def show_file(self, header: Sequence[str], profiles: Sequence[ColumnProfile], region: str) -> None:
        """Offer the columns of a file; `region` is the country of its numbers (ISO 3166)."""
        self._profiles = profiles
        self.region.choose(region)
        self._country_column.clear()
        self._country_column.addItem("None: all are of the country on the left", "")
        self._area_code.clear()
        self._area_code.addItem("None: the numbers have it already", "")
        for name in header:
            self._country_column.addItem(name, normalize_header(name))
            self._area_code.addItem(name, normalize_header(name))
        self._fill_zones()

    def show_mapping(self, mapping: ColumnMapping) -> None:
        """Show the formats of a mapping."""
        self._date_column = mapping.column_of("signup_date")
        self._show_dates(mapping.dates)
        self._country_column.setCurrentIndex(max(0, self._country_column.findData(mapping.country)))
        self._area_code.setCurrentIndex(max(0, self._area_code.findData(mapping.area_code)))
        self._area_code_box.setVisible(bool(mapping.area_code))
        if mapping.zone and self._zone.findData(mapping.zone) < 0:  # a zone that the column's own name gives
            self._zone.addItem(mapping.zone, mapping.zone)
        self._zone.setCurrentIndex(max(0, self._zone.findData(mapping.zone)))

    def show_date_column(self, index: int | None) -> None:
        """Show the boxes that this column of signup dates needs; None where there is none."""
        self._date_column = index
        if index is not None and self._profiles:
            self._dates_box.label.setText(f"Dates like {self._profiles[index].ambiguous_date or '03/04/2025'}")
        if index is not None and self._profiles and not self._dates.currentData():
            self._dates.setCurrentIndex(max(0, self._dates.findData(self._profiles[index].dates)))
        self._dates_box.setVisible(self._needs_date_order)
        self._zone_box.setVisible(index is not None)

    def add_to(self, mapping: ColumnMapping) -> ColumnMapping:
        """Return the mapping with the formats as chosen."""
        return dataclasses.replace(
            mapping,
            dates=str(self._dates.currentData()),
            country=str(self._country_column.currentData() or ""),
            zone=str(self._zone.currentData() or ""),
            area_code=str(self._area_code.currentData() or ""),
            area_code_confirmed=True,
        )

    def require(self) -> bool:
        """Return whether the order of dates is chosen or not needed; show what is missing."""
        if not self._needs_date_order or self._dates.currentData():
            return True
        self._dates_box.show_problem("Choose which of the two comes first in this file")
        self._dates.setFocus()
        return False

    @property
    def _needs_date_order(self) -> bool:
        """Whether the signup dates can be read month first and day first."""
        index = self._date_column
        return bool(self._profiles) and index is not None and bool(self._profiles[index].ambiguous_date)

    def _show_dates(self, order: str) -> None:
        self._dates.setCurrentIndex(max(0, self._dates.findData(order)))
        self._dates_box.setVisible(self._needs_date_order)

    def _fill_zones(self) -> None:
        if self._zone.count():
            return
        self._zone.addItem("This computer", "")
        self._zone.addItem("UTC", "UTC")
        for zone_id in QTimeZone.availableTimeZoneIds():
            name = bytes(zone_id.data()).decode()
            if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/")):
                self._zone.addItem(name.replace("_", " "), name)
