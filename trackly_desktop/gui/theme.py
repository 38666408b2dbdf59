"""The look: one table of tokens, made into a palette and one stylesheet. No colour, size or font stands anywhere else."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

SPACE = (0, 4, 8, 12, 16, 24, 32)
XS, S, M, L, XL, XXL = SPACE[1:]
CONTROL = 32
ROW = 32
CORNER = 6
CONTENT = 960
NAV = 168
TITLE_MORE = 7
SMALL_LESS = 2
NORMAL, STRONG = 400, 600
ICON = 16


class Tokens(NamedTuple):
    """The colours of one scheme."""

    dark: bool
    ground: str
    side: str
    line: str
    text: str
    quiet: str
    accent: str
    on_accent: str
    accent_hover: str
    hover: str
    selected: str
    disabled: str
    good: str
    caution: str
    bad: str
    unknown: str
    amber: str
    on_amber: str
    good_soft: str
    caution_soft: str
    bad_soft: str
    info_soft: str
    unknown_soft: str


LIGHT = Tokens(
    dark=False, ground="#FFFFFF", side="#F6F8FA", line="#D0D7DE", text="#1F2328", quiet="#59636E", accent="#0969DA",
    on_accent="#FFFFFF", accent_hover="#0757B5", hover="#EAEEF2", selected="#DDEBFB", disabled="#818B98",
    good="#1A7F37", caution="#9A6700", bad="#CF222E", unknown="#8250DF", amber="#FFE8A3", on_amber="#3D2E00",
    good_soft="#DFF6E4", caution_soft="#FFF5D1", bad_soft="#FFEBE9", info_soft="#E6F1FD", unknown_soft="#F3EBFF",
)  # fmt: skip
DARK = Tokens(
    dark=True, ground="#0D1117", side="#151B23", line="#3D444D", text="#F0F6FC", quiet="#9198A1", accent="#4493F8",
    on_accent="#0D1117", accent_hover="#6CABFA", hover="#212830", selected="#16304F", disabled="#767E88",
    good="#3FB950", caution="#D29922", bad="#F85149", unknown="#AB7DF8", amber="#5A4300", on_amber="#FFEBB3",
    good_soft="#12261E", caution_soft="#2B2111", bad_soft="#2D1517", info_soft="#121D2F", unknown_soft="#231A38",
)  # fmt: skip

ROLES = tuple(name for name in Tokens._fields if name != "dark")


def tokens() -> Tokens:
    """The colours of the scheme in use."""
    app = QApplication.instance()
    return DARK if isinstance(app, QApplication) and _is_dark(app) else LIGHT


def colour(role: str) -> QColor:
    """A colour by its name in the table."""
    return QColor(getattr(tokens(), role))


def dress(app: QApplication) -> None:
    """Gives the program its colours, and keeps its look in step with the system's scheme; `finish` gives the rest."""
    app.setStyle("Fusion")
    app.setPalette(_palette(tokens()))
    app.styleHints().colorSchemeChanged.connect(lambda: _apply(app))


def finish(app: QApplication) -> None:
    """The stylesheet, once the first window is made: each part would be polished anew for every parent it gets."""
    sheet = _stylesheet(tokens(), app.font().pointSizeF())
    if app.styleSheet() != sheet:
        app.setStyleSheet(sheet)


def digits_font(font: QFont) -> QFont:
    """The same with digits of one width, for columns of numbers."""
    digits = QFont(font)
    digits.setFeature(QFont.Tag("tnum"), 1)
    return digits


