"""Whose number is read, who is held back, and what is asked, file by file.

Each file is a hazard that real exports have; beside it stand files that must stay right.
"""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.files.readings import HELD, Reading, read
from trackly_desktop.contacts.issues import IssueCode
from trackly_desktop.mapping.questions import QuestionCode

MISSING, BLANK = str(IssueCode.PHONE_MISSING), str(IssueCode.PHONE_BLANK)
UNKNOWN_COUNTRY = str(IssueCode.PHONE_UNKNOWN_COUNTRY)
OTHER_COLUMN = str(IssueCode.PHONE_IN_OTHER_COLUMN)
ASKED_PHONE = {QuestionCode.PHONE_COLUMN}


class File(NamedTuple):
    """A file's lines, and the right reading of its rows; `asked` are the questions."""

    name: str
    lines: tuple[str, ...]
    rows: list[str]
    asked: Set[QuestionCode] = frozenset()
    region: str = "US"


def reading_of(file: File, folder: Path) -> Reading:
    path = folder / "contacts.csv"
    path.write_text("\n".join((*file.lines, "")), "utf-8")
    return read(path, file.region)


COUNTRIES = [
    File(
        "long names of countries, and one that is none",
        ("Name,Country,Phone", "Di,Russian Federation,912 345 67 89", 'Ed,"Iran, Islamic Republic of",9123456788',
         "Fi,Atlantis,9123456787", "Gil,,(415) 555-0131", "Hal,Atlantis,+1 415 555 0132"),
        ["+79123456789", "+989123456788", UNKNOWN_COUNTRY, "+14155550131", "+14155550132"],
    ),
    File(
        "countries by name decide on the column by their share",
        ("Name,Country,Phone", 'Ann,"Korea, Republic of",+821012345678', "Ben,United Kingdom,07911 123456",
         "Cy,Germany,0151 23456789", "Di,Freedonia,0151 23456789"),
        ["+821012345678", "+447911123456", "+4915123456789", UNKNOWN_COUNTRY],
    ),
    File("a dial code with its plus", ("Name,Phone prefix,Phone", "Ann,+91,9123456780"), ["+919123456780"]),
    File("a dial code under another name", ("Name,Phone Code,Phone", "Ann,+91,9123456780"), ["+919123456780"]),
    File("a country beside its dial code", ("Name,Country Code,Phone", "Ann,India +91,9123456780"), ["+919123456780"]),
    File("plain dial codes", ("Country Code,Phone", "44,7911123456", "1,4155550120", "+49,015112345678"),
         ["+447911123456", "+14155550120", "+4915112345678"]),
    File("ids in a column called country", ("Country,Phone", "1001,4155550120", "1002,4155550121"),
         ["+14155550120", "+14155550121"]),
    File("the first three countries may be misspelled",
         ("Country,Phone", "Grmany,0151 23456781", "Germny,0151 23456782", "Gemany,0151 23456783", "Germany,0151 23456784",
          "Germany,0151 23456785", "Germany,0151 23456786", "Germany,0151 23456787", "Germany,0151 23456788"),
         [UNKNOWN_COUNTRY] * 3 + ["+4915123456784", "+4915123456785", "+4915123456786", "+4915123456787", "+4915123456788"]),
    File("an area code in a column of its own", ("Name,Vorwahl,Telefonnummer", "Ann,089,5551234", "Ben,089,089 5551235"),
         ["+49895551234", "+49895551235"], {QuestionCode.AREA_CODE}, "DE"),
    File("an American area code", ("Name,Area Code,Phone", "Ann,415,555-0131", "Ben,415,(415) 555-0132", "Cy,,415 555 0133"),
         ["+14155550131", "+14155550132", "+14155550133"], {QuestionCode.AREA_CODE}),
]  # fmt: skip


def _people(*rows: int) -> list[str]:
    return [f"+141555501{row:02}" for row in rows]


