"""Words for yes, no, nothing, opted out and opted in.

In the languages of imported files.

One list for every reader: phone cells, consent columns, profiles of columns, and custom fields.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from trackly_desktop.contacts.value_patterns import compiled

YES_WORDS = frozenset(
    (
        "yes", "y", "true", "t", "1", "on", "x", "✓", "✔", "☑", "✅", "🗹", "checked", "ok", "okay", "yep", "yeah",
        "si", "sí",
        "s", "verdadero", "cierto", "oui", "o", "vrai", "ja", "j", "wahr", "sim", "verdadeiro", "vero", "tak",
        "prawda", "ano",
        "igen", "да", "д", "истина", "はい", "是", "真",
    )
)  # fmt: skip
NO_WORDS = frozenset(
    (
        "no", "n", "false", "f", "0", "off", "☐", "✗", "✘", "❌", "✖", "☒", "🗷", "unchecked", "nope", "nah",
        "falso", "non",
        "faux", "nein", "falsch", "não", "nao", "nie", "fałsz", "ne", "nem", "нет", "н", "ложь", "いいえ", "否", "假",
    )
)  # fmt: skip
_SURE = frozenset(
    word
    for word in YES_WORDS | NO_WORDS
    if len(word) > 1 and word not in ("on", "off", "ok", "okay", "yep", "yeah", "nope", "nah", "checked", "unchecked")
)

_NOTHING = frozenset(
    (
        "null", "(null)", "<null>", "[null]", "\\n", "nan", "nat", "none", "(none)", "<none>", "<na>",
        "undefined", "(undefined)",
        "[undefined]", "[object object]", "(blank)", "(empty)", "<blank>", "<empty>", "#n/a", "#ref!", "#value!",
        "#name?",
        "#div/0!", "#num!", "#null!", "#error!", "#spill!", "#calc!", "n/a", "(n/a)",
    )
)  # fmt: skip
"""What databases, spreadsheets and programs write for no value, in any column."""
_NO_VALUE = _NOTHING | frozenset(
    ("na", "nil", "-", "--", "---", "–", "—", "?", ".", "0000-00-00", "0000-00-00 00:00:00")
)
"""What means no value where no text is expected: a text may be NA or a dash."""
_LONGEST = 19


def is_blank_marker(text: str) -> bool:
    """Whether databases and people write "no value" like this."""
    return len(text) <= _LONGEST and text.casefold() in _NO_VALUE


def is_nothing(text: str) -> bool:
    """Whether this stands for no value, also where any text may stand.

    Nan is a first name: only nan and NaN are no value.
    """
    return len(text) <= _LONGEST and text.casefold() in _NOTHING and text != "Nan"


def looks_like_yes_or_no(text: str) -> bool:
    """Whether this is a word for yes or no and nothing else.

    F, T, ON and 1 are sizes, genders, provinces and numbers too.
    """
    return text.strip().casefold() in _SURE


def parse_yes_no(text: str) -> bool | None:
    """Return the meaning of a word or sign for yes or no; None for any other."""
    word = text.strip().replace("\ufe0f", "").casefold()
    if not word.isascii() and word not in YES_WORDS and word not in NO_WORDS:
        word = fold_words(word)
    return True if word in YES_WORDS else False if word in NO_WORDS else None


_PLAIN_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "ı": "i"})


def fold_words(text: str) -> str:
    """Return a text's words.

    Without case, accents, apostrophes and signs, one blank apart.
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in decomposed if not unicodedata.combining(sign)).translate(_PLAIN_LETTERS)
    text = text.casefold().replace("'", "").replace("’", "").replace("ß", "ss")
    return " ".join(compiled(r"[^\W_]+").findall(text))


