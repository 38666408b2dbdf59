"""Which columns hold a person's own phone, by the words in their names.

A mobile comes first. Home, work and office are used only if they are chosen. The phone of an emergency, a parent, a rep or a
store is never used by itself: it would import another person.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from trackly_desktop.contacts.value_words import compiled_words
from trackly_desktop.mapping.column_aliases import (
    NameGroup,
    field_aliases,
    header_spellings,
    name_words,
    names_in,
    own_names,
)

PHONE_FIELD = "phone_number"


class PhoneRank(enum.IntEnum):
    """How likely a column's phones are the person's own mobile."""

    MOBILE = 0
    OWN = 1
    UNSURE = 2
    """Of somebody described in words that are not known, like "Coach cell"."""
    SECONDARY = 3
    """Home, work, office: used only if chosen."""
    NEVER = 4
    """Another person's, or no phone."""


class PhoneName(NamedTuple):
    """What a column's name says of the phones in it.

    `role` has the words for the person ("customer"); `order` is the name's place among those that are known, then its
    number.
    """

    rank: PhoneRank
    role: frozenset[str]
    order: tuple[int, int]

    @property
    def is_own(self) -> bool:
        """Whether the phones are surely the person's own, and not of their home or work."""
        return self.rank <= PhoneRank.OWN


@cache
def phone_name(name: str) -> PhoneName | None:
    """Return what a column's name says of phones; None for a name of anything else."""
    spellings = header_spellings(name)
    words = _own_words(name).split()
    if name.rstrip().endswith("#") and any(word in _SECONDARY or _MOBILE.fullmatch(word) for word in words):
        words.append("phone")  # Home #
    if says_somebody_else(name):
        return PhoneName(PhoneRank.NEVER, frozenset(), (0, 0))
    aliases = (*own_names(PHONE_FIELD), *field_aliases(PHONE_FIELD), *names_in(NameGroup.ALSO_PHONES))
    known = next((aliases.index(spelling) for spelling in spellings if spelling in aliases), None)
    if "(" in name and not all(word in _NEUTRAL or _MOBILE.fullmatch(word) or _PHONE.fullmatch(word) for word in words):
        known = None  # the name is that of a phone only without its bracket
    number = next((int(word) for word in words if word.isdecimal() and len(word) < 3), 0)
    is_mobile = any(_MOBILE.fullmatch(word) for word in words)
    if any(spelling in names_in(NameGroup.OTHER_PHONES) for spelling in spellings):
        return PhoneName(PhoneRank.SECONDARY, frozenset(), (0, number))
    is_number = bool(_ROLES.union(("text", "best")).intersection(words)) and words[-1] in (
        "number",
        "no",
        "nr",
        "num",
        "numero",
    )
    if known is None and not is_mobile and not is_number and not any(_PHONE.fullmatch(word) for word in words):
        return None
    others = [word for word in words if not (_MOBILE.fullmatch(word) or _PHONE.fullmatch(word) or word.isdecimal())]
    role = frozenset(word for word in others if word in _ROLES)
    order = (len(aliases) if known is None else known, number)
    if known is not None:
        rank = PhoneRank.MOBILE if is_mobile else PhoneRank.OWN
    elif any(word in _SECONDARY for word in others):
        rank = PhoneRank.SECONDARY
    elif all(word in _NEUTRAL or word in _ROLES for word in others):
        rank = PhoneRank.MOBILE if is_mobile else PhoneRank.OWN
    else:
        rank = PhoneRank.UNSURE
    return PhoneName(rank, role, order)


def is_of_somebody_else(names: Sequence[str], index: int) -> bool:
    """Whether the last person named before a phone is another person: Guardian, Phone.

    A phone between is that person's, and the one behind it is not; neither is a household's primary one.
    """
    if "primary" in name_words(names[index]).split():
        return False
    for before in range(index - 1, -1, -1):
        words = name_words(names[before])
        if has_phone_word(names[before]) or (_NEVER.search(words) and words.endswith(" number")):
            return False
        if _names_person(names[before]):
            return _RELATIVE.search(words) is not None or (
                index - before <= _NEAR and _OTHER_PERSON.search(words) is not None
            )
    return False


_NEAR = 2
"""Columns from a rep or a referrer to a phone that may be theirs."""


