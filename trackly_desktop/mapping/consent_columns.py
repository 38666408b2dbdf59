"""Detect consent and opt-out columns and interpret their values.

A column is one by the words in its name, or by its values: a column of any name whose values say unsubscribed, bounced or
do not text is asked about. Only consent to texts counts: a person without emails may well want texts.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from trackly_desktop.contacts import dates
from trackly_desktop.contacts.value_words import (
    fold_words,
    is_blank_marker,
    is_stop_message,
    parse_consent,
    parse_opt_out,
    parse_yes_no,
    says_opted_out,
)
from trackly_desktop.mapping.column_aliases import name_words
from trackly_desktop.mapping.column_profile import ColumnProfile


class ConsentColumn(enum.StrEnum):
    """Kinds of consent columns."""

    OPT_IN = "opt_in"
    """Yes means that the person may be texted."""
    OPT_OUT = "opt_out"
    """Yes means that the person must not be texted."""
    OPT_OUT_DATE = "opt_out_date"
    """Any value means that the person opted out."""
    STATUS = "status"
    """Consent in words, like subscribed; a blank is no consent."""
    MESSAGE_TEXT = "message_text"
    """A text that the person sent; it counts in a message log only."""
    BY_VALUES = "by_values"
    """A column of another name, of whose values some say no.

    The operator decides on it.
    """


ANY_VALUE = "*"
"""Stands in the operator's answers for every value that has none of its own."""


class ConsentRule(NamedTuple):
    """How the values of one column are read.

    Attributes:
        column: The column's name.
        kind: What its values are.
        blank_says_no: Whether it is a column of check marks, where a blank is a box that nobody ticked.
        answers: What the operator decided about values that are not clear: folded value -> whether the person may be
            texted.
    """

    column: str
    kind: ConsentColumn
    blank_says_no: bool = False
    answers: Mapping[str, bool] = {}

    def says_no(self, value: str) -> bool | None:
        """Return whether a value means that the person must not be texted.

        None where it is unclear.

        Rows of unclear values are held back, but for blanks.
        """
        if self.blank_says_no and is_blank(value):
            return True
        says_no = is_opted_out(self.kind, value)
        if says_no is not None or is_blank(value):
            return says_no
        may_be_texted = self.answers.get(fold_value(value), self.answers.get(ANY_VALUE))
        return None if may_be_texted is None else not may_be_texted


def fold_value(value: str) -> str:
    """Return a value as the operator's answers name it.

    Without case and needless blanks.
    """
    return " ".join(value.split()).strip("'").casefold()