_NO_NUMBER = frozenset(
    (
        # English
        "unknown", "tbd", "tba", "tbc", "none", "no", "no phone", "no number", "no phone number", "no mobile",
        "no cell",
        "no cell phone", "no tel", "no telephone", "none given", "none provided", "not given", "not provided",
        "not available",
        "not known", "not applicable", "not on file", "not listed", "no answer", "unlisted", "missing", "blank",
        "empty", "nil",
        "null", "nan", "na", "n a", "private", "withheld", "pending", "undefined", "dont know", "do not know",
        "unavailable",
        "declined to give", "refused", "test", "same", "see above", "see notes", "ask", "call for number", "anonymous",
        "restricted", "blocked", "phone", "x", "xx", "xxx", "does not have one", "has none", "doesnt have one",
        "landline only",
        # Spanish, French, German
        "ninguno", "ninguna", "ningun telefono", "sin telefono", "sin numero", "sin movil", "sin celular",
        "no tiene", "no hay",
        "no disponible", "no aplica", "desconocido", "desconocida", "privado", "no consta", "vacio", "pendiente",
        "aucun", "aucune", "aucun numero", "pas de telephone", "pas de numero", "pas de portable",
        "sans telephone", "neant",
        "inconnu", "inconnue", "non renseigne", "non communique", "non disponible", "sans", "vide", "rien", "masque",
        "keine", "keins", "keiner", "kein", "kein telefon", "keine nummer", "keine telefonnummer", "kein handy",
        "keine angabe",
        "keine angaben", "unbekannt", "nicht bekannt", "nicht vorhanden", "nicht angegeben", "k a", "ka", "leer",
        "fehlt",
        "ohne", "entfallt", "privat", "folgt",
        # Portuguese, Italian, Dutch, Polish
        "nenhum", "nenhuma", "sem telefone", "sem numero", "sem celular", "nao tem", "nao possui", "nao informado",
        "nao disponivel", "desconhecido", "vazio", "nao consta",
        "nessuno", "nessuna", "nessun numero", "nessun telefono", "senza telefono", "senza numero", "non disponibile",
        "sconosciuto", "sconosciuta", "ignoto", "non fornito", "assente", "vuoto", "non ha",
        "geen", "onbekend", "nvt", "ingen", "nie ma", "nc", "geen nummer", "geen telefoon", "niet bekend", "brak",
        "nieznany", "nie podano",
        "brak numeru",
    )
)  # fmt: skip
"""What people write where there is no phone number, folded."""


@cache
def _no_phone() -> re.Pattern[str]:
    """Return the pattern of no and a word for phone, folded."""
    no = "no|sin|sem|senza|sans|pas de|ohne|kein|hat kein|no tiene|nao tem|non ha|geen|brak|ingen|nie ma|has no|without"
    phone = (
        "tels?|phones?|telephones?|telefon[eo]?s?|telefoon|telefonu|mobile|movil|cell|celular|cellulare|handy|handynummer"
        "|portable|numero?s?|number|nummer|numeru"
    )
    return re.compile(rf"(?:{no}) (?:(?:a|el|o|il|un) )?(?:{phone})")


def is_no_number(text: str) -> bool:
    """Whether people write this where a person has no phone number."""
    words = fold_words(text)
    return is_blank_marker(text) or words in _NO_NUMBER or _no_phone().fullmatch(words) is not None


@cache
def compiled_words(words: str) -> re.Pattern[str]:
    """Return a pattern that finds any of these words in a folded text.

    Words are apart by blanks; `_` is a blank within a phrase, `*` any letters.
    """
    alternatives = "|".join(word.replace("_", " ").replace("*", r"\w*") for word in words.split())
    return re.compile(rf"(?<![^ ])(?:{alternatives})(?![^ ])")


