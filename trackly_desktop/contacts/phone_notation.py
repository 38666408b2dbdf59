"""Numbers as cells have them.

Links, labels, remarks, extensions and vanity letters.

This module finds which characters of a text are the number; `phone_numbers` reads what they mean. Whatever is not surely
the notation of one number is refused.
"""

from __future__ import annotations

import re

from trackly_desktop.contacts.excel_errors import is_excel_error
from trackly_desktop.contacts.issues import IssueCode, PhoneProblem
from trackly_desktop.contacts.value_patterns import compiled, count_digits, is_date_or_address
from trackly_desktop.contacts.value_words import cell_says_no, compiled_words, fold_words, is_no_number

FEWEST_DIGITS = 7
"""Digits of a number that could be a whole one."""
MOST_DIGITS = 15
"""ITU-T E.164, 6.1."""
LONGEST_CELL = 200
"""Characters of a cell in which a number is looked for."""


def looks_like_phone(cell: str) -> bool:
    """Whether a cell looks like a phone number, in any notation that is read.

    Which numbers there are is not asked: 7 to 20 digits, perhaps with a label, a remark or a link.
    """
    text = cell.strip().strip("\u202a\u202c\u200e\u200f\u00a0")
    if not text or len(text) > _LONGEST_PHONE:
        return False
    if compiled(_PHONE).match(text):
        return 7 <= count_digits(text) <= 20 and not is_date_or_address(text)
    return compiled(_PERHAPS_PHONE).search(text) is not None and _has_number(text)


def _has_number(text: str) -> bool:
    try:
        return all(count_digits(number) >= FEWEST_DIGITS for number in numbers_beside_words(text))
    except PhoneProblem:
        return False


def find_numbers(visible: str) -> list[str]:
    """Return the numbers that a text has, each as it is written: at least one.

    `visible` is a text without invisible characters, and not blank.

    Raises:
        PhoneProblem: the text is no number, or says something that a person must decide on.
    """
    if is_excel_error(visible):
        raise PhoneProblem(IssueCode.CELL_EXCEL_ERROR, error=visible.strip())
    if is_no_number(visible):
        raise PhoneProblem(IssueCode.PHONE_BLANK)
    if cell_says_no(visible):
        raise PhoneProblem(IssueCode.PHONE_SAYS_NO, words=visible[:_LONGEST_WORDS])
    numbers = numbers_beside_words(visible)
    if len(numbers) == 1 and _LETTER.search(visible):
        _check_remark(visible)
    return numbers


def numbers_beside_words(visible: str) -> list[str]:
    """Return a text's numbers, whatever it says of its person.

    Raises:
        PhoneProblem: the text has no number, or what is not surely one.
    """
    if len(visible) > LONGEST_CELL:
        raise PhoneProblem(IssueCode.PHONE_UNREADABLE)
    linked = _linked_numbers(visible)
    if linked:
        return linked
    text = _FORMULA_TEXT.sub(r"\1", visible).strip().lstrip("'’`").strip()
    if _SUM.match(text):
        raise PhoneProblem(IssueCode.PHONE_EXCEL_SUM)
    if _OTHER_VALUE.match(text):
        raise PhoneProblem(IssueCode.PHONE_UNREADABLE)
    text = _without_ornaments(text)
    if (vanity := _vanity_digits(text)) is not None:
        return [vanity]
    if not text or _ONLY_EXTENSION.fullmatch(text):
        raise PhoneProblem(IssueCode.PHONE_BLANK)
    return _numbers_between_words(_EXTENSION.sub(" ", _SHORT_EXTENSION.sub(_without_short_extension, text)))


def _without_ornaments(text: str) -> str:
    """Return a text without pictures, quotation marks, decimals, and hours of the day."""
    text = _PICTURES.sub(" ", text).strip().strip('"“”«»‹›!').strip()
    text = _LEADING_SIGNS.sub("", text)
    if count_digits(text) >= _SURELY_WHOLE:
        text = text.rstrip("*! ")
    text = _THOUSANDS.sub(lambda match: match[1].replace(",", ""), _FLOAT.sub("", text))
    return _UNDERSCORE.sub("-", _HOURS.sub(" o’clock ", text)).strip()