OWNERS = [
    File("a title is no country", ("Prefix,Name,Phone", "Mr,Ann,415 555 0131", "Ms,Ben,415 555 0132"), _people(31, 32)),
    *(
        File(f"{column} is not the phone's country", (f"Phone,{column}", "415 555 0131,DE", "415 555 0132,FR"), _people(31, 32))
        for column in ("IP Country", "Store Country", "Passport Issuing Country", "Birth Country", "Country of birth")
    ),
    *(
        File(f"{column} is the phone's country", (f"Phone,{column}", "0151 23456789,DE", "415 555 0132,US"),
             ["+4915123456789", *_people(32)])
        for column in ("Country", "Mailing Country", "Country of Residence", "Billing Country", "Country Code", "País")
    ),
    File("states in a column of countries", ("Land,Telefon", "Österreich,0664 1234567", "Bayern,0151 23456789", "NRW,0151 23456788",
                                             "Hessen,0151 23456787"),
         ["+436641234567", *[UNKNOWN_COUNTRY] * 3], region="DE"),
    File("dial codes under the name of area codes", ("Vorwahl,Telefon", "+43,664 1234567", "+41,79 123 45 67"),
         ["+436641234567", "+41791234567"], region="DE"),
    File("the phone of the guardian named before it", ("First Name,Phone,Guardian First Name,Phone", "Ann,,Eve,4155550131",
                                                       "Ben,4155550132,Ada,4155550133"),
         [MISSING, *_people(32)]),
    File("the phone behind a spouse's name alone", ("Name,Spouse name,Phone", "Ann,Eve,4155550131"), [MISSING], ASKED_PHONE),
    File("two owners", ("Owner 1,Phone 1,Owner 2,Phone 2", "Ann,,Ben,4155550131", "Cy,4155550132,Di,4155550133"),
         [MISSING, *_people(32)]),
    File("two contacts", ("Student,Contact 1 Mobile,Contact 2 Mobile", "Ann,4155550130,4155550131"), [MISSING], ASKED_PHONE),
    File("two tables side by side", ("Name,Phone,,Name,Phone", "Ann,4155550131,,Ben,4155550132", "Cy,,,Di,4155550134"),
         [*_people(31), MISSING]),
    File("a whole column without its plus", ("Phone", "4915123456789", "4917612345678", "491711234567"),
         ["+4915123456789", "+4917612345678", "+491711234567"], region="DE"),
    File("some numbers that may lack their plus", ("Phone", "4915123456789", "0151 23456788", "0151 23456787"),
         [str(IssueCode.PHONE_PLUS_UNCLEAR), "+4915123456788", "+4915123456787"], region="DE"),
]  # fmt: skip

PLAIN = [
    File("empty columns beside a phone", ("First Name,Last Name,Phone,Company Name,Zip,Status", "Ann,Lee,4155550131,Acme,,"), _people(31)),
    File("an owner and an empty id", ("Reference ID,First Name,Phone,Contact owner,Fax", ",Ann,4155550131,Bob,"), _people(31)),
    File("Calendly", ("Invitee Name,Invitee Email,Text Reminder Number", "Ann,a@example.com,4155550131"), _people(31)),
    File("an iPhone", ("Name,Mobile,iPhone", "Ann,,4155550131"), _people(31)),
    File("home by a sign", ("Name,Cell #,Home #", "Cy,n/a,212-555-0191"), [OTHER_COLUMN]),
    File("an emergency contact with a number of its own", ("Name,Emergency Contact,Emergency Number,Cell",
                                                           "Ann,Bob,2125550191,4155550131"), _people(31)),
    File("a household's primary phone", ("Donor Name,Spouse Name,Primary Phone", "Ann,Bob,4155550131"), _people(31)),
    File("a guardian's phone some columns on", ("Child Name,Guardian Name,Relationship,Email,City,State,Cell Phone",
                                                "Amy,Ann Lee,Mother,a@example.com,Austin,TX,4155550131"), [MISSING], ASKED_PHONE),
    File("countries by their plates", ("Name;Land;Mobil", "A;D;0151 23456789", "B;A;0664 1234567", "C;CH;079 123 45 67"),
         ["+4915123456789", "+436641234567", "+41791234567"], region="DE"),
    File("two labelled numbers", ("Name,Phone", "Ann,Phone:(415) 555-0132 Mobile:(415) 555-0142",
                                  "Ben,Mobile:(415) 555-0135 Fax:(212) 555-0199"),
         [str(IssueCode.PHONE_SEVERAL)] * 2),
    File("a form's box that nobody ticked", ('Cell phone number,"By checking this box, I agree to receive texts. Reply STOP to opt out."',
                                             "4155550131,I agree", "4155550132,", "4155550133,I do not agree"),
         [*_people(31), HELD, HELD]),
    File("HubSpot's contacts that are not for marketing", ("Name,Phone,Marketing contact status", "Ann,4155550131,Marketing contact",
                                                           "Ben,4155550132,Non-marketing contact"), [*_people(31), HELD]),
    File("Constant Contact's permission", ("Phone,SMS permission", "4155550131,Express permission"), _people(31)),
]  # fmt: skip