_OPTED_OUT = """
    unsub unsubs unsubbed unsubscribed? unsubscribes unsubscribing unsubscriptions? un_subscribed
    non_?subscribed (?:sms|text)_?unsubscribed opt(?:ed|s|ing|ting)?_?outs? optd?_out opt_d_out
    optedout(?:of)?(?:sms|texts?)? hasopted_?out no_?longer_subscribed
    (?:do_not|dont|donot|never|pls_dont|please_dont|should_not|must_not|not_to_be|cannot|can_not|cant)_(?:be_)?(?:ever_)?{verbs}
    (?:does_not|doesnt|did_not|didnt)_(?:want|wish|like)_(?:any_|to_(?:get|receive)_)?{texts}
    no_longer_wants?_(?:any_)?{texts}
    asked_(?:us_)?(?:not_to_be_{verbs}|to_(?:be_)?(?:removed?|stop|stopped|unsubscribed?))
    removed_(?:by_request|from_(?:the_)?list) wants_no_(?:texts?|sms|messages) prefers_no_(?:texts?|sms)
    remove_(?:me|him|her|them|from_(?:the_|our_)?list)
    take_(?:me|him|her|them)_off take_off_(?:the_|our_)?list stop_(?:texting|calling|contacting|messaging)*
    stop_(?:texts|calls|sms|messages?|msgs?) (?:replied|sent|texted|said|answered|wrote|keyword)_stop
    stop_please stop_all stopall
    no_(?:more_|further_)(?:calls?|texts?|texting|sms|messages?|messaging|marketing|contact) no_contact_please
    nosms notexts? no_(?:consent|permission) dnc dnt dnd do_not_disturb (?:black|block|deny)_?listed
    on_(?:the_)?(?:black|block)_?list not_textable unmarketable suppressed suppression_list
    (?:hard_|soft_)bounce bounced (?:never|not)_(?:subscribed|opted_?in|consented)
    consent_(?:was_)?(?:revoked|withdrawn) withdrew_consent (?:spam_)?complained spam_complaint
    reported_(?:as_)?spam deceased passed_away dad[oa]_de_baja de_baja baja_(?:sms|voluntaria|definitiva)
    (?:solicito|pidio|dio_de)_(?:la_)?baja no_(?:contactar|llamar|enviar|molestar|escribir)* desuscrit[oa]
    desinscrit[oa] suscripcion_cancelada cancelo_(?:la_)?suscripcion lista_(?:negra|robinson)
    no_(?:desea|quiere|acepta|autoriza)_(?:recibir_)?(?:sms|mensajes|publicidad|llamadas|comunicaciones|informacion)
    no_(?:desea|quiere)_recibir* fallecid[oa] no_(?:desea|quiere)_(?:mas_)?(?:sms|mensajes|publicidad|llamadas)
    desabonne(?:e|s|es|ment)? desinscri(?:t|te|ts|tes|ption)
    ne_(?:pas|plus)_(?:contacter|appeler|envoyer|deranger|relancer|solliciter) liste_noire stop_sms
    pas_de_(?:sms|textos?) ne_veut_(?:pas|plus)_(?:de_|recevoir_)* refuse_(?:les_)?(?:sms|messages|textos?)
    ne_souhaite_pas_(?:de_|recevoir_)* bloctel decedee? abgemeldet abbestellt widerrufen widersprochen
    ausgetragen (?:nicht|nicht_mehr)_(?:kontaktieren|anrufen|anschreiben|storen|stoeren|simsen)
    keine?_(?:sms|werbung|anrufe|nachrichten|einwilligung|zustimmung|erlaubnis|kontakt)_?(?:mehr|erwunscht)?
    gesperrt sperrliste robinson_?liste verstorben descadastrad[oa]
    nao_(?:contatar|contactar|ligar|perturbar|perturbe|incomodar)
    nao_(?:quer|deseja|aceita|enviar)_(?:mais_)?(?:receber_)?(?:sms|mensagens|publicidade) inscricao_cancelada
    cancelou_(?:a_)?inscricao falecid[oa] disiscritt[oa] non_(?:contattare|chiamare|disturbare)
    non_(?:vuole|desidera|accetta|inviare)_(?:piu_)?(?:ricevere_)?(?:sms|messaggi|pubblicita) niente_sms
    lista_nera iscrizione_(?:annullata|cancellata) decedut[oa] uitgeschreven afgemeld
    niet_(?:bellen|contacteren|sms_en) geen_(?:sms|toestemming|reclame) overleden wypisan[ya] nie_dzwonic
    nie_kontaktowac brak_zgody afmeldt ingen_sms ikke_kontakt*"""