def mono_font() -> QFont:
    """For what is to be read sign by sign: requests, answers."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)


def _is_dark(app: QApplication) -> bool:
    return app.styleHints().colorScheme() is Qt.ColorScheme.Dark


def _apply(app: QApplication) -> None:
    app.setPalette(_palette(tokens()))
    finish(app)


def _palette(look: Tokens) -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    for where, what in (
        (role.Window, look.ground), (role.Base, look.ground), (role.AlternateBase, look.side), (role.Button, look.side),
        (role.WindowText, look.text), (role.Text, look.text), (role.ButtonText, look.text), (role.BrightText, look.bad),
        (role.ToolTipBase, look.side), (role.ToolTipText, look.text), (role.PlaceholderText, look.disabled),
        (role.Highlight, look.accent), (role.HighlightedText, look.on_accent), (role.Link, look.accent),
        (role.Mid, look.line), (role.Midlight, look.hover), (role.Dark, look.line), (role.Light, look.side),
        (role.Shadow, look.line), (role.Accent, look.accent),
    ):  # fmt: skip
        palette.setColor(where, QColor(what))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, where, QColor(look.disabled))
    return palette


def _stylesheet(look: Tokens, size: float) -> str:
    values = {name: getattr(look, name) for name in ROLES}
    values |= {
        "corner": f"{CORNER}px", "title": f"{size + TITLE_MORE:g}pt", "small": f"{max(7.0, size - SMALL_LESS):g}pt",
        "section": f"{size + 1:g}pt", "xs": f"{XS}px", "s": f"{S}px", "m": f"{M}px", "l": f"{L}px", "strong": str(STRONG),
        "inner": f"{CONTROL - 2}px",
    }  # fmt: skip
    sheet = _SHEET
    for name, value in sorted(values.items(), key=lambda one: -len(one[0])):
        sheet = sheet.replace("$" + name, value)
    return sheet


_SHEET = """
QToolTip { background: $side; color: $text; border: 1px solid $line; padding: $xs $s; }
QLabel[role="title"] { font-size: $title; font-weight: $strong; }
QLabel[role="section"] { font-size: $section; font-weight: $strong; }
QLabel[role="label"] { font-weight: $strong; }
QLabel[role="quiet"] { color: $quiet; }
QLabel[role="small"] { color: $quiet; font-size: $small; }
QLabel[role="bad"] { color: $bad; }
QLabel[role="caution"] { color: $caution; }
QLabel[role="big"] { font-size: $title; font-weight: $strong; }
QLabel[role="stepNow"] { background: $accent; color: $on_accent; border-radius: 11px; font-weight: $strong; }
QLabel[role="stepDone"] { background: $good; color: $on_accent; border-radius: 11px; font-weight: $strong; }
QLabel[role="stepLater"] { background: $hover; color: $quiet; border-radius: 11px; font-weight: $strong; }
QLineEdit, QComboBox, QDateTimeEdit, QPlainTextEdit, QSpinBox {
    background: $ground; border: 1px solid $line; border-radius: $corner; padding: 0 $s; color: $text;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit, QComboBox, QDateTimeEdit, QSpinBox { min-height: $inner; max-height: $inner; }
QPlainTextEdit { padding: $s; }
QLineEdit:hover, QComboBox:hover, QDateTimeEdit:hover { border-color: $quiet; }
QLineEdit:focus, QComboBox:focus, QDateTimeEdit:focus, QPlainTextEdit:focus, QSpinBox:focus { border: 2px solid $accent; padding: 0 7px; }
QPlainTextEdit:focus { padding: 7px; }
QLineEdit[wrong="true"], QComboBox[wrong="true"], QDateTimeEdit[wrong="true"] { border-color: $bad; }
QLineEdit:disabled, QComboBox:disabled, QDateTimeEdit:disabled { background: $side; color: $disabled; }
QSpinBox, QSpinBox:focus { padding: 0 26px 0 12px; }
QSpinBox QLineEdit { border: none; padding: 0; min-height: 0; background: transparent; }
QSpinBox::up-button, QSpinBox::down-button { border: none; background: transparent; width: 22px; subcontrol-origin: border; }
QSpinBox::up-button { subcontrol-position: top right; margin: 3px 3px 0 0; }
QSpinBox::down-button { subcontrol-position: bottom right; margin: 0 3px 3px 0; }
QSpinBox::up-arrow { image: url(:/icons/up-grey.svg); width: 11px; height: 11px; }
QSpinBox::down-arrow { image: url(:/icons/down-grey.svg); width: 11px; height: 11px; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: url(:/icons/down-grey.svg); width: 13px; height: 13px; }
QComboBox QAbstractItemView {
    background: $ground; border: 1px solid $line; outline: none; padding: $xs;
    selection-background-color: $selected; selection-color: $text;
}
QPushButton {
    min-height: $inner; max-height: $inner; padding: 0 $l; border: 1px solid $line; border-radius: $corner;
    background: $side; color: $text;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border: 2px solid $accent; padding: 0 15px; }
QPushButton:disabled { color: $disabled; background: $side; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: $strong; }
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $hover; border-color: $line; color: $disabled; }
QPushButton[role="flat"] { background: transparent; border: 1px solid transparent; color: $accent; padding: 0 $s; }
QPushButton[role="flat"]:hover { background: $hover; }
QPushButton[role="flat"]:focus { border: 2px solid $accent; padding: 0 7px; }
QPushButton[role="flat"]:disabled { color: $disabled; }
QPushButton[role="chip"] { border-radius: 16px; padding: 0 $m; background: $ground; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[role="chip"]:hover { background: $hover; }
QPushButton[role="chip"]:checked { background: $selected; border-color: $accent; }
QToolButton { border: 1px solid transparent; border-radius: $corner; padding: $xs; background: transparent; color: $text; }
QToolButton:hover { background: $hover; }
QToolButton:focus { border: 2px solid $accent; padding: 3px; }
QToolButton[role="nav"] { padding: 0 $m; min-height: 34px; text-align: left; color: $text; }
QToolButton[role="nav"]:checked { background: $selected; font-weight: $strong; }
QToolButton[role="fold"] { padding: 0; min-height: 28px; font-weight: $strong; }
QCheckBox, QRadioButton { spacing: $s; min-height: 24px; }
QCheckBox::indicator, QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $quiet; background: $ground; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url(:/icons/tick-white.svg); }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; image: url(:/icons/dot-white.svg); }
QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus { border-color: $text; }
QTableView, QListView, QTreeView {
    background: $ground; border: 1px solid $line; border-radius: $corner; outline: none; gridline-color: $line;
    selection-background-color: $selected; selection-color: $text;
}
QTableView::item { padding: 0 $s; border: none; border-bottom: 1px solid $side; }
QTableView::item:hover { background: $hover; }
QTableView::item:selected { background: $selected; color: $text; }
QListWidget::item { padding: 6px $s; }
QHeaderView { background: $side; border: none; }
QHeaderView::section {
    background: $side; color: $quiet; border: none; border-bottom: 1px solid $line; padding: 0 11px; height: 30px; font-weight: $strong;
}
QTableView QTableCornerButton::section { background: $side; border: none; }
QScrollArea, QScrollArea > QWidget > QWidget { border: none; background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 4px; margin: 2px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: $quiet; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; border: none; width: 0; height: 0; }
QProgressBar { background: $hover; border: none; border-radius: 4px; min-height: 8px; max-height: 8px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QMenu { background: $ground; border: 1px solid $line; padding: $xs; }
QMenu::item { padding: 6px $l 6px $m; border-radius: 4px; }
QMenu::item:selected { background: $selected; }
QMenu::separator { height: 1px; background: $line; margin: $xs $s; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
#side { background: $side; border: none; border-right: 1px solid $line; }
#accountBar { background: $side; border: none; border-bottom: 1px solid $line; }
#accountBar[practice="true"] { background: $amber; }
#accountBar[practice="true"] QLabel, #accountBar[practice="true"] QPushButton { color: $on_amber; }
#accountBar QPushButton { background: transparent; border: 1px solid transparent; padding: 0 $s; }
#accountBar QPushButton:hover { border-color: $quiet; }
#accountBar QPushButton:focus { border: 2px solid $accent; padding: 0 7px; }
#pageFoot { background: $ground; border: none; border-top: 1px solid $line; }
#card { background: $ground; border: 1px solid $line; border-radius: $corner; }
#cardSoft { background: $side; border: 1px solid $line; border-radius: $corner; }
#dropTarget { background: $side; border: 2px dashed $line; border-radius: 12px; }
#dropOverlay { background: $ground; border: 3px dashed $accent; border-radius: 12px; }
#dropOverlay[refused="true"] { border-color: $bad; }
#detail { background: $side; border: none; border-left: 1px solid $line; }
#notice[kind="good"] { background: $good_soft; border: 1px solid $good; border-radius: $corner; }
#notice[kind="caution"] { background: $caution_soft; border: 1px solid $caution; border-radius: $corner; }
#notice[kind="bad"] { background: $bad_soft; border: 1px solid $bad; border-radius: $corner; }
#notice[kind="info"] { background: $info_soft; border: 1px solid $accent; border-radius: $corner; }
#notice[kind="unknown"] { background: $unknown_soft; border: 1px solid $unknown; border-radius: $corner; }
#notice QPushButton { background: transparent; }
#notice QPushButton:hover { background: $hover; }
"""