def is_another_persons(names: Sequence[str], main: int, other: int) -> bool:
    """Whether a column that names a person stands between two phones.

    Owner 1, Phone 1, Owner 2, Phone 2.
    """
    between = names[min(main, other) + 1 : max(main, other)]
    return any(_names_person(name) for name in between)


def _names_person(name: str) -> bool:
    words = name_words(name)
    return _PERSON.search(words) is not None and not _NO_PERSON.search(words) and not has_phone_word(name)


def has_phone_word(name: str) -> bool:
    """Whether a name has a word for phone, whosever it is."""
    return any(_PHONE.fullmatch(word) or _MOBILE.fullmatch(word) for word in name_words(name).split())


def says_somebody_else(name: str) -> bool:
    """Whether a column's name says another person, or what is no phone.

    Whatever its values are.
    """
    return _NEVER.search(_own_words(name)) is not None


def _own_words(name: str) -> str:
    """Return the words of a name without what says how a number is written.

    Or what it is for.
    """
    return _PURPOSE.sub("", _WITH_CODE.sub("", name_words(name))).strip()


def says_nothing(name: str) -> bool:
    """Whether a column's name tells nothing of what is in it.

    Only then its values decide.
    """
    words = name_words(name)
    return len(words) <= 2 or _ANY_NAME.fullmatch(words) is not None


def best_phones(names: Sequence[str], candidates: Sequence[int]) -> list[int]:
    """Return the columns of a person's own phones, the best first.

    None where that is not clear.

    Args:
        names: The names of all columns.
        candidates: Indexes of columns whose names are of phones.
    """
    phones = {
        index: name
        for index in candidates
        if (name := phone_name(names[index])) is not None and name.is_own and not is_of_somebody_else(names, index)
    }
    if not phones:
        return []
    ordered = sorted(
        phones, key=lambda index: (phones[index].rank, bool(phones[index].role), phones[index].order, index)
    )
    best = phones[ordered[0]]
    alike = [index for index in ordered if phones[index].rank is best.rank]
    if best.role and any((phones[index].role, _number(phones[index])) != (best.role, _number(best)) for index in alike):
        return []  # the customer's or the contact's, the first contact's or the second's?
    return [
        index
        for index in ordered
        if phones[index].role == best.role and not is_another_persons(names, ordered[0], index)
    ]


def _number(phone: PhoneName) -> int:
    return phone.order[1]


