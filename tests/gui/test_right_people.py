"""The window keeps to the right people: who must not be texted is told, held back, and asked about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.conftest import LIST, Practice
from tests.gui.conftest import WAIT
from tests.gui.wizard import dropped, press, reviewed, to_review, to_the_end
from trackly_desktop.gui.contact_form.page import ContactPage
from trackly_desktop.gui.import_wizard.page import ImportPage
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.journal import suppression_list
from trackly_desktop.reports.audit_record import verify
from trackly_desktop.system import paths

Write = Callable[..., Path]
GONE = "+14155550108"
"""The practice account's number that is unsubscribed from every list."""


def suppress(window: MainWindow, qtbot: QtBot, *phones: str) -> None:
    with qtbot.waitSignal(window.context.worker.suppression_changed, timeout=WAIT):
        window.context.worker.suppress(window.context.account.id, phones, "by hand")


def typed(window: MainWindow, qtbot: QtBot, phone: str) -> ContactPage:
    window.go_to("add")
    page = window.contact_page
    page.list.choose(LIST)
    with qtbot.waitSignal(window.context.worker.person_found, timeout=WAIT):
        QTest.keyClicks(page.phone.edit, phone)
    return page


def told(page: ImportPage) -> list[str]:
    return [one.text() for one in page.confirm_step.findChildren(QLabel) if one.isVisible()]


# The form


def test_a_number_on_the_do_not_text_list_is_told_and_never_sent(
    window: MainWindow, qtbot: QtBot, practice: Practice
) -> None:
    suppress(window, qtbot, "+14155550120")
    page = typed(window, qtbot, "4155550120")
    qtbot.waitUntil(page.membership.isVisible, timeout=WAIT)
    assert page.membership.words.text() == "This number is on the do-not-text list: it is never sent from here"
    page.add()
    assert not page.is_under_way
    assert practice.people() == {}


def test_who_unsubscribed_is_added_only_when_the_number_is_typed_again(
    window: MainWindow, qtbot: QtBot, practice: Practice
) -> None:
    page = typed(window, qtbot, "4155550108")
    qtbot.waitUntil(page.membership.again.isVisible, timeout=WAIT)
    page.add()
    assert not page.is_under_way
    QTest.keyClicks(page.membership.again, "4155550109")
    page.add()
    assert not page.is_under_way
    page.membership.again.clear()
    QTest.keyClicks(page.membership.again, "(415) 555-0108")
    with qtbot.waitSignal(window.context.worker.contact_settled, timeout=WAIT):
        page.add()
    assert practice.people()[GONE]["practice"]["requests"] == 1
    assert window.context.reader.runs()[0].options["typed_again"] == GONE


def test_whoever_is_quicker_than_the_look_up_is_held_back_all_the_same(
    window: MainWindow, qtbot: QtBot, practice: Practice
) -> None:
    page = typed(window, qtbot, "4155550108")
    page.membership.clear()  # as if the answer had not come yet
    with qtbot.waitSignal(window.context.worker.contact_held, timeout=WAIT):
        page.add()
    qtbot.waitUntil(page.membership.again.isVisible, timeout=WAIT)
    assert practice.people() == {}


def test_who_has_subscribed_again_since_the_list_was_asked_for_is_added(
    window: MainWindow, qtbot: QtBot, practice: Practice
) -> None:
    account = window.context.account
    suppression_list.save_list_members(
        paths.journal_path(), account.id, account.base_url, LIST, {"+14155550220": False}, active=False, whole=True
    )
    practice.ask("POST", "/api/v2/contacts", json={"phone_number": "+14155550220", "list_number": LIST})
    page = typed(window, qtbot, "4155550220")
    with qtbot.waitSignal(window.context.worker.contact_settled, timeout=WAIT):
        page.add()
    assert practice.people()["+14155550220"]["practice"]["requests"] == 2


# The list