def _without_short_extension(match: re.Match[str]) -> str:
    """Return a blank for x12 or #12 behind a whole number; else what was matched."""
    before = compiled(r"[\d\s().\-/+]*\Z").search(match.string[: match.start()])
    digits = count_digits(before[0]) if before else 0
    return " " if digits >= (FEWEST_DIGITS if match[1] else _WITH_AREA_CODE) else match[0]


def _numbers_between_words(text: str) -> list[str]:
    """Return the numbers of a text, each of which stands apart from its words.

    Raises:
        PhoneProblem: letters stand for digits, digits are hidden, or there is no whole number.
    """
    _check_hidden(text)
    words = list(_WORD.finditer(text))
    chunks = _chunks(text, words)
    digits = [count_digits(chunk) for chunk in chunks]
    positions = [position for position, count in enumerate(digits) if count >= FEWEST_DIGITS]
    if not words and not positions:
        return [_clean(text)]
    if not positions or not _are_words(text, words, positions):
        raise _letters_problem(text, words)
    beside = [count for position, count in enumerate(digits) if position not in positions]
    if sum(digits[: positions[0]]) > 1 or max(beside, default=0) > _MOST_BESIDE:
        raise _letters_problem(text, words)
    return [number for position in positions for number in _separate(chunks[position])]


def _separate(chunk: str) -> list[str]:
    """Return the numbers of a text without words, between separators.

    Raises:
        PhoneProblem: a separator stands within a number, perhaps.
    """
    chunk = chunk.strip().strip(_EDGES)
    if _is_whole_number(chunk):
        return [_clean(chunk)]
    parts = [half for part in compiled(_BETWEEN).split(chunk) for half in _halves(part.strip())]
    numbers = [part for part in parts if count_digits(part) >= FEWEST_DIGITS]
    is_cut = any(count_digits(part) > 1 for part in parts if part not in numbers)
    if not numbers or (is_cut and any(count_digits(number) < _SURELY_WHOLE for number in numbers)):
        raise PhoneProblem(IssueCode.PHONE_UNREADABLE)
    return [_clean(number) for number in numbers]


def number_beside_remark(visible: str) -> str:
    """Return the only number of a cell that says something about it.

    Empty where it has none or several, and where it says that the person must not be texted.
    """
    if cell_says_no(visible):
        return ""
    try:
        numbers = numbers_beside_words(visible)
    except PhoneProblem:
        return ""
    return numbers[0] if len(numbers) == 1 else ""


def first_part(number: str) -> str:
    """Return 030 1234567 of 030 1234567/68; a number without such an ending as it is."""
    first, _, ending = number.rpartition("/")
    has_ending = count_digits(ending) <= _LONGEST_ENDING and count_digits(first) >= _SURELY_WHOLE
    return first.strip() if has_ending else number


def _is_whole_number(text: str) -> bool:
    """Whether separators stand within one number: 030/1234567."""
    return _NUMBER.fullmatch(text) is not None and _size(text) <= MOST_DIGITS and len(_halves(text)) == 1


def _size(text: str) -> int:
    """Return how many digits a number has, without 00, 011 and (0) before them."""
    return count_digits(_NO_DIGITS.sub("", text))


def _halves(text: str) -> list[str]:
    """Return the numbers that a plus, a blank, a slash or a hyphen separates.

    The text alone where there are no two.
    """
    for match in compiled(r"(?<=\d)\)?\s*(?=[+＋])").finditer(text):
        left, right = text[: match.start()], text[match.end() :]
        if min(count_digits(left), count_digits(right)) >= FEWEST_DIGITS:
            return [*_halves(left), *_halves(right)]
    cuts = [
        (text[: match.start()], text[match.end() :])
        for match in compiled(r"\s*[/\-–—]\s*|\s+").finditer(text)
        if min(count_digits(text[: match.start()]), count_digits(text[match.end() :])) >= FEWEST_DIGITS
    ]
    alike = [cut for cut in cuts if _shape(cut[0]) == _shape(cut[1])]
    if not alike and _size(text) > MOST_DIGITS:
        alike = sorted(cuts, key=lambda cut: abs(count_digits(cut[0]) - count_digits(cut[1])))
    return [alike[0][0], *_halves(alike[0][1])] if alike else [text]