PHONES = [
    File("a parent's phone is nobody's in the file", ("Student,Parent phone,Student cell", "Ann,(212) 555-0191,(415) 555-0131"),
         ["+14155550131"]),
    File("mobile before home, and who says no",
         ("Email address,Phone - home,Phone - mobile,SMS permission",
          "a@example.com,(212) 555-0191,(415) 555-0131,No permission", "b@example.com,(212) 555-0192,(415) 555-0132,Yes"),
         [HELD, "+14155550132"]),
    File("an emergency contact is never imported", ("Name,Phone,Emergency phone", "Ann,,(212) 555-0191"), [MISSING]),
    File("an emergency contact alone", ("Name,Emergency phone", "Ann,(212) 555-0191"), [MISSING], ASKED_PHONE),
    File("a reply's sender or its recipient", ("From number,To number,Message", "+14155550131,+18005550100,STOP"),
         [HELD], ASKED_PHONE),
    *(
        File(f"{name} is another person's or no phone", (f"Name,{name}", "Ann,(212) 555-0191"), [MISSING], ASKED_PHONE)
        for name in (
            "Guardian mobile", "Spouse cell", "Partner phone", "Referrer phone", "Sales rep phone", "Agent mobile", "Manager phone",
            "Doctor's phone", "Store phone", "Branch phone", "Company phone number", "Called number", "Member number",
            "Card number", "Invoice number", "Ticket number", "Fax", "Fax number", "Pager", "Notfallkontakt Telefon",
            "Teléfono de emergencia", "Coach cell", "Landlord phone", "Phone (emergency)", "Mother's mobile",
        )
    ),
    *(
        File(f"{name} is the person's own", (f"Name,{name}", "Ann,(415) 555-0131"), ["+14155550131"])
        for name in (
            "Mobile", "Cell phone", "Handy", "Móvil", "Portable", "Celular", "Student cell", "Customer phone", "Phone (mobile)",
            "Phone Number (with country code)", "Primary Phone", "Contact Phone", "SMS Number", "Mobile No.", "Tel. mobile",
            "Handynummer", "Número de celular", "Phone Number*", "phone_number", "mobilePhone", "Patient Mobile Number", "PHONE",
        )
    ),
    *(
        File(f"{name} is used only if it is chosen", (f"Name,Mobile,{name}", "Ann,,(212) 555-0191"), [OTHER_COLUMN])
        for name in ("Home phone", "Work phone", "Office phone", "Landline", "Main phone", "Phone - home", "Telefon privat")
    ),
    File("the customer's or the contact's", ("Customer phone,Contact phone", "(415) 555-0131,(415) 555-0132"), [MISSING], ASKED_PHONE),
    File("two nameless columns of phones", ("A,B", "(415) 555-0131,(415) 555-0132", "(415) 555-0133,(415) 555-0134"),
         [MISSING, MISSING], ASKED_PHONE),
    File("a second phone where the first is blank", ("Mobile,Phone", "(415) 555-0131,(415) 555-0132", ",(415) 555-0133"),
         ["+14155550131", "+14155550133"]),
    File("only a pager", ("Name,Phone 1 - Label,Phone 1 - Value", "Ann,Pager,(415) 555-0131", "Ben,Work Fax,(415) 555-0132",
                          "Cy,* Mobile,(415) 555-0133"),
         [str(IssueCode.PHONE_NOT_A_PHONE), str(IssueCode.PHONE_NOT_A_PHONE), "+14155550133"]),
    File("labels decide among several",
         ("Name,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value",
          "Ann,Work Fax,(415) 555-0130,Mobile,(415) 555-0131", "Ben,Home,(415) 555-0132,Mobile,(415) 555-0133",
          "Cy,Work,(415) 555-0134,,", "Di,Pager,(415) 555-0135,Home,(415) 555-0136"),
         ["+14155550131", "+14155550133", "+14155550134", "+14155550136"]),
    File("cells that say no", ("Name,Phone", "Ann,DO NOT CALL 415 555 0132", "Ben,STOP 4155550133", "Cy,4155550134 opted out",
                               "Di,4155550132", "Ed,4155550135"),
         [HELD, HELD, HELD, HELD, "+14155550135"]),
    File("a no in the second phone's cell", ("Mobile,Phone", "4155550131,STOP 4155550132", "STOP 4155550133,4155550134",
                                             "4155550135,4155550136"),
         [HELD, HELD, "+14155550135"]),
    File("an error of Excel's", ("Name,Phone", "Ann,#N/A", "Ben,4155550135"), [str(IssueCode.CELL_EXCEL_ERROR), "+14155550135"]),
]  # fmt: skip


