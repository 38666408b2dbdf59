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
from trackly_desktop.contacts.excel_errors import is_excel_error
from trackly_desktop.contacts.value_words import (
    compiled_words,
    is_blank_marker,
    is_stop_message,
    parse_consent,
    parse_opt_out,
    parse_yes_no,
    says_no_texts,
    says_opted_out,
)
from trackly_desktop.mapping.column_aliases import name_words
from trackly_desktop.mapping.column_profile import MOST_REFUSALS, ColumnProfile


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
        is_sure: Whether it is about texts: the operator decides on a column that may be about something else.
        answers: What the operator decided about values that are not clear: folded value -> whether the person may be
            texted.
    """

    column: str
    kind: ConsentColumn
    blank_says_no: bool = False
    is_sure: bool = True
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


_OPT_OUT_NAME = r"""
    opt(?:ed|s)?_?outs? has_?opted_?out opted_?out unsub unsubs unsubscribe* unsubscrib* un_subscribed? is_out
    (?:do_not|donot|dont|never|cant|cannot|can_not|may_not|disallow|no)_?(?:call|text|txt|contact|sms|message|msg|market|disturb|phone|solicit|send)(?:s|ing|ed)?
    do_not no_(?:sms|texts?|texting|calls?|marketing|contact) dnc dnt dnd (?:black|block|deny)_?list(?:ed)?
    blocked suppress* (?:hard_|soft_)?bounce[sd]? (?:sms|text|texted|texting|sent|replied|keyword)_stop
    stop_(?:sms|texts?|texting) stopped removed deleted deceased unmarketable
    exclude_from_(?:sms|texts?|marketing) excluded_from_(?:sms|texts?|marketing)
    (?:sms|texts?)_(?:declined|refused|disabled|off|blocked)
    (?:refuses?|refused|declined?|declines)_(?:sms|texts?|marketing) complained litigator baja de_baja
    no_(?:contactar|llamar|enviar|molestar|desea|quiere)* desuscri* lista_(?:negra|robinson)
    rechaza_(?:sms|mensajes) bloqueado desabonne* desinscri* ne_\w+_(?:pas|plus) ne_(?:pas|souhaite_pas|plus)_*
    pas_de_sms refus
    refus_sms opposition bloctel liste_noire abgemeldet abmeldung abmeldedatum abbestellt gesperrt werbesperre
    sms_sperre kontaktsperre sperrliste sperrvermerk widerruf* widersprochen widerspruch werbewiderspruch
    robinson_?liste kein_(?:kontakt|sms) nicht_(?:anrufen|kontaktieren) keine_(?:sms|werbung) descadastr*
    nao_(?:contatar|contactar|ligar|enviar|perturbe|perturbar) recusa_sms disiscri*
    non_(?:contattare|chiamare|inviare|disturbare) rifiuta_sms revocato uitgeschreven afgemeld niet_bellen
    geen_(?:sms|reclame) brak_zgody"""
"""Words of columns in which yes means that the person must not be texted, folded."""
_OPT_IN_NAME = r"""
    quiere_(?:recibir_)?(?:sms|mensajes) (?:podemos|puede|pueden)_enviar\w*
    opt(?:ed|s)?_?in optedin optin* smsconsent textconsent consent consents consented consenting permission
    subscribed is_?subscriber resubscribed
    (?:subscriber|subscription|subscribe|sms|texts?|texting|marketing|mms)_(?:status|preference*) accepts?
    accepting (?:sms|texts?|marketing)_accepted accepted_(?:sms|texts?|marketing) accept agree[sd]? agreement
    (?:ok|okay|ok2|can|may|allow*|wants?|receives?|willing|happy|likes?|enable[sd]?|send|authorize[sd]?)_?(?:we_|you_|us_)?(?:to_)?(?:be_)?(?:texts?|texted|texting|sms|messages?|messaged|mms|contact|contacted|call)
    ok_?2_?text (?:we|may)_(?:contact|text)_you
    (?:sms|texts?|texting|marketing|contact|mms|messages)_(?:ok|okay|allowed|permitted|permission|enabled|active|eligible|subscriber|optin|subscription|erlaubt|erwunscht)
    textable interested_in_(?:texts?|sms|text_updates) marketable contactable reachable can_be_contacted
    allow_marketing sign_(?:me|us)_up text_me tcpa
    gdpr lgpd dsgvo rgpd authori[sz]e* (?:promotional|marketing)_texts send_promotional_texts acepta*
    consentimiento consiente suscrit[oa] suscripcion autoriza* permiso permite
    (?:recibir|recibe|desea_recibir)_(?:sms|mensajes) accepte* consentement abonnee?s? abonnement_sms autorise*
    autorisation accord (?:recevoir|recoit|souhaite_recevoir)(?:_des)?_sms accord_sms einwilligung*
    werbeeinwilligung zustimmung zugestimmt eingewilligt angemeldet einverstand* erlaubnis abonniert
    darf(?:_\w+){0,3}_kontaktiert_werden kontakt_erlaubt (?:sms|texts?)_gewunscht mochte_sms_erhalten aceita*
    aceite consentimento permissao (?:deseja|quer|pretende|pode)_receber
    consenso acconsent* accetta* iscritt[oa] autorizza* (?:desidera|vuole)_ricevere riceve_sms vuole_sms
    toestemming zgoda
    samtykke"""
"""Words of columns in which yes means that the person may be texted, folded."""
_NEGATION = """
    not no never without non sin sans ohne keine? nicht nao sem senza pas cannot cant doesnt dont wont longer
    revoked? withdrawn declined? denied refus* rejected removed cancel* disabled revocad[oa] abgelehnt entzogen
    verweigert retire negat[oa] negad[oa] wycofan[ya] rifiut* recus* rechaz* geen brak ikke ingen revoca"""
"""Words that turn consent round: Consent revoked, Keine Einwilligung."""
_OWN_SUBJECTS = """
    sms mms texts? texted texting mobile phone cell calls? contact contacts messages? messaging msgs? marketing
    promo promos promotional promotions alerts? updates? notifications? offers? news communications? campaigns?
    list lists program club loyalty customers? clients? users? persons? people members? subscribers? leads?
    guests? patients? donors? is has have been was be you we i me my our your their to for from by via of the
    an? and or with at in on us status state current flag y n yes true false given express written prior legal
    explicit double single email emails whatsapp receive get do does can may any all 1 0 2 de del la el los las
    por para par des du le les per di il lo fur an zu von der die das mensajes recibir recevoir ricevere
    erhalten receber comunicaciones comerciales publicidad publicite werbung werbliche promociones telefono
    telefon telefone handy movil celular portable mensagens messaggi pubblicita nachrichten si no oui non ja
    nein sim nao o e et und ou oder sms_?consent tcpa gdpr lgpd dsgvo rgpd bulk mass general global channel
    primary reply stop"""
"""Words that may stand beside.