def _shape(text: str) -> str:
    return compiled(r"\d").sub("0", text)


def _clean(number: str) -> str:
    """Return a number without what stands around it.

    Raises:
        PhoneProblem: there are signs in it that a number does not have.
    """
    number = _ITEM.sub("", number.strip().strip(_EDGES)).strip()
    number = _OPEN_BRACKET.sub(r"\1", number).rstrip("([ ")
    if not _NUMBER.fullmatch(number) or not any(map(str.isdecimal, number)):
        raise PhoneProblem(IssueCode.PHONE_UNREADABLE)
    return number


def _check_hidden(text: str) -> None:
    match = _HIDDEN.search(text)
    if match:
        raise PhoneProblem(IssueCode.PHONE_HIDDEN, signs=match[0].strip())


def _check_remark(text: str) -> None:
    """Check that the words beside a number do not speak against it.

    Raises:
        PhoneProblem: it is another person's, no number of a phone, or a wrong one.
    """
    words = fold_words(text)
    for code, pattern in (
        (IssueCode.PHONE_NOT_A_PHONE, _MACHINES),
        (IssueCode.PHONE_OF_SOMEBODY_ELSE, _OTHER_PEOPLE),
        (IssueCode.PHONE_REMARK, _WARNINGS),
    ):
        match = compiled_words(pattern).search(words)
        if match:
            raise PhoneProblem(code, words=match[0])


def is_no_persons_phone(label: str) -> bool:
    """Whether a label says fax, pager or the like."""
    return compiled_words(_MACHINES).search(fold_words(label)) is not None


def _chunks(text: str, words: list[re.Match[str]]) -> list[str]:
    """Return the text between the words: before the first, after each."""
    bounds = [0, *(bound for word in words for bound in word.span()), len(text)]
    return [text[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True)]


def _are_words(text: str, words: list[re.Match[str]], positions: list[int]) -> bool:
    """Whether the words around numbers are words: no letter in place of a digit."""
    for position in positions:
        before = words[position - 1] if position else None
        behind = words[position] if position < len(words) else None
        if before is not None and not _is_word(before[0], text[before.end() : before.end() + 1]):
            return False
        if behind is not None and not _is_word(behind[0], text[behind.start() - 1 : behind.start()]):
            return False
    return all(len(word[0]) > 1 or _may_stand_alone(text, word) for word in words)


def _may_stand_alone(text: str, word: re.Match[str]) -> bool:
    """Whether one letter is a label or joins two numbers: elsewhere o may be a zero."""
    letter, behind = word[0].casefold(), text[word.end() : word.end() + 1]
    if letter in _ONE_LETTER or (letter in _ONE_LETTER_LABELS and behind in (":", ".")):
        return True
    is_between = min(count_digits(text[: word.start()]), count_digits(text[word.end() :])) >= FEWEST_DIGITS
    return letter in _ONE_LETTER_JOINS and is_between and text[word.start() - 1].isspace() and behind.isspace()


def _is_word(word: str, neighbor: str) -> bool:
    """Whether a word is no part of the number: no letters that look like digits."""
    is_label = fold_words(word) in _LABELS or len(word) == 1
    if neighbor.isdecimal():
        return is_label and len(word) > 2
    return is_label or not set(word) <= _LIKE_DIGITS or (word.islower() and len(word) > 1)


def _letters_problem(text: str, words: list[re.Match[str]]) -> PhoneProblem:
    """Return what letters among the digits of a number are."""
    letters = "".join(word[0] for word in words)
    if len(letters) <= _FEW_LETTERS and count_digits(text) >= _MOST_DIGITS_BESIDE:
        return PhoneProblem(IssueCode.PHONE_LETTERS_FOR_DIGITS, letters=letters)
    if not count_digits(text) and all(fold_words(word[0]) in _LABELS for word in words):
        return PhoneProblem(IssueCode.PHONE_BLANK)
    seen = text[words[0].start() : words[-1].end()] if words else text
    return PhoneProblem(IssueCode.PHONE_WORDS, words=seen[:_LONGEST_WORDS])


