"""Values and columns as real exports have them, with the right reading."""

from __future__ import annotations

from tests.files.hazards import Hazard


def _table(*lines: str) -> bytes:
    return "\n".join((*lines, "")).encode()


def _counts(ready: int, invalid: int = 0, duplicate: int = 0, held_back: int = 0) -> dict[str, object]:
    counts = {"ready": ready, "invalid": invalid, "duplicate": duplicate}
    return {
        "rows": ready + invalid + duplicate + held_back,
        "counts": counts | ({"held_back": held_back} if held_back else {}),
    }


def _fields(**fields: str) -> dict[str, str]:
    return {name.replace("__", " "): field for name, field in fields.items()}


VALUES = [
    Hazard("an extension", _table("Phone", "(415) 555-0120 x123", "415-555-0121 ext. 7"), _counts(2)),
    Hazard("letters for digits", _table("Phone", "1-800-FLOWERS", "1-800-356-9377"), _counts(1, duplicate=1)),
    Hazard("words that are no number", _table("Phone", "call Jane", "4155550120"), _counts(1, 1), {1: "letters"}),
    Hazard(
        "two numbers in a cell", _table("Phone", "4155550120 / 4155550121", "4155550122"), _counts(1, 1), {1: "2 numbers"}
    ),
    Hazard(
        "a number and what is none, or the same twice, in a cell",
        _table("Phone", "4155550120; none", "415-555-0121 or (415) 555-0121", "4155550122 / 12"), _counts(3),
    ),
    Hazard("an apostrophe that Excel hides", _table("Phone", "'+14155550120", "'4155550121"), _counts(2)),
    Hazard("full-width digits", _table("Phone", "４１５５５５０１２０", "＋１４１５５５５０１２１"), _counts(2)),
    Hazard(
        "signs that nobody sees", _table("Phone", "\u202a+1 415\u2011555\u20110120\u202c", "\ufeff415\u00a0555\u00a00121"), _counts(2)
    ),
    Hazard("an American without a plus", _table("Phone", "14155550120"), _counts(1)),
    Hazard("00 and 011 for the plus", _table("Phone", "0044 7911 123456", "011 44 7911 123457"), _counts(2)),
    Hazard(
        "a whole column without its plus", _table("Phone", "447911123456", "41791234567", "4915112345678"), _counts(3)
    ),
    Hazard(
        "one digit too many makes no Swiss of an American",
        _table("Phone", "41555598765", "4155550120"), _counts(1, 1), {1: "too long"},
    ),
    Hazard(
        "numbers that Excel shortened", _table("Phone", "1.41556E+10", "4155550120"), _counts(1, 1), {1: "last digits are lost"}
    ),
    Hazard("Facebook's p: before the number", _table("phone_number", "p:+14155550120"), _counts(1)),
    Hazard(
        "numbers of each person's own country, by name or code",
        _table("Phone,Country", "07911 123456,United Kingdom", "0151 12345678,Deutschland", "06 12 34 56 78,FR",
               "612 34 56 78,España", "(11) 96123-4567,BRA", "415 555 0120,"),
        _counts(6),
    ),
    Hazard("a number that a program took for an amount", _table("Phone", "14155550120.0", "4155550121.0"), _counts(2)),
    Hazard("a word beside the number", _table("Phone", "Tel: 415-555-0120", "415 555 0121 (mobile)", "cell 415-555-0122"), _counts(3)),
    Hazard(
        "words for nothing", _table("Phone,Signup Date,IP Address,Orders", "4155550120,NULL,N/A,NaN", "N/A,,,3"),
        _counts(1, 1), {2: "no phone number"},
    ),
    Hazard("dial codes in a column of their own", _table("Country Code,Phone", "44,7911123456", "1,4155550120", "+49,015112345678"), _counts(3)),
    Hazard(
        "ids in a column called country are no dial codes", _table("Country,Phone", "44,4155550120", "1,4155550121"), _counts(2)
    ),
    Hazard("a list with words in it", _table("+1 415-555-0120", "+1 415-555-0121; +1 415-555-0122", "Ada: 415-555-0123"), _counts(2, 1), {2: "2 numbers"}),
    Hazard("an unknown region", _table("Phone", "07911 123456"), _counts(1), options=("--region", "GB")),
    *(
        Hazard(f"dates: {name}", _table("Phone,Signup Date", f'4155550120,"{text}"'), _counts(1))
        for name, text in {
            "ISO": "2025-03-15", "ISO with time and zone": "2025-03-15T14:30:00+0100", "ISO, slashes": "2025/3/5",
            "ISO, compact": "20250315", "US": "3/15/2025 2:30 PM", "US, two digits": "3/15/25", "European": "15.03.2025 14:30",
            "dashes": "15-03-2025 14:30:00", "Excel's count": "45731.604", "Unix seconds": "1742049000",
            "Unix milliseconds": "1742049000123", "in words": "March 15, 2025", "Oracle's": "15-MAR-25", "in Spanish": "15 de marzo de 2025",
            "in German": "15. März 2025", "mail's": "Sat, 15 Mar 2025 14:30:00 +0000", "Eastern": "2025-03-15 14:30 EST",
            "an offset apart": "2025-03-15 14:30:00 -0500",
        }.items()
    ),
    Hazard(
        "a date that could be two", _table("Phone,Signup Date", "4155550120,03/04/2025"), _counts(0, 1), {1: "could be day"}
    ),
    Hazard(
        "a date that could be two, and one that could not",
        _table("Phone,Signup Date", "4155550120,03/04/2025", "4155550121,25/04/2025"), _counts(2),
    ),
    Hazard("no date", _table("Phone,Signup Date", "4155550120,soon"), _counts(0, 1), {1: "not a date"}),
    Hazard(
        "yes and no in many words", _table("Phone,VIP", "4155550120,sí", "4155550121,Nein", "4155550122,oui", "4155550123,"),
        {"columns": [
            {"name": "Phone", "field": "phone_number", "type": None}, {"name": "VIP", "field": "custom:vip", "type": "boolean"},
        ]} | _counts(4),
    ),
    Hazard(
        "numbers with separators, codes with leading zeros, letters that could be no",
        _table("Phone;Spent;ZIP;Size;Visits", "4155550120;1.234,50;01234;F;3", "4155550121;12,5;94110;T;2.5"),
        {"columns": [
            {"name": "Phone", "field": "phone_number", "type": None},
            {"name": "Spent", "field": "custom:spent", "type": "string"},
            {"name": "ZIP", "field": "custom:zip", "type": "string"},
            {"name": "Size", "field": "custom:size", "type": "string"},
            {"name": "Visits", "field": "custom:visits", "type": "number"},
        ]} | _counts(2),
    ),
]  # fmt: skip