def _answers(column: str, *values: str) -> tuple[str, ...]:
    """Return the lines of a file with one column of answers."""
    return (f"Phone,{column}", *(f"41555501{row:02},{value}" for row, value in enumerate(values, 31)))


CONSENT = [
    File("opted out in each spelling", _answers("SMS Consent Status", "Opt-Out", "Opt out", "OPTOUT", "Opted Out", "Opted In"),
         [HELD] * 4 + _people(35)),
    File("a status of another name", ("Email,Phone,Status", "a@b.co,4155550131,Unsubscribed", "b@b.co,4155550132,Bounced",
                                      "c@b.co,4155550133,Active"),
         [HELD, HELD, "+14155550133"], {QuestionCode.CONSENT_COLUMN}),
    File("a subscriber's status", _answers("SMS subscriber status", "Unsubscribed", "Never subscribed", "Subscribed"),
         [HELD, HELD, *_people(33)]),
    *(
        File(f"{column} = {value}", _answers(column, value, other), [HELD, *_people(32)])
        for column, value, other in (
            ("donotcontact", "1", "0"), ("is_blacklisted", "True", "False"), ("OK to text", "No", "Yes"),
            ("Is Subscribed", "false", "true"), ("Date Unsubscribed", "2024-05-01", ""), ("Opt Out", "✓", ""),
            ("Opt Out", "checked", "unchecked"), ("Opt Out", "wahr", "falsch"), ("Opt Out", "yes", "no"), ("Abgemeldet", "ja", "nein"),
            ("Baja", "sí", "no"), ("Désabonné", "oui", "non"), ("Acepta SMS", "no", "sí"), ("Do Not Text", "x", ""),
            ("DNC", "Y", "N"), ("Suppressed", "true", "false"), ("Bounced", "yes", "no"), ("Can we text?", "no", "yes"),
            ("SMS Opt In", "✗", "✓"), ("SMS Opt In", "☐", "☑"), ("SMS Opt In", "No thanks", "Yes please"),
            ("SMS Opt In", "Nope", "Yep"), ("SMS Opt In", "unchecked", "checked"), ("Permission to text", "denied", "granted"),
            ("Marketing permission", "no", "yes"),
            ("Einwilligung SMS", "nein", "ja"), ("Consenso SMS", "no", "sì"), ("Consentement SMS", "refusé", "accepté"),
            ("Descadastrado", "sim", "não"), ("Disiscritto", "sì", "no"), ("smsOptOut", "TRUE", "FALSE"),
        )
    ),
    File("a box that is ticked or not", _answers("SMS Opt In", "checked", "", "checked"), [_people(31)[0], HELD, _people(33)[0]]),
    File("a cross or nothing", _answers("SMS Opt In", "x", "", "x"), [_people(31)[0], HELD, _people(33)[0]]),
    File("what nobody understands is asked about", _answers("SMS Opt In", "Email only", "Yes", "No"),
         [HELD, *_people(32), HELD], {QuestionCode.CONSENT_VALUE}),
    File("emails are another matter", ("Phone,Email opt out,Email status", "4155550131,yes,Bounced", "4155550132,no,ok"), _people(31, 32)),
    *(
        File(f"a column of any name: {value}", _answers("Tags", value, "vip"), [HELD, *_people(32)], {QuestionCode.CONSENT_COLUMN})
        for value in (
            "unsubscribed", "opted out", "bounced", "blacklisted", "do not text", "STOP", "abgemeldet", "baja", "désabonné",
            "dado de baja", "ne pas contacter", "nicht anrufen", "disiscritto", "descadastrado", "DNC",
            "Please do not call her any more",
        )
    ),
    *(
        File(f"a column that says nothing of consent: {column} = {value}", _answers(column, value, "other"), _people(31, 32))
        for column, value in (
            ("Order status", "cancelled"), ("Status", "inactive"), ("Plan", "stopped"), ("City", "Bounce"), ("Notes", "Please stop by the shop"),
            ("Bus stop", "Main St"), ("Subscription plan", "none"), ("Payment status", "refused"), ("First name", "Opal"),
        )
    ),
    File("a problem beside a no does not hide it",
         ("Phone,Signup date,Opt out", "4155550131,soon,yes", "4155550131,2025-05-01,no", "4155550132,soon,no"),
         [HELD, HELD, str(IssueCode.DATE_UNREADABLE)]),
]  # fmt: skip


