"""People who must not be texted: warnings, held rows and confirmations."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from tests.conftest import LIST, Practice
from tests.gui.conftest import WAIT, Open, open_on
from tests.gui.find import click_check_box, find, find_button, visible_texts
from tests.gui.wizard import (
    Write,
    check_file,
    go_to_columns,
    press,
    start_run,
    to_confirm,
    to_review,
    to_the_end,
)
from trackly_desktop.gui.contact_form.page import ContactPage
from trackly_desktop.gui.import_wizard.page import ImportPage
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.journal import suppression_list
from trackly_desktop.reports.audit_record import verify
from trackly_desktop.system import paths

UNSUBSCRIBED = "+14155550108"
"""The sandbox's number that is unsubscribed from every list."""
RESTART_JOURNEYS = ("Start welcome journeys", "Start them again for people who are already on the list")
"""Labels of the check boxes that start journeys also for people who had them."""


def suppress(window: MainWindow, qtbot: QtBot, *phones: str) -> None:
    with qtbot.waitSignal(window.context.worker.suppression.changed, timeout=WAIT):
        window.context.worker.suppression.add(window.context.account.id, phones, "by hand")


def type_phone(window: MainWindow, qtbot: QtBot, phone: str) -> ContactPage:
    window.go_to("add")
    page = window.contact_page
    page.list.choose(LIST)
    with qtbot.waitSignal(window.context.worker.contacts.looked_up, timeout=WAIT):
        QTest.keyClicks(page.phone.edit, phone)
    return page


# The form


def test_a_number_on_the_do_not_text_list_is_announced_and_never_sent(
    window: MainWindow, qtbot: QtBot, practice: Practice
) -> None:
    suppress(window, qtbot, "+14155550120")
    page = type_phone(window, qtbot, "4155550120")
    qtbot.waitUntil(page.membership.isVisible, timeout=WAIT)
    assert page.membership.message.text() == "This number is on the do-not-text list: it is never sent from here"
    page.add()
    assert not page.is_under_way
    assert practice.people() == {}


def test_an_unsubscribed_person_is_added_only_when_the_number_is_retyped(
    window: MainWindow, qtbot: QtBot, practice: Practice
) -> None:
    page = type_phone(window, qtbot, "4155550108")
    qtbot.waitUntil(page.membership.retyped.isVisible, timeout=WAIT)
    page.add()
    assert not page.is_under_way
    QTest.keyClicks(page.membership.retyped, "4155550109")
    page.add()
    assert not page.is_under_way
    page.membership.retyped.clear()
    QTest.keyClicks(page.membership.retyped, "(415) 555-0108")
    with qtbot.waitSignal(window.context.worker.contacts.settled, timeout=WAIT):
        page.add()
    assert practice.people()[UNSUBSCRIBED]["practice"]["requests"] == 1
    assert window.context.reader.runs()[0].options["retyped_phone"] == UNSUBSCRIBED


def test_a_person_added_before_the_look_up_answers_is_held_back_all_the_same(
    window: MainWindow, qtbot: QtBot, practice: Practice
) -> None:
    page = type_phone(window, qtbot, "4155550108")
    page.membership.clear()  # as if the answer had not arrived yet
    with qtbot.waitSignal(window.context.worker.contacts.blocked, timeout=WAIT):
        page.add()
    qtbot.waitUntil(page.membership.retyped.isVisible, timeout=WAIT)
    assert practice.people() == {}


def test_a_person_who_subscribed_again_since_the_list_was_fetched_is_added(
    window: MainWindow, qtbot: QtBot, practice: Practice
) -> None:
    account = window.context.account
    suppression_list.save_list_members(
        paths.journal_path(), account.id, account.base_url, LIST, {"+14155550220": False}, active=False, whole=True
    )
    practice.ask("POST", "/api/v2/contacts", json={"phone_number": "+14155550220", "list_number": LIST})
    page = type_phone(window, qtbot, "4155550220")
    with qtbot.waitSignal(window.context.worker.contacts.settled, timeout=WAIT):
        page.add()
    assert practice.people()["+14155550220"]["practice"]["requests"] == 2


# The list