"""What says in any text that a person must not be texted, folded."""
_PARTS = {
    "{verbs}": "(?:call|text|txt|contact|sms|message|msg|phone|solicit|reach)(?:s|ed|ing|ted)?",
    "{texts}": "(?:texts?|sms|messages?|calls?|marketing|contact)",
}
_STOP = (
    r"stop|unsub|end|quit|cancel|optout|revoke|arret|alto|baja|parar|abmelden|stopp|sair|annulla|cancella|desabonner"
    r"|stop all|remove|stop (?:it|now|please|pls|this|all|texting.*|messaging.*|sending.*|sms|texts?|msgs?|messages?)"
    r"|(?:please|pls) stop(?! (?:by|in|at|over|for|near)\b).*"
)
"""Carriers' words for an opt-out, and their translations: a whole message.

CTIA Messaging Principles, 5.1.3.
"""
_STOP_IN_ANY_COLUMN = (
    r"(?:stop|stopp|baja|arret|unsub|abmelden|blacklist|no (?:sms|texts?|text messages|calls|marketing))(?: \d+)*"
)
"""Those that are no state of an order or a subscription; a date may follow."""
_STOP_IN_PHONE_CELL = (
    r"stop|stopped|quit|cancel|unsub|baja|arret|removed?|declined|refused|not interested|no (?:txt|texts?|sms"
    r"|calls)|refus|opposition"
    r"|cant text|cannot text|do not|dont"
)
_NOT_ON_LIST = r"not on (?:the )?(?:dnc|dnt|do not call|do not text|black ?list|suppression)(?: list)?"


@cache
def _opted_out() -> re.Pattern[str]:
    words = _OPTED_OUT
    for part, pattern in _PARTS.items():
        words = words.replace(part, pattern)
    return compiled_words(words)


@cache
def _not_opted_out() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?:not|never|no|non|nicht|nao) (?:been )?"
        rf"(?:opted ?out|unsubscribed|bounced|suppressed|black ?listed)|{_NOT_ON_LIST})\Z"
    )


_LONGEST_REMARK = 2_000
"""Characters of a text in which an opt-out is looked for."""


@lru_cache(maxsize=16_384)
def says_opted_out(text: str) -> bool:
    """Whether a text of any column says that its person must not be texted."""
    is_email = "@" in text and " " not in text
    if len(text) > _LONGEST_REMARK or is_email or not _has_letters(text):
        return False
    words = fold_words(_separate_words(text))
    if _not_opted_out().match(words):
        return False
    return _opted_out().search(words) is not None or _whole(_STOP_IN_ANY_COLUMN).match(words) is not None


def says_no_texts(text: str) -> bool:
    """Whether a text of a column about emails says no to texts or to any contact."""
    return says_opted_out(text) and _inside(_NO_CONTACT).search(fold_words(text)) is not None


_NO_CONTACT = (
    r"(?:do not|dont|donot|never) (?:call|text|txt|contact|sms|message|phone)|dnc|dnt|stop|no (?:texts?|sms|calls)"
)


def cell_says_no(text: str) -> bool:
    """Whether a phone number's cell says that its person must not be texted.

    STOP may stand beside the number.
    """
    if not _has_letters(text):
        return False
    return says_opted_out(text) or _inside(_STOP_IN_PHONE_CELL).search(fold_words(text)) is not None


def _separate_words(text: str) -> str:
    """Return the words of a tag like SMSUnsubscribed2024 apart."""
    return compiled(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=\d)").sub(" ", text)