def _vanity_digits(text: str) -> str | None:
    """Return the digits of a toll-free number with letters (1-800-FLOWERS).

    None for others.

    Letters are digits only at the end, three or more, with no digit between: lower case could be a remark, and is read
    only where it is joined to the code.
    """
    match = _VANITY.fullmatch(text)
    if match is None or sum(map(str.isalnum, match[2])) != FEWEST_DIGITS:
        return None
    letters = match[3]
    is_joined = match[1][-1:] in ("-", ".") and not any(map(str.isspace, match[2]))
    folded = fold_words(letters).replace(" ", "")
    if not (letters.isupper() or is_joined) or folded in _SEVEN_LETTERS or _NO_VANITY.search(folded):
        return None
    import phonenumbers

    return str(phonenumbers.convert_alpha_characters_in_number(text))


def _linked_numbers(text: str) -> list[str]:
    """Return the numbers of a link (tel:, sms:, wa.me …) or of a WhatsApp address.

    None without one.
    """
    if (chat := _CHAT_ADDRESS.fullmatch(text)) is not None:
        return [f"+{chat[1]}"]
    match = _LINK.match(text)
    if match is None:
        return []
    from urllib.parse import unquote

    rest = unquote(text[match.end() :]).strip()
    if match["chat"]:
        digits = _CHAT_NUMBER.match(rest)
        return [f"+{digits[1]}"] if digits else []
    ends = r"[;?&:]" if match[0].casefold().startswith(("sms", "mms")) else r"[;?&]"
    number = compiled(ends).split(rest)[0].strip()
    context = _CONTEXT.search(rest)
    return numbers_beside_words(f"{context[1]} {number}" if context and number[:1] != "+" else number or "'")