_PERSON = compiled_words(
    """
    name names first last surname forename nombre nombres apellido apellidos vorname nachname nom prenom nome
    cognome contact child student pupil player owner owners pet parents? guardians? mother father mom mum dad
    spouses? partners? wife husband vet doctor emergency referr* relative sibling primary_contact
    secondary_contact madre padre tutor mutter vater mere pere mae pai
    """
)
_NO_PERSON = compiled_words(
    """
    company companies organi[sz]ation org business card billing file account skype bank product item event store
    list campaign shipping
    user domain page form lead source
    """
)
_RELATIVE = compiled_words(
    """
    parents? guardians? mother father mom mum dad spouses? partners? wife husband vet emergency emergencia notfall
    urgence relative
    sibling next_of_kin kin caregiver madre padre tutor conyuge mutter vater mere pere mae pai
    """
)
_OTHER_PERSON = compiled_words(
    """
    parents? guardians? mother father mom mum dad spouses? partners? wife husband vet doctor physician emergency
    emergencia notfall urgence referr* referral reference relative sibling next_of_kin kin caregiver coach
    teacher landlord agent rep manager supervisor assistant madre padre tutor conyuge mutter vater mere pere mae
    pai
    """
)
_PURPOSE = re.compile(r"\b(?:to|for) (?:reach|text|call|contact)(?: you| me)?\b|\b(?:and )?area code\b(?<!^area code)")
_WITH_CODE = re.compile(
    r"\b(?:with|incl|including|include|and)? ?country ?code(?: included| required)?\b(?<!^country code)"
)
_MOBILE = re.compile(
    r"(?:mobil\w*|mobiel\w*|mobitel\w*|cell|cells|cellphone\w*|cellnumber|cellular|cel|handy\w*|movil\w*|celular\w*"
    r"|portable|gsm"
    r"|telemovel|cellulare|komorka|sms|whatsapp\w*|msisdn|wireless|matkapuhelin|mob|mobs|iphone|natel|kom|komorkow\w*)"
)
_PHONE = re.compile(
    r"(?:(?:tele)?phones?|(?:tele)?phone(?:number|no|num)|\w*phone|tel|telf|tlf|tele?fon\w*|telefoon\w*|fon|fone"
    r"|rufnummer|ph|tfno|tlf|contactno|contactnumber"
    r"|numtel)"
)
_NEVER = compiled_words(
    """
    emergency ice parents? guardians? spouses? partners? wife husband mother mothers mom mum father fathers dad
    son daughter sibling brother sister relative next_of_kin kin nok friend neighbou?r roommate caregiver carer
    referr* referred referral reference references rep reps representative agent agents agency broker manager
    managers supervisor boss doctor doctors dr physician dentist provider clinic hospital store stores shop
    branch company companies organi[sz]ation org employer school vendor supplier merchant restaurant hotel
    business corporate called caller callee dialed dialled to from sender recipient receiver cc member
    membership card invoice ticket case order orders tracking fax faxes telefax pager beeper telex isdn tty tdd
    radio callback assistant assistants assistant_s secretary reception front_desk support helpdesk hotline
    extension ext id ids uuid guid zip postal code codes plz cep label type country area consent opt status
    carrier account price total amount count latitude longitude date time validated verified valid phonetic
    owner salesperson sales driver courier coach teacher tutor landlord lawyer attorney insurance bank iban ssn
    tax vat passport license licence serial sku isbn upc ean policy policies claim po emergencia urgence notfall
    notruf madre padre conyuge esposa esposo empresa tienda sucursal agente medico gerente fiador referencia
    mere pere conjoint epoux epouse societe magasin medecin employeur parrain mutter vater ehepartner partner*
    firma firmen* filiale arzt vertreter berater chef arbeitgeber notfallkontakt* notfall* mae pai conjuge loja
    filial responsavel coniuge azienda negozio emergenza
    """
)
_SECONDARY = frozenset(
    (
        "home", "work", "office", "landline", "main", "house", "day", "daytime", "evening", "night", "fixed",
        "line", "land", "other",
        "alternate", "alternative", "alt", "backup", "direct", "desk", "car", "residence", "residential",
        "privat", "private", "geschaftlich",
        "dienstlich", "festnetz", "buro", "fijo", "fija", "casa", "trabajo", "oficina", "particular", "fixe",
        "domicile", "bureau", "travail",
        "professionnel", "fixo", "residencial", "comercial", "trabalho", "escritorio", "fisso", "ufficio",
        "lavoro", "thuis", "werk", "vast",
    )
)  # fmt: skip
_ROLES = frozenset(
    (
        "customer", "client", "contact", "user", "person", "people", "lead", "subscriber", "patient", "student",
        "guest", "donor", "attendee",
        "participant", "applicant", "candidate", "employee", "volunteer", "buyer", "shopper", "voter", "resident",
        "tenant", "visitor",
        "registrant", "prospect", "cust", "staff", "invitee", "player", "passenger", "supporter", "cliente", "contacto",
        "paciente", "alumno",
        "kunde", "kunden", "patienten",
        "contatto", "contato", "aluno",
    )
)  # fmt: skip
"""Words for the people of a file."""
_NEUTRAL = frozenset(
    (
        "number", "numbers", "no", "nr", "num", "numero", "nummer", "n", "de", "du", "des", "di", "do", "of",
        "the", "primary", "principal", "my",
        "your", "their", "preferred", "best", "personal", "default", "address", "billing", "e164", "e",
        "formatted", "full", "raw", "cleaned",
        "clean", "international", "national", "intl", "value", "text", "texting", "updated", "current", "new",
        "with", "s", "us", "usa", "input",
        "and", "or", "for", "optin", "in", "optional", "required", "digits", "texts", "what", "is", "please",
        "enter", "com", "ddd", "kom",
        "komorkowy", "properties", "ten", "only", "reminder", "reminders", "incl", "including", "area", "you", "best",
    )
)  # fmt: skip
_ANY_NAME = re.compile(
    r"(?:column|col|field|other|unnamed|var|value|values|data|list|contacts?|numbers?|digits|spalte|columna|colonne"
    r"|coluna|colonna|feld|x|nummern?"
    r"|numeros?|sheet|untitled|f|c)(?: ?\d+)?"
)