_GOOGLE = "First Name,Last Name,Labels,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value"
_OUTLOOK = (
    "First Name,Last Name,E-mail Address,Primary Phone,Home Phone,Mobile Phone,Business Fax,Business Phone,Web Page"
)
_META = (
    "id\tcreated_time\tad_id\tad_name\tadset_id\tadset_name\tcampaign_id\tcampaign_name\tform_id\tform_name\tis_organic\t"
    "platform\tfull_name\tphone_number\temail"
)
_SHOPIFY = (
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Country Code,Default Address Zip,"
    "Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags"
)
_MAILCHIMP = (
    '"Email Address","First Name","Last Name","Phone Number",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,'
    "LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
)


class _Uses(dict[str, object]):
    """Equals a report's columns where each of these columns has this use."""

    def __eq__(self, other: object) -> bool:
        assert isinstance(other, list)
        fields = {column["name"]: column["field"] for column in other}
        return {name: fields.get(name) for name in self} == dict(self)

    __hash__ = None


COLUMNS = [
    Hazard(
        "Google Contacts: the mobile one of two, several joined in a cell",
        _table(_GOOGLE, "Ada,L,,Home,+1 415-555-0120,* Mobile,+1 415-555-0121", "Ben,M,,Mobile,4155550122 ::: 4155550122,,"),
        {"columns": _Uses({"Phone 1 - Value": "phone_number", "Phone 2 - Value": "phone_number:also"})} | _counts(2),
    ),
    Hazard(
        "Outlook: mobile before primary, home and fax never",
        _table(_OUTLOOK, "Ada,L,a@example.com,4155550120,4155550121,4155550122,4155550123,4155550124,https://ada.example",
               "Ben,M,,4155550125,,,,,", "Cy,N,,,4155550126,,,,"),
        {"columns": _Uses({"Mobile Phone": "phone_number", "Primary Phone": "phone_number:also",
                           "Home Phone": "custom:home_phone", "Web Page": "custom:web_page"})} | _counts(2, 1),
        {3: "another column has one"},
    ),
    Hazard(
        "Facebook Lead Ads: tabs in a .csv",
        _table(_META, "l:1\t2025-03-15T14:30:00-05:00\tag:12\tx\tas:1\ty\tc:3\tz\tf:4\tw\tfalse\tfb\tAda L\tp:+14155550120\ta@b.co"),
        {"delimiter": "\t", "columns": _Uses({"phone_number": "phone_number", "created_time": "signup_date",
         "platform": "ad_network_source", "ad_id": "ad_network_id"})} | _counts(1),
    ),
    Hazard(
        "Shopify: apostrophes, the country beside the number",
        _table(_SHOPIFY, "'1,Ada,L,a@b.co,yes,US,94110,,'+14155550120,yes,12.00,2,,no,", "'2,Ben,M,,no,GB,SW1,'07911 123456,,no,0.00,0,,no,"),
        {"columns": _Uses({"Phone": "phone_number", "Default Address Phone": "phone_number:also",
                           "Default Address Zip": "custom:default_address_zip"})} | _counts(1, held_back=1),
    ),
    Hazard(
        "Mailchimp: the time and IP of the confirmation, places on the globe are no phones",
        _table(_MAILCHIMP, '"a@b.co",Ada,L,4155550120,2,,,"2025-03-15 14:30:00",203.0.113.7,37.7749295,-122.4194155,-8,-7,'
               'America/Los_Angeles,US,CA,"2025-03-16 10:00:00",333,abc,,'),
        {"columns": _Uses({"Phone Number": "phone_number", "CONFIRM_TIME": "signup_date", "CONFIRM_IP": "ip_address",
                           "OPTIN_TIME": "ignore", "LATITUDE": "custom:latitude"})} | _counts(1),
    ),
    Hazard(
        "Brevo: semicolons, SMS is the phone, no plus",
        _table("EMAIL;LASTNAME;FIRSTNAME;SMS;EMAIL_BLACKLISTED;SMS_BLACKLISTED;ADDED_TIME;MODIFIED_TIME",
               "a@b.co;L;Ada;33612345678;No;No;15-03-2025 14:30;15-03-2025 14:30",
               "b@b.co;M;Ben;33612345679;No;Yes;16-03-2025 14:30;16-03-2025 14:30"),
        {"columns": _Uses({"SMS": "phone_number", "ADDED_TIME": "custom:added_time"})} | _counts(1, held_back=1),
    ),
    Hazard(
        "HubSpot: a record's date is no consent, its id no phone",
        _table("Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Create Date,Lifecycle Stage,Lead Source",
               "51234567890,Ada,L,a@b.co,(415) 555-0120,,New,2025-03-15 14:30,lead,Web"),
        {"columns": _Uses({"Record ID": "custom:record_id", "Phone Number": "phone_number", "Create Date": "custom:create_date",
                           "Lead Source": "ad_network_source"})} | _counts(1),
    ),
    Hazard(
        "ActiveCampaign", _table("Email,First Name,Last Name,Phone,Tags,Date Created,IP,Status",
                                 "a@b.co,Ada,L,4155550120,x,2025-03-15,203.0.113.7,Active"),
        {"columns": _Uses({"Phone": "phone_number", "IP": "ip_address", "Date Created": "custom:date_created"})} | _counts(1),
    ),
    Hazard(
        "Postscript: a time in UTC by its name",
        _table("phone_number,subscriber_created_at_utc,customer_id", "+14155550120,2025-03-15 14:30:00,1"),
        {"columns": _Uses({"phone_number": "phone_number", "subscriber_created_at_utc": "signup_date"})} | _counts(1),
    ),
    Hazard(
        "Trackly's own import", _table("msisdn,email,first_name,last_name,consent_date,ad_network_source",
                                       "+14155550120,a@b.co,Ada,L,03/04/2025,fb"),
        {"columns": _Uses({"msisdn": "phone_number", "consent_date": "signup_date", "ad_network_source": "ad_network_source"})}
        | _counts(1),
    ),
    Hazard(
        "Pipedrive", _table("Person - ID,Person - Name,Person - Phone,Person - Email", "1,Ada L,4155550120,a@b.co"),
        {"columns": _Uses({"Person - Phone": "phone_number"})} | _counts(1),
    ),
    Hazard(
        "names run together", _table("firstName,mobilePhone,ipAddress", "Ada,4155550120,203.0.113.7"),
        {"columns": _Uses({"firstName": "custom:first_name", "mobilePhone": "phone_number", "ipAddress": "ip_address"})}
        | _counts(1),
    ),
    *(
        Hazard(
            f"in {language}", _table(f"{name};{phone};{date}", "Ada;+14155550120;2025-03-15"),
            {"columns": _Uses({phone: "phone_number", date: "signup_date"})} | _counts(1),
        )
        for language, name, phone, date in (
            ("Spanish", "Nombre", "Teléfono móvil", "Fecha de registro"),
            ("French", "Prénom", "N° de téléphone", "Date d'inscription"),
            ("German", "Vorname", "Handynummer", "Datum der Einwilligung"),
            ("Portuguese", "Nome", "Número de celular", "Data de cadastro"),
        )
    ),
    Hazard(
        "by values alone", _table("A,B,C", "Ada,(415) 555-0120,203.0.113.7", "Ben,(415) 555-0121,203.0.113.8"),
        {"columns": _Uses({"A": "custom:a", "B": "phone_number", "C": "custom:c"})} | _counts(2),
    ),
    Hazard(
        "names that promise what the values are not",
        _table("Number,SMS,Cell,IP,Telefon", "12,yes,B4,no,+14155550120", "14,no,C7,no,+14155550121"),
        {"columns": _Uses({"Number": "custom:number", "SMS": "custom:sms", "IP": "custom:ip", "Telefon": "phone_number"})}
        | _counts(1, held_back=1),
    ),
]  # fmt: skip