_PHONE = r"(?i:(?:'|p:|tel:|whatsapp:)?\+?\(?\d[\d\s().\-/–‐‑·]{5,}\d(?:\s*(?:x|ext\.?)\s*\d+)?$)"
_LONGEST_PHONE = 80
_PERHAPS_PHONE = r"\d(?:[^\w\s]|\s){0,3}\d[\d\W]{2,}\d|8(?:00|33|44|55|66|77|88)"
"""What most texts without a number do not have."""
_PICTURES = re.compile("[☎☏✆📞📱📲\U0001f1e6-\U0001f1ff️]")
_LEADING_SIGNS = re.compile(r"^(?:[•·>▪►#]+\s*|\*+(?=[\s\w(]*[^\W\d])|\*+\s+)")
_NO_DIGITS = re.compile(r"^\D*(?:00|011)|\(0\)")
_EDGES = ' \t\n\r:;,.<>/|#\\"“”«»‹›–—-‐‑·•'
_ITEM = re.compile(r"^\(?[1-9][).:]\s+(?=(?:\D*\d){10})")
"""1) and (2) before numbers in a list, and the 2 of Phone 2: …"""
_HOURS = re.compile(r"(?<![\d:])\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.|uhr|hrs?)(?![^\W_])", re.IGNORECASE)
_UNDERSCORE = re.compile(r"(?<=\d)_(?=\d)")
_LONGEST_ENDING = 3
_SURELY_WHOLE = 9
"""Digits of a number that is no end of another."""
_WITH_AREA_CODE = 10
_OTHER_VALUE = re.compile(
    r".*(?:@|://|www\.)|(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?:[T ].*)?$"
    r"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:19|20)\d\d(?: .*)?$"
    r"|(?=(?:.*\.)?(?:\d|\d{3})(?:\.|$))(?:\d{1,3}\.){3}\d{1,3}$",
    re.DOTALL,
)
"""An email or web address, a date, an IPv4 address: its digits are no number."""
_FEW_LETTERS, _MOST_DIGITS_BESIDE = 3, 5
_MOST_BESIDE = 4
"""Digits in a remark behind a number: call after 1730."""
_LONGEST_WORDS = 40
_LIKE_DIGITS = frozenset("OoQDIlSsBZzbgqi|")
_ONE_LETTER = frozenset("mchwtpf")
"""Mobile, cell, home, work, telephone, phone, fax; o could be a zero, l a one."""
_ONE_LETTER_LABELS = frozenset("obd")
"""Office, business, direct, with a colon."""
_ONE_LETTER_JOINS = frozenset("oyeu")
"""Or, and, in Spanish, Portuguese and Italian."""
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NUMBER = re.compile(r"[+＋]*[\d\s()\[\].\-‐‑‒–—―−－/·~∼]+")
_OPEN_BRACKET = re.compile(r"^[(\[]\s*((?:[+＋]|00|01[ 1])\s*\d+)\s*[)\]]")
_SUM = re.compile(r"[(+＋\s]*(?:[\-‐‑‒–—―−﹣－](?=[\s(+＋]*\d)|=(?!\"))")
"""+1-415-555-0130 entered as a formula: Excel keeps -970, or shows the formula."""
_FORMULA_TEXT = re.compile(r'^="([^"]*)"$')
_FLOAT = re.compile(r"(?<=\d{7})[.,]0+$")
"""14155550120.0: what programs make of a number that they took for an amount."""
_THOUSANDS = re.compile(r"^(\d{1,3}(?:,\d{3}){2,})(?:\.0+)?$")
"""4,155,550,120: the same."""
_BETWEEN = r"\s*(?::::|[;,|/\\&\n])\s*"
_EXTENSION_WORDS = r"ext(?:ension)?|extn|anexo|int|durchwahl|dw|ramal|poste|доб"
_EXTENSION = re.compile(
    rf"(?<=[\d)])[\s,;(\-]*(?<![^\W\d_])(?:{_EXTENSION_WORDS})\.?\s*[:#]?\s*\d{{1,7}}\)?(?!\d)", re.IGNORECASE
)
_SHORT_EXTENSION = re.compile(r"(?<=[\d)])([\s,;(]*)[xX#]\.?\s*:?\s*\d{1,6}\)?(?![\d\w])")
_ONLY_EXTENSION = re.compile(rf"\(?(?:{_EXTENSION_WORDS}|x|#)\.?\s*:?\s*\d{{1,6}}\)?", re.IGNORECASE)
_HIDDEN = re.compile(
    r"(?<![^\W\d_])[xX]{2,}(?![^\W\d_])|(?<=[\d\-).])\s*(?:[*•●∙…?#]+|_{2,})|(?:[*•●∙…#]+|_{2,})(?=[\d\-])|\.{3,}"
    r"|(?<=\d)[xX](?=\d)"
)
_VANITY = re.compile(
    r"((?:\+?1[\s.\-]*)?\(?8(?:00|33|44|55|66|77|88)\)?[\s.\-]*)"
    r"((?:\d[\s.\-]?)*([A-Za-z](?:[\s.\-]?[A-Za-z]){2,}))",
    re.ASCII,
)
_CHAT_ADDRESS = re.compile(r"\+?(\d{7,15})@(?:c\.us|s\.whatsapp\.net|lid\.whatsapp\.net)", re.ASCII | re.IGNORECASE)
_LINK = re.compile(
    r"(?:(?P<chat>(?:https?://)?(?:www\.)?(?:wa\.me/|api\.whatsapp\.com/send/?\?(?:.*&)?phone="
    r"|web\.whatsapp\.com/send/?\?(?:.*&)?phone="
    r"|chat\.whatsapp\.com/|signal\.me/#p/|t\.me/\+|viber\.click/)|(?:whatsapp|viber)://(?:send|chat"
    r"|add)/?\?(?:.*&)?(?:phone|number)=)"
    r"|(?:tel|callto|sms|smsto|mms|mmsto|facetime|facetime-audio|skype|whatsapp|imessage):(?://)?(?=\s*[+(\d%]))",
    re.IGNORECASE,
)
_CHAT_NUMBER = re.compile(r"[+\s]*(\d{7,15})(?![\d])", re.ASCII)
"""A chat's address has the country code.

Whole international numbers without their plus.
"""
_CONTEXT = re.compile(r";phone-context=(\+[\d.\-]{1,20})", re.ASCII | re.IGNORECASE)
_LABELS = frozenset(
    (
        "phone", "phones", "telephone", "tel", "tlf", "telf", "fon", "telefon", "telefono", "telefone",
        "telefoon", "mobile",
        "mobil", "mobiel", "mob", "movil", "cell", "cellphone", "cellular", "cel", "celular", "cellulare",
        "handy", "portable",
        "port", "gsm", "whatsapp", "wa", "sms", "text", "home", "work", "office", "main", "direct", "number",
        "no", "nr", "num",
        "privat", "m", "c", "h", "w", "t", "p", "ph", "ext", "extension", "extn", "x", "hm", "wk", "casa", "trabajo",
    )
)  # fmt: skip
"""Words that say what kind of number one is, folded."""
_MACHINES = """
    f fax* telefax* pager* beeper* telex* tty tdd modem"""