def test_numbers_are_put_on_the_list_by_hand_and_from_any_file_and_taken_off(
    window: MainWindow, qtbot: QtBot, write: Write
) -> None:
    window.go_to("do-not-text")
    page, worker = window.do_not_text_page, window.context.worker
    QTest.keyClicks(page.number, "415")
    QTest.keyClick(page.number, Qt.Key.Key_Return)
    assert page.number_field.problem == "This number is too short for a number in US"
    QTest.keyClicks(page.number, "5550120")
    with qtbot.waitSignal(worker.suppression_changed, timeout=WAIT):
        QTest.keyClick(page.number, Qt.Key.Key_Return)
    file = write("Name;Handy;Mail", "A;(415) 555-0121;a@b.c", "B;nothing;", "C;4155550120;", name="stop.csv")
    with qtbot.waitSignal(worker.suppression_changed, timeout=WAIT):
        page.add_file(file)
    assert page.notice.headline.text() == (
        "1 put on the list; 1 were on it already; 1 rows have no phone number that can be read"
    )
    assert {person.phone: person.source for person in page.model.rows} == {
        "+14155550120": "by hand", "+14155550121": "stop.csv",
    }  # fmt: skip
    page.table.selectRow(0)
    press(page.remove_button)
    with qtbot.waitSignal(worker.suppression_changed, timeout=WAIT):
        press(page.notice.buttons[0])
    assert page.model.rowCount() == 1


def test_a_person_of_the_results_is_put_on_the_list_by_the_rows_menu(
    window: MainWindow, qtbot: QtBot, write: Write
) -> None:
    page = to_review(window, qtbot, write("Phone", "4155550220"))
    to_the_end(window, qtbot, page)
    window.show_results(page.run_step.run)
    results = window.results_page
    qtbot.waitUntil(lambda: results.model.rowCount() == 1, timeout=WAIT)
    menu = results.row_menu(0)
    assert menu is not None
    with qtbot.waitSignal(window.context.worker.suppression_changed, timeout=WAIT):
        menu.actions()[0].trigger()
    assert window.context.reader.is_suppressed(window.context.account.id, "+14155550220")


# The wizard