def test_numbers_are_suppressed_by_hand_and_from_any_file_and_taken_off(
    window: MainWindow, qtbot: QtBot, write: Write
) -> None:
    window.go_to("do-not-text")
    page, worker = window.do_not_text_page, window.context.worker
    QTest.keyClicks(page.number, "415")
    QTest.keyClick(page.number, Qt.Key.Key_Return)
    assert "This number is too short for the United States: it has 3 digits" in visible_texts(page)
    QTest.keyClicks(page.number, "5550120")
    with qtbot.waitSignal(worker.suppression.changed, timeout=WAIT):
        QTest.keyClick(page.number, Qt.Key.Key_Return)
    file = write("Name;Handy;Mail", "A;(415) 555-0121;a@b.c", "B;nothing;", "C;4155550120;", name="stop.csv")
    with qtbot.waitSignal(worker.suppression.changed, timeout=WAIT):
        page.add_file(file)
    assert page.notice.headline.text() == (
        "1 put on the list; 1 were on it already; 1 rows have no phone number that can be read"
    )
    assert {person.phone: person.source for person in page.model.rows} == {
        "+14155550120": "by hand", "+14155550121": "stop.csv",
    }  # fmt: skip
    page.table.selectRow(0)
    press(page.remove_button)
    with qtbot.waitSignal(worker.suppression.changed, timeout=WAIT):
        press(find_button(page.notice, "Take off the list"))
    assert page.model.rowCount() == 1


def test_a_person_of_the_results_is_suppressed_from_the_rows_menu(
    window: MainWindow, qtbot: QtBot, write: Write
) -> None:
    page = to_review(window, qtbot, write("Phone", "4155550220"))
    to_the_end(window, qtbot, page)
    window.show_results(page.run_step.run_id)
    results = window.results_page
    qtbot.waitUntil(lambda: results.model.rowCount() == 1, timeout=WAIT)
    menu = results.row_menu(0)
    assert menu is not None
    with qtbot.waitSignal(window.context.worker.suppression.changed, timeout=WAIT):
        menu.actions()[0].trigger()
    account = window.context.account
    assert window.context.reader.is_suppressed(account.id, account.base_url, "+14155550220")


# The wizard


