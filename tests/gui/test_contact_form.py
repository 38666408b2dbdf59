"""Contact form, from key presses to the contact on the server."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tests.conftest import LIST, PAUSED_LIST, Practice
from tests.gui.conftest import WAIT, Open, close, open_on
from tests.gui.find import find, find_button
from tests.gui.wizard import press
from trackly_desktop.gui.contact_form.page import ContactPage
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.sandbox import KEY

CTRL = Qt.KeyboardModifier.ControlModifier
PHONE = "+14155550142"


def type_person(page: ContactPage, phone: str = "(415) 555-0142", number: str = LIST) -> None:
    QTest.keyClicks(page.phone.edit, phone)
    QTest.keyClicks(page.list.combo, number)


def press_add(qtbot: QtBot, window: MainWindow, modifiers: Qt.KeyboardModifier = CTRL) -> None:
    with qtbot.waitSignal(window.context.worker.contacts.settled, timeout=WAIT):
        QTest.keyClick(focused(), Qt.Key.Key_Return, modifiers)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def tab_to(wanted: QWidget) -> None:
    """Press Tab until this control has the keyboard focus."""
    for _ in range(60):
        if focused() is wanted or focused().parent() is wanted:
            return
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    pytest.fail(f"Tab never reached {wanted.accessibleName()}")


def test_a_contact_can_be_added_with_the_keyboard_alone(window: MainWindow, qtbot: QtBot, practice: Practice) -> None:
    page = window.contact_page
    qtbot.waitUntil(page.phone.edit.hasFocus)
    QTest.keyClicks(focused(), "415-555-0142")
    tab_to(page.list.combo)
    QTest.keyClicks(focused(), LIST)
    tab_to(page.choices["use_journeys"])
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    for title, boxes in (
        ("How they agreed to be texted", {"signup_date": "2026-03-15 14:30Z", "url": "https://example.com/a"}),
        ("Where they came from", {"ad_network_source": "facebook"}),
    ):
        tab_to(find(page, QToolButton, title))
        QTest.keyClick(focused(), Qt.Key.Key_Space)
        for name, text in boxes.items():
            tab_to(page.texts[name].edit)
            QTest.keyClicks(focused(), text)
    tab_to(find(page, QToolButton, "Custom fields"))
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    for label, text in (("Custom field name", "first_name"), ("Custom field value", "Jane")):
        tab_to(find(page, QLineEdit, label))
        QTest.keyClicks(focused(), text)
    press_add(qtbot, window)
    person = practice.people()[PHONE]
    assert person["custom_fields"] == {"first_name": "Jane"}
    assert (person["signup_date"], person["url"]) == ("2026-03-15T14:30:00Z", "https://example.com/a")
    assert person["ad_network_source"] == "facebook"
    assert person["practice"] == {"requests": 1, "journeys_enrolled": 1}
    assert page.notice.headline.text() == f"{PHONE} was added to the list"
    assert "1 welcome journey started" in page.notice.text.text()
    assert page.phone.edit.text() == ""


def test_a_phone_number_is_parsed_while_typing(window: MainWindow) -> None:
    page = window.contact_page
    QTest.keyClicks(page.phone.edit, "415 555 0142")
    assert page.phone.note.text() == f"{PHONE}  ·  United States  ·  mobile or landline"


@pytest.mark.parametrize("pasted", ["+44 20 7946 0018", "0044 20 7946 0018"])
def test_a_pasted_foreign_number_switches_the_country(window: MainWindow, pasted: str) -> None:
    page = window.contact_page
    QGuiApplication.clipboard().setText(pasted)
    page.phone.edit.paste()
    assert page.phone.country.region == "GB"
    assert page.phone.number == "+442079460018"


def test_a_problem_appears_on_leaving_the_field_and_disappears_once_corrected(window: MainWindow, qtbot: QtBot) -> None:
    page = window.contact_page
    page.phone.edit.setFocus()
    QTest.keyClicks(page.phone.edit, "415 555")
    assert page.phone.problem == ""
    page.list.combo.setFocus()
    qtbot.waitUntil(lambda: page.phone.problem == "This number is too short for the United States: it has 6 digits")
    page.phone.edit.setFocus()
    QTest.keyClicks(page.phone.edit, " 0142")
    assert page.phone.problem == ""


def test_nothing_is_sent_while_a_field_is_wrong(window: MainWindow, practice: Practice, qtbot: QtBot) -> None:
    page = window.contact_page
    type_person(page)
    QTest.keyClicks(page.texts["ip_address"].edit, "300.1.1.1")
    page.add()
    assert page.texts["ip_address"].problem
    assert page.texts["ip_address"].isVisible()  # unfolded to be seen
    assert not page.is_under_way
    assert practice.people() == {}


def test_the_form_keeps_its_text_when_sending_fails(open_window: Open, qtbot: QtBot, practice: Practice) -> None:
    window = open_on(open_window, qtbot, practice.address, key="trk_" + "x" * 32)
    page = window.contact_page
    type_person(page)
    page.list.combo.setFocus()
    press_add(qtbot, window)
    assert page.notice.headline.text() == "Trackly does not accept this account's key"
    assert page.phone.edit.text() == "(415) 555-0142"
    assert practice.people() == {}
    account = window.context.account
    with qtbot.waitSignal(window.context.worker.accounts.key_stored, timeout=WAIT):
        window.context.worker.accounts.store_key(account, KEY)
    press_add(qtbot, window)
    assert practice.people()[PHONE]["practice"]["requests"] == 1


def test_add_and_start_another_keeps_the_list_and_the_consent(
    window: MainWindow, qtbot: QtBot, practice: Practice
) -> None:
    page = window.contact_page
    type_person(page)
    QTest.keyClicks(page.texts["url"].edit, "https://example.com/a")
    page.list.combo.setFocus()
    press_add(qtbot, window, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert (page.phone.edit.text(), page.list.number) == ("", LIST)
    assert page.texts["url"].text == "https://example.com/a"
    QTest.keyClicks(page.phone.edit, "415 555 0143")
    press_add(qtbot, window)
    assert [person["url"] for person in practice.people().values()] == ["https://example.com/a"] * 2
    assert page.texts["url"].text == ""


def test_an_unsubscribed_person_is_announced_before_anything_is_sent(window: MainWindow, qtbot: QtBot) -> None:
    page = window.contact_page
    type_person(page, "415 555 0108")
    qtbot.waitUntil(lambda: page.membership.message.text().startswith("They unsubscribed"), timeout=WAIT)


def test_without_look_ups_the_journal_shows_a_previous_add(open_window: Open, qtbot: QtBot, only_post: str) -> None:
    window = open_on(open_window, qtbot, only_post)
    page = window.contact_page
    type_person(page)
    page.list.combo.setFocus()
    press_add(qtbot, window)
    assert [known.number for known in window.context.account.lists] == [LIST]
    QTest.keyClicks(page.phone.edit, "415 555 0142")
    qtbot.waitUntil(lambda: page.membership.message.text().startswith("Added to this list from here before, by hand"))


def test_lists_are_shown_by_name_and_a_paused_one_is_marked(window: MainWindow) -> None:
    page = window.contact_page
    assert [choice.name for choice in window.context.lists()] == [
        "Spring offers",
        "VIP customers",
        "Newsletter",
        "Winter sale",
    ]
    page.list.choose(PAUSED_LIST)
    assert page.list.note.text().startswith("This list is paused")


def test_a_pasted_block_of_lines_fills_the_custom_fields(window: MainWindow, qtbot: QtBot, practice: Practice) -> None:
    page = window.contact_page
    type_person(page)
    page.custom_fields.paste_block("first_name: Jane\nvisits: 3\nvip: yes\nzip: 01234")
    press(find(page, QToolButton, "Custom fields"))
    shown = [edit.text() for edit in page.custom_fields.findChildren(QLineEdit) if edit.isVisible()]
    assert shown[:2] == ["first_name", "Jane"]
    page.list.combo.setFocus()
    press_add(qtbot, window)
    fields = {"first_name": "Jane", "visits": 3, "vip": True, "zip": "01234"}
    assert practice.people()[PHONE]["custom_fields"] == fields


def test_a_contact_by_hand_is_a_run_of_one_row_in_the_results(window: MainWindow, qtbot: QtBot) -> None:
    page = window.contact_page
    type_person(page)
    page.list.combo.setFocus()
    press_add(qtbot, window)
    with qtbot.waitSignal(window.context.worker.queries.rows_found, timeout=WAIT):
        press(find_button(page.notice, "See its details"))
    qtbot.waitUntil(window.results_page.detail.isVisible)
    assert [run.kind for run in window.context.reader.runs()] == ["contact"]


def test_open_sections_are_open_at_the_next_start(open_window: Open, qtbot: QtBot, practice: Practice) -> None:
    first = open_on(open_window, qtbot, practice.address)
    assert not first.contact_page.texts["url"].isVisible()
    press(find(first.contact_page, QToolButton, "How they agreed to be texted"))
    assert first.contact_page.texts["url"].isVisible()
    close(qtbot, first)
    assert open_window().contact_page.texts["url"].isVisible()


def test_the_country_is_restored_when_a_foreign_number_is_replaced(window: MainWindow) -> None:
    phone = window.contact_page.phone
    phone.edit.setText("+44 20 7946 0018")
    assert phone.country.region == "GB"
    phone.edit.setText("+49 151 23456789")
    assert phone.country.region == "DE"
    phone.edit.setText("(415) 555-0142")
    assert (phone.country.region, phone.number) == ("US", PHONE)


def test_a_chosen_country_is_kept(window: MainWindow) -> None:
    phone = window.contact_page.phone
    phone.edit.setText("+44 20 7946 0018")
    phone.country.choose("FR")
    phone.country.activated.emit(phone.country.currentIndex())
    phone.edit.setText("06 12 34 56 78")
    assert phone.country.region == "FR"


@pytest.mark.parametrize("keys", ["C", "x5", "'", "Mobile", "ext 5"])
def test_any_text_typed_as_a_phone_number_shows_a_problem(window: MainWindow, keys: str) -> None:
    phone = window.contact_page.phone
    QTest.keyClicks(phone.edit, keys)
    assert not phone.require()
    assert phone.problem
