"""Columns about consent by the words in their names, and texts that say no."""

from __future__ import annotations

import pytest

from trackly_desktop.contacts.value_words import cell_says_no, says_opted_out
from trackly_desktop.mapping.column_profile import profile_columns
from trackly_desktop.mapping.consent_columns import ConsentColumn, consent_column_kind, consent_rules

_NO = (ConsentColumn.OPT_OUT, ConsentColumn.OPT_OUT_DATE)
_YES = (ConsentColumn.OPT_IN, ConsentColumn.STATUS)


@pytest.mark.parametrize(
    "name",
    [
        "Not Textable", "Consent Revoked", "Permission Denied", "No Consent", "Not Subscribed", "Never Opted In",
        "Does not accept SMS",
        "Doesn't want texts", "Cannot receive texts", "May not text", "Opt-in declined", "SMS opt-in cancelled",
        "No acepta SMS",
        "Sin consentimiento", "Consentement refusé", "Pas de consentement", "Non abonné", "Keine Einwilligung",
        "Zustimmung verweigert",
        "Não aceita SMS", "Non accetta SMS", "Senza consenso", "Revoca consenso", "Geen toestemming", "DND",
        "Replied STOP", "Removed",
        "Exclude from SMS", "Unmarketable", "SMS disabled", "Can't text", "Litigator", "Rechaza SMS",
        "Lista Robinson", "Ne veut plus de SMS", "Ne souhaite plus de SMS", "Ne souhaite pas de SMS",
        "Bloctel", "Kein SMS", "Werbesperre", "Widerspruch", "Não perturbe", "Rifiuta SMS", "Niet bellen",
        "Brak zgody", "Stop",
        "donotcontact", "HasOptedOut", "Date Unsubscribed", "UNSUB_REASON",
    ],
)  # fmt: skip
def test_yes_means_no_in_a_column_of_refusals(name: str) -> None:
    assert consent_column_kind(name) in _NO


@pytest.mark.parametrize(
    "name",
    [
        "I agree to receive texts. Reply STOP to unsubscribe.", "Text message opt-in (you can opt out any time)",
        "I consent to receive marketing text messages at the number provided",
        "By providing my phone number I agree to receive texts",
        "Ok2Text", "Allow Marketing", "Contactable", "Can be contacted", "TCPA", "May we contact you by text?",
        "Sign me up for texts",
        "Yes, text me", "smsconsent", "SMSOptIn", "Enable SMS", "SendPromotionalTexts", "Recibir SMS",
        "Suscripción", "Recevoir des SMS",
        "Accord SMS", "SMS erlaubt", "SMS gewünscht", "Darf per SMS kontaktiert werden", "Kontakt erlaubt",
        "Quiere SMS", "¿Podemos enviarle mensajes?", "Vuole SMS", "Pretende receber SMS",
        "Pode receber mensagens?", "Interested in text updates?", "Werbeeinwilligung", "Deseja receber SMS",
        "Permissão SMS",
        "Desidera ricevere SMS", "Samtykke",
    ],
)  # fmt: skip
def test_yes_means_yes_in_a_column_of_consent(name: str) -> None:
    assert consent_column_kind(name) in _YES


@pytest.mark.parametrize(
    "name",
    [
        "Start Time", "Stop Time", "Stop Date", "Blocked Dates", "Agreed Price", "User Permissions",
        "unsubscribedChannelIds", "Bus stop",
        "Order status", "Consent date", "Opt-in IP", "American", "Newsletter", "Email opt in", "Consent text",
        "Opt in source", "Unsubscribe URL",
    ],
)  # fmt: skip
def test_a_column_about_something_else_says_nothing_of_consent(name: str) -> None:
    assert consent_column_kind(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "Accepts Insurance",
        "Lunch Opt In",
        "Insurance Opt-Out",
        "Do Not Rent",
        "Agrees to volunteer",
        "Subscription Status",
    ],
)
def test_a_column_with_a_subject_of_its_own_is_asked_about(name: str) -> None:
    [rule] = consent_rules([name], profile_columns(1, [["no"], ["yes"]]))
    assert not rule.is_sure


@pytest.mark.parametrize("name", ["SMS", "Texts", "Text Alerts", "SMS Marketing", "Marketing", "WhatsApp"])
def test_a_bare_name_is_about_consent_where_its_values_are_answers(name: str) -> None:
    [rule] = consent_rules([name], profile_columns(1, [["no"], ["yes"]]))
    assert (rule.says_no("no"), rule.says_no("yes")) == (True, False)
    assert consent_rules([name], profile_columns(1, [["Spring sale"], ["Winter sale"]])) == ()


@pytest.mark.parametrize(
    "values",
    [("I agree to receive texts", ""), ("Yes", "true", ""), ("checked", ""), ("✓", "")],
    ids=lambda values: values[0],
)
def test_a_blank_is_a_no_where_every_other_value_is_a_yes(values: tuple[str, ...]) -> None:
    [rule] = consent_rules(["SMS Opt In"], profile_columns(1, [[value] for value in values]))
    assert rule.says_no("") is True
    assert rule.says_no(values[0]) is False


@pytest.mark.parametrize("value", ["#REF!", "#N/A", "[object Object]"])
def test_an_error_is_no_blank(value: str) -> None:
    for name in ("Opted out", "SMS Opt In"):
        [rule] = consent_rules([name], profile_columns(1, [[value], ["yes"], ["no"]]))
        assert rule.says_no(value) is None


def test_the_states_of_messages_say_nothing_of_people() -> None:
    assert consent_rules(["SMS Status"], profile_columns(1, [["delivered"], ["failed"]])) == ()


def test_a_column_about_emails_may_forbid_any_contact() -> None:
    [rule] = consent_rules(["Email Status"], profile_columns(1, [["Do not contact"], ["ok"]]))
    assert rule.says_no("Do not contact")
    assert consent_rules(["Email Status"], profile_columns(1, [["Unsubscribed"], ["ok"]])) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Replied STOP", "STOP - 5/3/2024", "said STOP on 5/3", "Asked to be removed", "Asked not to be contacted",
        "does not want texts",
        "should not be contacted", "cannot text", "nonSubscribed", "un-subscribed", "Unmarketable", "passed away",
        "SMSUnsubscribed",
        "OptedOutSMS", "NoSMS", "unsub2024", "dnc2024", "pas de sms", "ne veut pas de SMS", "kein Kontakt",
        "hat widersprochen", "BAJA 2023",
        "solicitó baja", "não quer receber sms", "non vuole sms", "geen sms", "verstorben",
        "x" * 150 + " please do not text me any more",
    ],
)  # fmt: skip
def test_a_text_of_any_column_may_say_no(text: str) -> None:
    assert says_opted_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "Not allowed", "chief complaint: cough", "no quiere cebolla", "Do not send invoice",
        "do not ring doorbell", "don't email", "Widerruf",
        "fire suppression", "The Blacklist Cafe", "take off 10%", "No SMS sent", "no calls, text only",
        "Please stop by", "Stopped",
        "Not on DNC", "Not opted out", "cancelled", "ann.stop@example.com",
    ],
)  # fmt: skip
def test_a_text_about_something_else_says_no_no(text: str) -> None:
    assert not says_opted_out(text)


@pytest.mark.parametrize(
    "text",
    ["415-555-0131 can't text", "4155550131 REMOVED", "4155550131 quit", "4155550131 declined", "4155550131 not interested",
     "9876543210 DND", "0612345678 pas de sms", "4155550131 opt'd out"],
)  # fmt: skip
def test_a_phone_cell_says_no_in_fewer_words(text: str) -> None:
    assert cell_says_no(text)