def test_rows_of_people_who_must_not_be_texted_are_held_back_and_counted(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    suppress(window, qtbot, "+14155550220")
    file = write("Phone,Opt out", "4155550220,", "4155550108,", "4155550221,yes", "4155550222,no")
    page = to_confirm(window, qtbot, file)
    texts = visible_texts(page.confirm_step)
    assert "1 row unsubscribed from this list: held back" in texts
    assert "1 row on the do-not-text list: held back" in texts
    assert "1 row whose own column says no: held back" in texts
    assert "Opt out: blank (2) may be texted; “yes” (1) held back; “no” (1) may be texted" in texts
    start_run(window, qtbot, page)
    assert practice.people().keys() == {"+14155550222"}


def test_with_a_server_of_one_endpoint_the_window_says_that_unsubscribed_people_are_unknown(
    open_window: Open, qtbot: QtBot, only_post: str, write: Write
) -> None:
    window = open_on(open_window, qtbot, only_post)
    page = to_confirm(window, qtbot, write("Phone", "4155550220"))
    texts = visible_texts(page.confirm_step)
    assert "Who unsubscribed could not be checked: this account’s server does not tell" in texts


def test_a_consent_column_can_be_ignored(window: MainWindow, qtbot: QtBot, practice: Practice, write: Write) -> None:
    page = go_to_columns(window, qtbot, write("Phone,Opt out", "4155550220,yes", "4155550221,no"))
    box = click_check_box(page.columns_step, "Opt out: “yes” is held back, “no” may be texted")
    assert not box.isChecked()
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    assert len(practice.people()) == 2


def test_a_file_named_like_a_list_of_unsubscribed_people_needs_a_confirmation(
    window: MainWindow, qtbot: QtBot, write: Write
) -> None:
    page = to_confirm(window, qtbot, write("Phone", "4155550220", name="unsubscribed_members.csv"))
    step = page.confirm_step
    assert not step.forward_button.isEnabled()
    assert step.forward_button.toolTip() == "Say first that these people may be texted"
    click_check_box(
        step, "“unsubscribed_members.csv” is named like a list of people who left: I know that these may be texted"
    )
    assert step.forward_button.isEnabled()
    assert "I know that these may be texted" in step.confirmed


def confirm_with_restarted_journeys(window: MainWindow, qtbot: QtBot, file: Path) -> ImportPage:
    page = go_to_columns(window, qtbot, file)
    for label in RESTART_JOURNEYS:
        click_check_box(page.columns_step, label)
    check_file(window, qtbot, page)
    press(page.review_step.forward_button)
    return page


def test_restarting_journeys_needs_the_number_of_people_typed(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    page = confirm_with_restarted_journeys(window, qtbot, write("Phone", "4155550220", "4155550221"))
    step = page.confirm_step
    assert step.forward_button.toolTip() == "Type 2 first"
    typed_count = find(step, QLineEdit, "To send journeys again, type how many may be texted")
    QTest.keyClicks(typed_count, "3")
    assert not step.forward_button.isEnabled()
    typed_count.clear()
    QTest.keyClicks(typed_count, "2")
    assert step.forward_button.isEnabled()
    assert "typed 2" in step.confirmed


@pytest.mark.parametrize(
    ("skips_old_signups", "enrolled"), [(True, {"+14155550221"}), (False, {"+14155550220", "+14155550221"})]
)
def test_old_signups_start_no_journeys_unless_chosen(
    window: MainWindow,
    qtbot: QtBot,
    practice: Practice,
    write: Write,
    skips_old_signups: bool,
    enrolled: set[str],
) -> None:
    file = write("Phone,Signup Date", "4155550220,2020-01-02T10:00:00Z", "4155550221,")
    page = go_to_columns(window, qtbot, file)
    click_check_box(page.columns_step, "Start welcome journeys")
    check_file(window, qtbot, page)
    press(page.review_step.forward_button)
    step = page.confirm_step
    label = "Start no journeys for the 1 person who signed up over 30 days ago"
    assert find(step, QCheckBox, label).isChecked()
    assert any(text.startswith("Up to 1 person may be texted") for text in visible_texts(step))
    if not skips_old_signups:
        click_check_box(step, label)
    start_run(window, qtbot, page)
    people = practice.people()
    assert {phone for phone, person in people.items() if person["practice"]["journeys_enrolled"]} == enrolled
    assert len(people) == 2


def test_an_import_is_undone_from_its_last_step(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = to_review(window, qtbot, write("Phone", "4155550220", "4155550221"))
    to_the_end(window, qtbot, page)
    step = page.run_step
    assert "Of these 2 new to the account" in step.notice.text.text()
    press(find_button(step, "Take back"))
    assert "A text that was sent stays sent" in step.notice.text.text()
    with qtbot.waitSignal(window.context.worker.runs.ended, timeout=WAIT):
        press(find_button(step.notice, "Take 2 people off the list"))
    assert not any(person["active"] for person in practice.people().values())


def test_an_audit_record_is_saved_as_pdf_and_verifies(
    window: MainWindow, qtbot: QtBot, write: Write, tmp_path: Path
) -> None:
    file = write("Phone", "4155550220")
    page = to_review(window, qtbot, file)
    to_the_end(window, qtbot, page)
    window.show_results(page.run_step.run_id)
    record = tmp_path / "record.json"
    with qtbot.waitSignal(window.context.worker.queries.record_written, timeout=WAIT):
        window.context.worker.queries.write_record(page.run_step.run_id, record)
    qtbot.waitUntil(record.with_suffix(".pdf").exists, timeout=WAIT)
    assert record.with_suffix(".pdf").read_bytes().startswith(b"%PDF-")
    assert verify(record, file).is_true


def test_restarting_journeys_for_one_person_needs_the_number_retyped(
    window: MainWindow, qtbot: QtBot, practice: Practice
) -> None:
    page = type_phone(window, qtbot, "4155550220")
    for label in RESTART_JOURNEYS:
        click_check_box(page, label)
    page.add()
    assert not page.is_under_way
    assert page.membership.retyped.isVisible()
    QTest.keyClicks(page.membership.retyped, "4155550220")
    with qtbot.waitSignal(window.context.worker.contacts.settled, timeout=WAIT):
        page.add()
    assert practice.people()["+14155550220"]["practice"]["journeys_enrolled"] == 1


def test_the_run_pauses_after_the_chosen_number_of_rows(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    file = write("Phone,Opt out", *(f"41555502{number:02},{'yes' if number < 3 else ''}" for number in range(20)))
    page = to_confirm(window, qtbot, file)
    click_check_box(page.confirm_step, "Try the first rows first, and wait:")
    find(page.confirm_step, QSpinBox, "Rows that are tried first").setValue(2)
    press(page.confirm_step.forward_button)
    step = page.run_step
    qtbot.waitUntil(lambda: step.notice.isVisible() and len(practice.people()) == 2, timeout=WAIT)
    qtbot.waitUntil(lambda: step.notice.text.text().count("created") == 2, timeout=WAIT)
    with qtbot.waitSignal(window.context.worker.runs.ended, timeout=WAIT):
        press(find_button(step, "Go on"))
    assert len(practice.people()) == 17
