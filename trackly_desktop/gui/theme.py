"""The theme: colours, sizes and fonts, applied as a palette and a stylesheet.

Other modules name colours, sizes and fonts; only accounts have colours of their own.
"""

from __future__ import annotations

from string import Template
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

XS, S, M, L, XL, XXL = 4, 8, 12, 16, 24, 32
"""Spacings, in pixels."""
CONTROL = 32
"""The height of buttons and inputs, in pixels."""
ROW = 32
"""The height of a table row, in pixels."""
CORNER = 6
CONTENT = 960
"""The greatest width of a page's content, in pixels."""
NAV = 168
"""The width of the navigation, in pixels."""
TITLE_EXTRA, SMALL_REDUCTION = 7, 2
"""Points by which titles are larger, and small labels smaller, than other text."""
STRONG = 600
"""The font weight of titles and labels."""
ICON = 16


class Tokens(NamedTuple):
    """The colours of a scheme, as `#RRGGBB`."""

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
    ground="#FFFFFF", side="#F6F8FA", line="#D0D7DE", text="#1F2328", quiet="#59636E", accent="#0969DA",
    on_accent="#FFFFFF", accent_hover="#0757B5", hover="#EAEEF2", selected="#DDEBFB", disabled="#818B98",
    good="#1A7F37", caution="#9A6700", bad="#CF222E", unknown="#8250DF", amber="#FFE8A3", on_amber="#3D2E00",
    good_soft="#DFF6E4", caution_soft="#FFF5D1", bad_soft="#FFEBE9", info_soft="#E6F1FD", unknown_soft="#F3EBFF",
)  # fmt: skip
DARK = Tokens(
    ground="#0D1117", side="#151B23", line="#3D444D", text="#F0F6FC", quiet="#9198A1", accent="#4493F8",
    on_accent="#0D1117", accent_hover="#6CABFA", hover="#212830", selected="#16304F", disabled="#767E88",
    good="#3FB950", caution="#D29922", bad="#F85149", unknown="#AB7DF8", amber="#5A4300", on_amber="#FFEBB3",
    good_soft="#12261E", caution_soft="#2B2111", bad_soft="#2D1517", info_soft="#121D2F", unknown_soft="#231A38",
)  # fmt: skip


def tokens() -> Tokens:
    """Return the colours of the current scheme."""
    app = QApplication.instance()
    return DARK if isinstance(app, QApplication) and _is_dark(app) else LIGHT


def colour(role: str) -> QColor:
    """Return a colour of the current scheme by its name in `Tokens`."""
    return QColor(getattr(tokens(), role))


def apply_palette(app: QApplication) -> None:
    """Apply style and palette now and whenever the system's colour scheme changes."""
    app.setStyle("Fusion")
    app.setPalette(_palette(tokens()))
    app.styleHints().colorSchemeChanged.connect(lambda: _on_scheme_changed(app))


def apply_stylesheet(app: QApplication) -> None:
    """Apply the stylesheet.

    Call it after the first window is built: before, Qt would restyle each widget for every parent it gets.
    """
    sheet = _stylesheet(tokens(), app.font().pointSizeF())
    if app.styleSheet() != sheet:
        app.setStyleSheet(sheet)


def digits_font(font: QFont) -> QFont:
    """Return the font with digits of equal width, for columns of numbers."""
    digits = QFont(font)
    digits.setFeature(QFont.Tag("tnum"), 1)
    return digits


def mono_font() -> QFont:
    """Return the system's monospaced font, for requests and responses."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)


def _is_dark(app: QApplication) -> bool:
    return app.styleHints().colorScheme() is Qt.ColorScheme.Dark


def _on_scheme_changed(app: QApplication) -> None:
    app.setPalette(_palette(tokens()))
    apply_stylesheet(app)


def _palette(scheme: Tokens) -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    for color_role, value in (
        (role.Window, scheme.ground), (role.Base, scheme.ground), (role.AlternateBase, scheme.side), (role.Button, scheme.side),
        (role.WindowText, scheme.text), (role.Text, scheme.text), (role.ButtonText, scheme.text), (role.BrightText, scheme.bad),
        (role.ToolTipBase, scheme.side), (role.ToolTipText, scheme.text), (role.PlaceholderText, scheme.disabled),
        (role.Highlight, scheme.accent), (role.HighlightedText, scheme.on_accent), (role.Link, scheme.accent),
        (role.Mid, scheme.line), (role.Midlight, scheme.hover), (role.Dark, scheme.line), (role.Light, scheme.side),
        (role.Shadow, scheme.line), (role.Accent, scheme.accent),
    ):  # fmt: skip
        palette.setColor(color_role, QColor(value))
    for color_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, color_role, QColor(scheme.disabled))
    return palette


def _stylesheet(scheme: Tokens, font_size: float) -> str:
    """Return the stylesheet of a scheme; `font_size` is the normal text's, in points."""
    return _STYLESHEET.substitute(
        scheme._asdict(),
        corner=f"{CORNER}px", title=f"{font_size + TITLE_EXTRA:g}pt", section=f"{font_size + 1:g}pt",
        small=f"{max(7.0, font_size - SMALL_REDUCTION):g}pt", xs=f"{XS}px", s=f"{S}px", m=f"{M}px", l=f"{L}px",
        strong=str(STRONG), inner=f"{CONTROL - 2}px",
    )  # fmt: skip


_STYLESHEET = Template("""
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
""")