def test_rows_for_people_who_must_not_be_texted_are_held_back_and_counted(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    suppress(window, qtbot, "+14155550220")
    file = write("Phone,Opt out", "4155550220,", "4155550108,", "4155550221,yes", "4155550222,no")
    page = to_review(window, qtbot, file)
    press(page.review_step.forward_button)
    said = told(page)
    assert "1 row unsubscribed from this list: held back" in said
    assert "1 row on the do-not-text list: held back" in said
    assert "1 row whose own column says no: held back" in said
    assert "Opt out: blank (2) may be texted; “yes” (1) held back; “no” (1) may be texted" in said
    with qtbot.waitSignal(window.context.worker.run_ended, timeout=WAIT):
        press(page.confirm_step.forward_button)
    assert practice.people().keys() == {"+14155550222"}


def test_a_server_of_one_endpoint_is_said_not_to_tell_who_unsubscribed(
    open_window: Callable[..., MainWindow], qtbot: QtBot, only_post: str, write: Write
) -> None:
    from tests.gui.conftest import open_on

    window = open_on(open_window, qtbot, only_post)
    page = to_review(window, qtbot, write("Phone", "4155550220"))
    press(page.review_step.forward_button)
    assert "Who unsubscribed could not be checked: this account’s server does not tell" in told(page)


def test_a_column_that_says_no_can_be_disregarded(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = dropped(window, qtbot, write("Phone,Opt out", "4155550220,yes", "4155550221,no"))
    press(page.file_step.forward_button)
    [box] = page.columns_step.asks.values()
    assert box.text() == "Opt out: “yes” is held back, “no” may be texted"
    box.setChecked(False)
    page.columns_step.list.choose(LIST)
    reviewed(window, qtbot, page)
    to_the_end(window, qtbot, page)
    assert len(practice.people()) == 2


def test_a_file_named_for_people_who_left_has_to_be_answered_for(
    window: MainWindow, qtbot: QtBot, write: Write
) -> None:
    page = to_review(window, qtbot, write("Phone", "4155550220", name="unsubscribed_members.csv"))
    press(page.review_step.forward_button)
    step = page.confirm_step
    assert not step.forward_button.isEnabled()
    assert step.forward_button.toolTip() == "Say first that these people may be texted"
    step.named.setChecked(True)
    assert step.forward_button.isEnabled()
    assert "I know that these may be texted" in step.confirmed


def forced(window: MainWindow, qtbot: QtBot, file: Path) -> ImportPage:
    page = dropped(window, qtbot, file)
    press(page.file_step.forward_button)
    page.columns_step.list.choose(LIST)
    for name in ("use_journeys", "skip_journey_if_exists"):
        page.columns_step.choices[name].setChecked(True)
    reviewed(window, qtbot, page)
    press(page.review_step.forward_button)
    return page


def test_journeys_for_those_who_had_them_need_the_number_typed(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    page = forced(window, qtbot, write("Phone", "4155550220", "4155550221"))
    step = page.confirm_step
    assert step.forward_button.toolTip() == "Type 2 first"
    QTest.keyClicks(step.typed, "3")
    assert not step.forward_button.isEnabled()
    step.typed.clear()
    QTest.keyClicks(step.typed, "2")
    assert step.forward_button.isEnabled()
    assert "typed 2" in step.confirmed


@pytest.mark.parametrize(("skips_old_signups", "enrolled"), [(True, {"+14155550221"}), (False, {"+14155550220", "+14155550221"})])
def test_who_signed_up_long_ago_starts_no_journeys_unless_it_is_said(
    window: MainWindow,
    qtbot: QtBot,
    practice: Practice,
    write: Write,
    skips_old_signups: bool,
    enrolled: set[str],
) -> None:
    file = write("Phone,Signup Date", "4155550220,2020-01-02T10:00:00Z", "4155550221,")
    page = dropped(window, qtbot, file)
    press(page.file_step.forward_button)
    page.columns_step.list.choose(LIST)
    page.columns_step.choices["use_journeys"].setChecked(True)
    reviewed(window, qtbot, page)
    press(page.review_step.forward_button)
    step = page.confirm_step
    assert (
        step.disable_journeys_for_old_signups.text()
        == "Start no journeys for the 1 person who signed up over 30 days ago"
    )
    assert step.disable_journeys_for_old_signups.isChecked()
    assert any(said.startswith("Up to 1 person may be texted") for said in told(page))
    step.disable_journeys_for_old_signups.setChecked(skips_old_signups)
    with qtbot.waitSignal(window.context.worker.run_ended, timeout=WAIT):
        press(step.forward_button)
    people = practice.people()
    assert {phone for phone, one in people.items() if one["practice"]["journeys_enrolled"]} == enrolled
    assert len(people) == 2


def test_an_import_is_taken_back_where_it_ended(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = to_review(window, qtbot, write("Phone", "4155550220", "4155550221"))
    to_the_end(window, qtbot, page)
    step = page.run_step
    assert "Of these 2 new to the account" in step.notice.text.text()
    press(step.undo_button)
    assert "A text that was sent stays sent" in step.notice.text.text()
    with qtbot.waitSignal(window.context.worker.run_ended, timeout=WAIT):
        press(step.notice.buttons[0])
    assert not any(person["active"] for person in practice.people().values())


def test_a_proof_record_is_saved_on_paper_and_for_verify(
    window: MainWindow, qtbot: QtBot, write: Write, tmp_path: Path
) -> None:
    file = write("Phone", "4155550220")
    page = to_review(window, qtbot, file)
    to_the_end(window, qtbot, page)
    window.show_results(page.run_step.run)
    record = tmp_path / "record.json"
    with qtbot.waitSignal(window.context.worker.record_written, timeout=WAIT):
        window.context.worker.write_record(page.run_step.run, record)
    qtbot.waitUntil(record.with_suffix(".pdf").exists, timeout=WAIT)
    assert record.with_suffix(".pdf").read_bytes().startswith(b"%PDF-")
    assert verify(record, file).is_true


def test_journeys_again_for_one_person_need_the_number_typed_again(
    window: MainWindow, qtbot: QtBot, practice: Practice
) -> None:
    page = typed(window, qtbot, "4155550220")
    for name in ("use_journeys", "skip_journey_if_exists"):
        page.choices[name].setChecked(True)
    page.add()
    assert not page.is_under_way
    assert page.membership.again.isVisible()
    QTest.keyClicks(page.membership.again, "4155550220")
    with qtbot.waitSignal(window.context.worker.contact_settled, timeout=WAIT):
        page.add()
    assert practice.people()["+14155550220"]["practice"]["journeys_enrolled"] == 1


def test_as_many_rows_are_tried_first_as_are_chosen(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    file = write("Phone,Opt out", *(f"41555502{number:02},{'yes' if number < 3 else ''}" for number in range(20)))
    page = to_review(window, qtbot, file)
    press(page.review_step.forward_button)
    page.confirm_step.try_first.setChecked(True)
    page.confirm_step.first_rows.setValue(2)
    press(page.confirm_step.forward_button)
    step = page.run_step
    qtbot.waitUntil(lambda: step.notice.isVisible() and len(practice.people()) == 2, timeout=WAIT)
    qtbot.waitUntil(lambda: step.notice.text.text().count("created") == 2, timeout=WAIT)
    with qtbot.waitSignal(window.context.worker.run_ended, timeout=WAIT):
        press(step.pause_button)
    assert len(practice.people()) == 17