_VERBS = r"(?:call|text|txt|contact|sms|message|msg|market|disturb|phone|solicit|send)"
_OPT_OUT_NAME = (
    r"opt(?:ed|s)? ?outs?|has ?opted ?out|unsub\w*|un subscribed?"
    rf"|(?:do not|donot|dont) ?{_VERBS}\w*|do not|no (?:sms|texts?|texting|calls?|marketing|contact)|dnc|dnt"
    r"|(?:black|block|deny) ?list\w*|blocked|deceased|suppress\w*|(?:hard |soft )?bounce[sd]?|opted ?out|is out"
    r"|(?:sms|text|texted|texting|sent) stop|stop (?:sms|text|texts|texting|date|time|request|received|at|on)|^stop$"
    r"|baja|de baja|no (?:contactar|llamar|enviar)\w*|desuscri\w*|lista negra"
    r"|desabonne\w*|desinscri\w*|ne pas \w+|liste noire|abgemeldet|abmeldung|abmeldedatum|abbestellt|gesperrt"
    r"|sperrliste|widerruf\w*"
    r"|widersprochen|kein kontakt|nicht (?:anrufen|kontaktieren)|keine (?:sms|werbung)"
    r"|descadastr\w*|nao (?:contatar|contactar|ligar|enviar)|disiscri\w*|non (?:contattare|chiamare)|uitgeschreven"
    r"|afgemeld"
)
_ASKS = r"(?:ok|okay|can|may|allow\w*|wants?|receives?|willing|happy|likes?|get|gets)"
_OPT_IN_NAME = (
    r"opt(?:ed|s)? ?in|optedin|consent\w*|permissions?|subscribed|is ?subscriber|^subscriber$|^texting$|resubscribed"
    r"|(?:subscriber|subscription|subscribe|sms|text|texting|marketing|mobile|mms) (?:status|state|preference\w*)"
    r"|accepts?|accepting|acceptance|accepted (?:sms|texts?|marketing|messages)|(?:sms|texts?|marketing) accepted"
    rf"|agree[sd]?|{_ASKS}(?: \w+)?(?: \w+)? (?:texts?|texting|sms|messages?|messaging|mms|contact|call)"
    r"|(?:sms|texts?|texting|marketing|contact|mms|messages) (?:ok|okay|allowed|permitted|permission|enabled|active"
    r"|subscriber)|textable"
    r"|acepta\w*|consentimiento|suscrit[oa]|autoriza\w*|permiso|accepte\w*|consentement|abonnee?s?|autorise\w*"
    r"|einwilligung\w*|zustimmung|zugestimmt|eingewilligt|angemeldet|einverstand\w*|erlaubnis|abonniert"
    r"|aceita\w*|aceite|consentimento|consenso|acconsent\w*|accetta\w*|iscritt[oa]|toestemming|zgoda"
)
_TEXTS = (
    r"sms|mms|texts?|texting|texted|textable|mobile|cell|phone|calls?|donotcall|whatsapp|messages?|messaging|contact|movil"
    r"|celular|handy|portable"
)
_OTHERS = (
    r"e ?mails?|newsletters?|mailings?|mail|post|postal|push|web|cookies?|fax|photos?|medical|privacy|terms|travel"
    r"|treatment|media"
    r"|video|correos?|boletin|courriels?|rundbrief|posta|desktop|browser"
)
_DATES = r"dates?|times?|timestamp|at|on|since|when|datum|fecha|data|heure|zeitpunkt|am|reason|quando|el|le|il"
_EVIDENCE = (
    rf"{_DATES}|ip|url|page|source|version|language|method|proof|form|wording|keyword|campaign|id|via|from|link"
    rf"|token|by|channel"
    r"|name|location|country|type|origin|quelle|origen|fuente"
)
"""Words of columns that say when, where or how somebody agreed.

Neither yes nor no.
"""
_WORDING = r"(?:consent|opt ?in|optin) (?:text|wording|statement|message)|opted in text"
_NO_ANSWERS = r"url|link|ip|page|count|rate|token|hash|id|code|number|total|score"
"""Words of columns that are filled for every person."""
_MESSAGE_TEXTS = frozenset(
    ("body", "message", "message body", "message text", "content", "text", "reply", "last message")
)
_LOG_ENDS = (r"from\b.*|sender\b.*", r"to\b.*|recipient\b.*")
"""Columns that only a log of messages has together."""
_SUPPRESSION_FILENAME = re.compile(
    r"(?:^|[^a-z])(unsubscribed?|unsubscribes|unsubs|cleaned|opt(?:ed)?[ _-]?outs?|suppress(?:ed|ions?)|(?:black"
    r"|block)[ _-]?list(?:ed)?"
    r"|do[ _-]?not[ _-]?(?:text|call|contact|sms|send)|dnc|dnt|bounce[sd]?|stops?[ _-]list|abgemeldete?"
    r"|desabonn[ée]s?|d[ée]sabonn[ée]s?"
    r"|bajas|abmeldungen|disiscritti|descadastrados|desinscrits?|d[ée]sinscrits?)(?:[^a-z]|$)",
    re.IGNORECASE,
)


@cache
def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^ ])(?:{pattern})(?![^ ])")


@cache
def consent_column_kind(name: str) -> ConsentColumn | None:
    """Return the kind of a consent column by the words in its name.

    None for any other column.
    """
    words = name_words(name)
    if _is_about_others(words):
        return None
    return _kind_of(words) or _kind_of(fold_words(name))


def _kind_of(name: str) -> ConsentColumn | None:
    if _words(_OPT_OUT_NAME).search(name):
        if _words(_NO_ANSWERS).search(name):
            return None
        return ConsentColumn.OPT_OUT_DATE if _words(_DATES).search(name) else ConsentColumn.OPT_OUT
    match = _words(_OPT_IN_NAME).search(name)
    if match is None or _words(_WORDING).search(name) or _words(_EVIDENCE).search(name.replace(match[0], " ")):
        return None
    is_status = _words(r"status|state|consent\w*|permissions?|marketing consent").search(name)
    return ConsentColumn.STATUS if is_status else ConsentColumn.OPT_IN