TABLES = [
    File("a line of nothing but numbers", ("4155550131, 4155550132, 4155550133",), _people(31, 32, 33)),
    File("a list of labelled numbers", ("Cell: 415-555-0131", "Cell: 415-555-0132"), _people(31, 32)),
    File("a first row with a number in any notation", ("Ann (415) 555-0131", "Ben (415) 555-0132"), _people(31, 32)),
    File("a first row with a vanity number", ("1-800-FLOWERS", "4155550132"), ["+18003569377", *_people(32)]),
    File("a word in a person's row is no header", ("Name,Phone", "Ann,4155550131", "Ben,mother", "Cy,4155550133"),
         [*_people(31), str(IssueCode.PHONE_WORDS), *_people(33)]),
    File("the same surplus in all rows", ("Name,Phone", "Ann,4155550131,Rome,x", "Ben,4155550132,Bonn,y"), _people(31, 32)),
    File("a new header in the middle",
         ("Name,Phone,Emergency phone", "Ann,4155550131,(212) 555-0190", "", "Name,Emergency phone,Phone",
          "Cy,(212) 555-0193,(415) 555-0133"),
         [*_people(31), *[str(IssueCode.ROW_BELOW_OTHER_HEADER)] * 2]),
]  # fmt: skip


@pytest.mark.parametrize("file", [*COUNTRIES, *OWNERS, *PLAIN, *PHONES, *CONSENT, *TABLES], ids=lambda file: file.name)
def test_each_row_is_read_refused_or_asked_about(file: File, tmp_path: Path) -> None:
    reading = reading_of(file, tmp_path)
    assert reading.rows == file.rows
    assert reading.questions == file.asked