Another is a subject that is not ours, like insurance.
"""
_TEXTS = """
    sms mms texts? texting texted textable calls? donotcall whatsapp messages? messaging contact contacted phone
    mobile cell movil celular handy portable"""
_OTHERS = """
    hipaa e_?mails? newsletters? mailings? mail post postal push web cookies? fax photos? medical privacy terms travel
    treatment media video correos? boletin courriels? rundbrief posta desktop browser"""
_DATES = "dates? times? timestamp at on since when datum fecha data heure zeitpunkt am reason quando el le il"
_EVIDENCE = f"""
    {_DATES} ip url page source version language method proof form wording keyword campaign id via from link
    token by channel name location country type origin quelle origen fuente price text_version"""
"""Words of columns that say when, where or how somebody agreed.

They are neither yes nor no.
"""
_WORDING = "(?:consent|opt_in|optin)_(?:text|wording|statement|message) opted_in_text"
_NO_ANSWERS = "url link ip page count rate token hash id ids code number total score channel"
"""Words of columns that are filled for every person."""
_STOP_CLAUSE = re.compile(
    r"\b(?:reply|text|send|txt|type) (?:with )?stop\b.*|\b(?:you )?(?:can|may) (?:opt ?out|unsubscribe|stop|cancel)\b.*"
    r"|\bto (?:unsubscribe|opt ?out|stop|cancel)\b.*|\b(?:opt ?out|unsubscribe|cancel) (?:at )?any ?time\b.*"
    r"|\bstop to (?:unsubscribe|opt ?out|cancel|end)\b.*"
)
"""What a question about consent says besides: Reply STOP to unsubscribe."""
_QUESTION_WORDS = 6
"""Words from which a name is the question of a form."""
_BARE_NAME = compiled_words(
    """
    sms mms texts? text_messages? texting whatsapp marketing marketing_contact_status
    (?:sms|texts?|mobile|whatsapp|text_message)_(?:marketing|alerts?|updates?|notifications?|reminders?|messages?)
    (?:sms|texts?|mobile|whatsapp|text_message)_(?:offers?|news|campaigns?|program|list)
    send_(?:sms|texts?|text_reminders?) marketing_(?:sms|texts?) receive_alerts subscriber
    """
)
"""Names that are about consent only where the values are yes and no."""
_DELIVERIES = frozenset(
    (
        "delivered",
        "sent",
        "queued",
        "failed",
        "undelivered",
        "received",
        "read",
        "sending",
        "accepted",
        "error",
        "scheduled",
    )
)
"""States of messages: a column of these is a log."""
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


class NamedColumn(NamedTuple):
    """What a column's name says of consent.

    `is_sure` is False where the name has a subject that may be another than texts.
    """

    kind: ConsentColumn
    is_sure: bool


def consent_column_kind(name: str) -> ConsentColumn | None:
    """Return the kind of a consent column by the words in its name.

    None for any other column.
    """
    named = _named_column(name)
    return None if named is None else named.kind


@cache
def _named_column(name: str) -> NamedColumn | None:
    words = _STOP_CLAUSE.sub("", name_words(name)).strip()
    if _is_about_others(words):
        return None
    return _by_words(words)


def _by_words(words: str) -> NamedColumn | None:
    if words == "stop":
        return NamedColumn(ConsentColumn.OPT_OUT, is_sure=True)
    is_question = len(words.split()) >= _QUESTION_WORDS
    opt_in, opt_out = compiled_words(_OPT_IN_NAME).search(words), compiled_words(_OPT_OUT_NAME).search(words)
    if opt_in is not None and not is_question and compiled_words(_WORDING).search(words):
        return None
    is_negated = opt_in is not None and compiled_words(_NEGATION).search(words) is not None
    if opt_in is not None and (is_question or (opt_out is None and not is_negated)):
        return _opt_in(words, opt_in[0], is_question=is_question)
    if opt_out is None and not is_negated:
        return None
    if compiled_words(_NO_ANSWERS).search(words) and not is_question:
        return None
    match = opt_out or opt_in
    assert match is not None
    is_sure = _is_own_subject(words.replace(match[0], " ")) or is_negated
    if compiled_words(_DATES).search(words):
        return (
            None
            if match[0] in ("blocked", "removed", "deleted", "stopped")
            else NamedColumn(ConsentColumn.OPT_OUT_DATE, is_sure)
        )
    return NamedColumn(ConsentColumn.OPT_OUT, is_sure)


def _opt_in(words: str, match: str, *, is_question: bool) -> NamedColumn | None:
    rest = words.replace(match, " ", 1)
    if not is_question and compiled_words(_EVIDENCE).search(rest):
        return None
    is_status = compiled_words("status state consent* permission* marketing_consent").search(words)
    is_billing = words in ("subscription status", "subscription")
    # A form's question that nobody answered is no consent.
    kind = ConsentColumn.STATUS if is_status or is_question else ConsentColumn.OPT_IN
    return NamedColumn(kind, not is_billing and (is_question or _is_own_subject(rest)))


def _is_own_subject(words: str) -> bool:
    """Whether the words beside those of consent are about texts, or about nothing."""
    own = compiled_words(f"{_OWN_SUBJECTS} {_DATES}")
    return all(own.fullmatch(word) for word in words.split())


def _is_about_others(words: str) -> bool:
    """Whether a name is about emails or the like, and not about texts too."""
    return compiled_words(_OTHERS).search(words) is not None and compiled_words(_TEXTS).search(words) is None


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
        kind, is_sure = kinds.get(index), True
        if kind is None and index not in phones and _is_bare_consent(name, profile):
            kind = ConsentColumn.OPT_IN
        elif kind is None and index not in phones and _says_no_by_values(name, profile):
            kind, is_sure = ConsentColumn.BY_VALUES, False
        elif (named := _named_column(name)) is not None:
            is_sure = named.is_sure
        if kind is None or (not is_sure and not _is_understood(kind, profile)):
            continue
        if {value.casefold() for value in profile.values} <= _DELIVERIES and profile.filled:
            continue
        is_marks = kind is ConsentColumn.OPT_IN and _has_only_check_marks(profile)
        rules.append(ConsentRule(name, kind, blank_says_no=is_marks, is_sure=is_sure))
    return tuple(rules)


def _is_bare_consent(name: str, profile: ColumnProfile) -> bool:
    """Whether a column like SMS or Text alerts has answers: most values are yes or no."""
    if _BARE_NAME.fullmatch(name_words(name)) is None or not profile.filled:
        return False
    answers = sum(count for value, count in profile.values.items() if _is_answer(value))
    return answers >= _MOST * profile.values.total()


def _is_answer(value: str) -> bool:
    return parse_yes_no(value) is not None or parse_consent(value) is not None


_MOST = 0.6


def _says_no_by_values(name: str, profile: ColumnProfile) -> bool:
    """Whether values of a column of another name say no.

    One about emails only where they mean any contact.
    """
    if not profile.opted_out:
        return False
    return not _is_about_others(name_words(name)) or any(map(says_no_texts, profile.opted_out_values))


def _is_understood(kind: ConsentColumn, profile: ColumnProfile) -> bool:
    """Whether a value of a column that is not surely about consent is a yes or a no."""
    return any(is_opted_out(kind, value) is not None and not is_blank(value) for value in profile.values)


def _has_only_check_marks(profile: ColumnProfile) -> bool:
    """Whether all filled cells say yes, so that a blank is a box without a mark."""
    values = list(profile.values)
    return bool(values) and not profile.has_more_values and all(_says_yes(value) for value in values)


def _says_yes(value: str) -> bool:
    yes = parse_yes_no(value)
    return yes if yes is not None else bool(parse_consent(value))


def refusals(rule: ConsentRule, profile: ColumnProfile) -> tuple[tuple[str, ...], int]:
    """Return the values of a column that say no, the first ones.

    And the number of their cells.
    """
    if rule.kind is ConsentColumn.BY_VALUES:
        return profile.opted_out_values, profile.opted_out
    values = {value: count for value, count in profile.values.items() if rule.says_no(value)}
    return tuple(values)[:MOST_REFUSALS], sum(values.values())


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
        return not is_blank(text) and yes is not False and parse_opt_out(text) is not False
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
    return not text or (is_blank_marker(text) and not is_excel_error(text) and "object" not in text)


def suppression_filename_keyword(file: str) -> str:
    """Return the word for unsubscribed people in the name of a file or a sheet.

    Empty without one.

    Mailchimp exports them as unsubscribed_… and cleaned_….
    """
    match = _SUPPRESSION_FILENAME.search(file)
    return match[1] if match else ""