def is_stop_message(text: str) -> bool:
    """Whether a message that a person sent is an opt-out."""
    return _whole(_STOP).match(fold_words(text)) is not None or says_opted_out(text)


def _has_letters(text: str) -> bool:
    return not text.isdecimal() and compiled(r"[^\W\d_]{3}").search(text) is not None


@cache
def _inside(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])")


@cache
def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})\Z")


_REFUSED = (
    r"i (?:do not|dont|did not) .*|"
    r"(?:nope?|not?|nah|never|non|nein|nicht|kein[e]?|nao|nie|nem|ne|without|sin|sans|ohne|sem|senza|pas|aucune?"
    r"|none)(?: .*)?"
    r"|.*\b(?:denied|declined|refused|rejected|revoked|withdrawn|removed|blocked|cleaned|pending|inactive|expired"
    r"|deleted"
    r"|cancel\w*|disabled|invalid|unconfirmed|stopped|stop|off"
    r"|rechaz\w*|inactiv[oa]|denegad[oa]|revocad[oa]|refus\w*|retire|inactif|abgelehnt|gekundigt|inaktiv|verweigert"
    r"|storniert"
    r"|recusad[oa]|negad[oa]|inativ[oa]|removid[oa]|rifiutat[oa]|negat[oa]|inattiv[oa]|revocat[oa]|baja|ausstehend"
    r"|pendiente)\b.*"
)
"""Words that refuse consent in a column that is about consent, folded."""
_SUBSCRIBED = (
    r"(?:subscribed?|subscriber|resubscribed|opt(?:ed|s)? ?in|suscrit[oa]|alta|de alta|abonnee?s?|inscrite?"
    r"|angemeldet|abonniert"
    r"|inscrit[oa]|iscritt[oa])"
)
"""Words that say in any column about consent that a person is subscribed, folded."""
_AGREED = (
    r"(?:(?:yes|si|oui|ja|sim|ok|okay|y) )?"
    r"(?:granted|given|active|confirmed|(?:single|double|implied|express|explicit) (?:opt(?:ed)? ?in|consent)"
    r"|agreed?|agrees"
    r"|accept(?:ed|s)?|allow(?:ed|s)?|permitted|consent(?:ed|s)?|(?:consent|permission) (?:given|granted)"
    r"|express(?: permission)?|explicit permission|marketing contact|please"
    r"|(?:text|sms) ok|ok|enabled|approved|verified|acept[ao]|aceptad[oa]|activ[oa]|concedid[oa]|autorizad[oa]"
    r"|confirmad[oa]"
    r"|accepte(?:e|s)?|actif|confirmee?|autorisee?|eingetragen|zugestimmt|aktiv|bestatigt|eingewilligt|erlaubt"
    r"|i (?:agree|consent|accept)(?: to (?:receive|get)(?: \w+){0,4} (?:texts?|sms|messages?|marketing|alerts?"
    r"|updates?))?|einwilligung erteilt|aceit[oa]|aceitou|ativ[oa]|cadastrad[oa]"
    r"|accettat[oa]|accetta|attiv[oa]|consentit[oa]|confermat[oa])"
)
"""Words that give consent in a column that asks for it, folded."""


def parse_consent(text: str) -> bool | None:
    """Return whether a value gives consent, in a column that asks for it.

    None where it says neither. A bare yes or no has its column's meaning: it is not read here.
    """
    words = fold_words(text)
    if _not_opted_out().match(words):
        return True
    if says_opted_out(text) or _whole(_REFUSED).match(words):
        return False
    return True if _whole(_SUBSCRIBED).match(words) or _whole(_AGREED).match(words) else None


def parse_opt_out(text: str) -> bool | None:
    """Return whether a value says opted out, in a column of opt-outs.

    None where it is unclear.
    """
    words = fold_words(text)
    if _not_opted_out().match(words) or _whole(_SUBSCRIBED).match(words) or words in ("none", "never"):
        return False
    return True if says_opted_out(text) or _whole(_STOP).match(words) else None