@pytest.mark.parametrize(
    ("lines", "column"),
    [
        (("Name,Phone,Time", "Ann,(415) 555-0100,10:30:00"), "Time"),
        (("Phone,Call duration", "4155550131,00:03:21"), "Call duration"),
        (("Phone,MAC", "4155550131,C8:2A:14:55:01:31"), "MAC"),
        (("Phone,App version", "4155550131,1.2.3.4"), "App version"),
        (("Phone,IP", "4155550131,10:30:00"), "IP"),
    ],
)
def test_only_an_address_under_a_name_that_says_ip_is_an_ip_address(
    lines: tuple[str, ...], column: str, tmp_path: Path
) -> None:
    mapping = reading_of(File("", lines, []), tmp_path).mapping
    assert {use.name: use.field for use in mapping.columns}[column].startswith("custom:")


@pytest.mark.parametrize(
    "name", ["IP", "IP Address", "Opt-in IP", "Signup IP address", "ip_address", "Registration IP"]
)
def test_an_address_under_a_name_that_says_ip_is_evidence(name: str, tmp_path: Path) -> None:
    reading = reading_of(File("", (f"Phone,{name}", "4155550131,203.0.113.42"), []), tmp_path)
    assert reading.bodies[0]["ip_address"] == "203.0.113.42"


@pytest.mark.parametrize(
    ("header", "sent"),
    [("Signup Date (UTC)", "2024-05-01T10:00:00Z"), ("Signup Date (EST)", "2024-05-01T15:00:00Z"),
     ("Signup Date (UTC+2)", "2024-05-01T08:00:00Z")],
)  # fmt: skip
def test_a_date_is_of_the_zone_in_its_columns_name(header: str, sent: str, tmp_path: Path) -> None:
    reading = reading_of(File("", (f"Phone,{header}", "4155550131,2024-05-01 10:00"), []), tmp_path)
    assert reading.bodies[0]["signup_date"] == sent


@pytest.mark.parametrize(
    ("dates", "codes"),
    [
        (("May 2024", "Sept 2025", "Dec 1999"), ["date_no_day"] * 3),
        (("3 junk 2024", "1 Mayor 2025"), ["date_unreadable"] * 2),
        (("24-05-01", "24-11-13", "25-02-28"), ["date_year_unclear"] * 3),
        (("1601-01-01", "1900-01-01", "1970-01-01", "1753-01-01"), ["date_placeholder"] * 4),
        (
            ("15-MAR-25", "Mar 3, 2025", "3 mars 2025", "2025-03-15", "15.03.2025"),
            [f"+141555501{row}" for row in range(31, 36)],
        ),
    ],
)
def test_a_date_is_read_or_refused(dates: tuple[str, ...], codes: list[str], tmp_path: Path) -> None:
    lines = ("Phone;Signup date", *(f"41555501{row};{text}" for row, text in enumerate(dates, 31)))
    assert reading_of(File("", lines, []), tmp_path).rows == codes


@pytest.mark.parametrize(
    "text",
    ["NULL", "\\N", "None", "undefined", "#N/A", "#REF!", "[object Object]", "nan", "NaN", "NaT", "(null)", "(blank)"],
)
@pytest.mark.parametrize("others", [("Ada",), ("12", "13"), ("yes", "no")])
def test_words_for_nothing_are_nothing_in_every_type(text: str, others: tuple[str, ...], tmp_path: Path) -> None:
    lines = ("Phone;Answer", f"4155550131;{text}", *(f"41555501{row};{value}" for row, value in enumerate(others, 41)))
    reading = reading_of(File("", lines, []), tmp_path)
    assert "custom_fields" not in reading.bodies[0]
    assert "custom_fields" in reading.bodies[1]


@pytest.mark.parametrize(
    ("column", "value"),
    [("Country", "NO"), ("ZIP", "94103"), ("Zip Code", "02134"), ("Customer ID", "17"), ("Promo code", "12"), ("State", "ON"),
     ("Province", "NO"), ("Postleitzahl", "80331")],
)  # fmt: skip
def test_codes_ids_and_states_are_always_text(column: str, value: str, tmp_path: Path) -> None:
    reading = reading_of(File("", (f"Phone,{column}", f"+14155550131,{value}"), []), tmp_path)
    custom = reading.bodies[0]["custom_fields"]
    assert isinstance(custom, dict)
    assert list(custom.values()) == [value]