_OTHER_PEOPLE = """
    emergency ice parents? guardians? spouses? partners? wife wifes wives husband* hubby mother* mom moms mum
    mums mama mamma mommy father* dad dads daddy step(?:mom|dad|mother|father|son|daughter)s? son sons daughter*
    (?:grand|great)(?:ma|pa|mother|father|son|daughter|parents?)s? granny nana aunt* uncle* cousin* nephew niece
    brother* sister* sibling* in_laws? (?:mother|father|brother|sister|son|daughter)_in_law fiancee? girlfriend
    boyfriend gf bf friend friends neighbou?rs? roommate* housemate* flatmate* boss manager assistant secretary
    reception receptionist doctor dr_office agent referrer next_of_kin kin nok caregiver* carer* caretaker
    case_?worker social_worker babysitter nanny landlord belongs_to c_o care_of ask_for_his ask_for_her
    emergencia madre padre papa esposa esposo marido mujer novia novio hij[oa]s? abuel[oa] herman[oa]s? ti[oa]
    tutor tutora suegr[oa] vecin[oa] recados? recado_com jefe conyuge pareja urgence mere pere maman epouse
    epoux mari femme fils fille conjoint conjointe voisine? tuteur tutrice grand_mere grand_pere soeur frere
    copine copain notfall notruf mutter mama vater papa eltern elternteil (?:meine|seine|ihre)_frau ehefrau
    (?:mein|ihr)_mann ehemann sohn tochter schwester bruder oma opa tante onkel freundin freund lebensgefahrt(?:e|in)
    betreuer betreuerin vormund nachbarin? chef mae pai filh[oa] vizinh[oa] avo namorad[oa] irma irmao esposa
    responsavel moglie marito figli[oa] mamma babbo nonn[oa] sorella fratello fidanzat[oa] vicin[oa] moeder
    vader vrouw zoon dochter oma opa buurman buurvrouw vriendin matka ojciec tata zona maz syn corka babcia
    sasiad mor far kone datter"""
"""Words for people beside the one whose cell it is, folded."""
_WARNINGS = """
    wrong wn incorrect invalid not_valid disconnected disc nis not_in_service out_of_service out_of_order
    no_longer bad bad_number bad_phone no_good not_good old former previous not_working doesnt_work
    does_not_work dead deceased changed expired inactive inactivo inactivo do_not_use dont_use vm_full
    voicemail_full fx busy switched_off turned_off maybe perhaps not_sure unsure verify unverified unconfirmed
    test unknown fake duplicate typo falsch* ungultig nicht_(?:mehr_)?gultig nicht_verwenden nicht_benutzen
    nicht_mehr kein_anschluss veraltet alte_nummer alt equivocado incorrecto invalido antiguo no_existe no_usar
    erroneo errado inexistente no_funciona viejo anterior fuera_de_servicio faux ancien invalide plus_attribue
    non_attribue ne_pas_utiliser errone hors_service sbagliato errato vecchio inesistente non_usare disattivato
    nao_existe nao_usar onjuist fout oud nieaktualn[ya] bledn[ya] forkert"""
"""Words that speak against a number, folded."""
_NO_VANITY = re.compile(
    r"x{2,}|none|null|fake|stop|unknow|declin|disconn|remov|delet|invalid|blocked|^no(?:t|phone|number|ne)"
)
_SEVEN_LETTERS = frozenset(
    (
        "blocked", "callnow", "callhim", "callher", "deleted", "dialnow", "expired", "invalid", "missing",
        "nogood", "nophone",
        "notset", "notgood", "pending", "private", "refused", "removed", "testing", "unknown", "unlisted",
        "withheld", "noanswer",
        "offline", "ringing", "message", "husband", "noreply", "nothing", "illegal", "replied", "changed",
        "company", "retired",
        "blanked", "ongoing", "tobegot", "callout", "nonumber",
    )
)  # fmt: skip
"""Remarks of seven letters that people write instead of a number."""