def _is_about_others(name: str) -> bool:
    """Whether a name is about emails or the like, and not about texts too."""
    return _words(_OTHERS).search(name) is not None and _words(_TEXTS).search(name) is None


def find_consent_columns(header: Sequence[str]) -> dict[int, ConsentColumn]:
    """Return a header's consent columns by index (from 0), as their names say.

    Message texts count in a message log only.
    """
    names = [name_words(name) for name in header]
    is_log = all(any(re.fullmatch(end, name) for name in names) for end in _LOG_ENDS)
    kinds = {}
    for index, name in enumerate(header):
        if is_log and names[index] in _MESSAGE_TEXTS:
            kinds[index] = ConsentColumn.MESSAGE_TEXT
        elif (kind := consent_column_kind(name)) is not None:
            kinds[index] = kind
    return kinds


def consent_rules(
    header: Sequence[str], profiles: Sequence[ColumnProfile], phones: Collection[int] = ()
) -> tuple[ConsentRule, ...]:
    """Return how each consent column of a file is read, by its name and its values.

    `phones` are the indexes of phone numbers, whose cells say themselves whether they say no.
    """
    kinds = find_consent_columns(header)
    rules = []
    for index, name in enumerate(header):
        profile = profiles[index]
        kind = kinds.get(index)
        if kind is None and profile.opted_out and index not in phones and not _is_about_others(name_words(name)):
            kind = ConsentColumn.BY_VALUES
        if kind is not None:
            is_marks = kind is ConsentColumn.OPT_IN and _has_only_check_marks(profile)
            rules.append(ConsentRule(name, kind, blank_says_no=is_marks))
    return tuple(rules)


def _has_only_check_marks(profile: ColumnProfile) -> bool:
    """Whether all filled cells have one word or sign for yes.

    So that a blank is a box without a mark.
    """
    values = {value.casefold() for value in profile.values}
    return len(values) == 1 and not profile.has_more_values and parse_yes_no(next(iter(values))) is True


def unclear_values(rule: ConsentRule, profile: ColumnProfile) -> tuple[str, ...]:
    """Return the values of a consent column that say neither yes nor no, each once."""
    unclear = {
        fold_value(value): value for value in profile.values if rule.says_no(value) is None and not is_blank(value)
    }
    return tuple(unclear.values())


@lru_cache(maxsize=4_096)
def is_opted_out(kind: ConsentColumn, value: str) -> bool | None:
    """Return whether a value means an opt-out; None where that is unclear."""
    text = value.strip().strip("'")
    if kind is ConsentColumn.MESSAGE_TEXT:
        return is_stop_message(text)
    if kind is ConsentColumn.BY_VALUES:
        return says_opted_out(text)
    yes = parse_yes_no(text)
    if kind is ConsentColumn.OPT_OUT_DATE:
        return not is_blank(text) and yes is not False
    if is_blank(text):
        # Klaviyo: a blank status is "never subscribed"; in other columns a blank is no answer.
        return True if kind is ConsentColumn.STATUS else False if kind is ConsentColumn.OPT_OUT else None
    if kind is ConsentColumn.OPT_OUT:
        return yes if yes is not None else True if dates.looks_like_date(text) else parse_opt_out(text)
    if yes is not None:
        return not yes
    if dates.looks_like_date(text):  # the day on which it was given
        return False
    gives_consent = parse_consent(text)
    return None if gives_consent is None else not gives_consent


def is_blank(value: str) -> bool:
    """Return whether a consent column's cell says nothing."""
    text = value.strip().strip("'")
    return not text or is_blank_marker(text)


def suppression_filename_keyword(file: str) -> str:
    """Return the word for unsubscribed people in the name of a file or a sheet.

    Empty without one.

    Mailchimp exports them as unsubscribed_… and cleaned_….
    """
    match = _SUPPRESSION_FILENAME.search(file)
    return match[1] if match else ""
