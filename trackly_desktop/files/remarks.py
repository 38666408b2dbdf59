"""Recognize rows about the file itself: “Questions? Call (800) 555-0100”."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trackly_desktop.contacts.phone_notation import FEWEST_DIGITS
from trackly_desktop.contacts.value_patterns import count_digits
from trackly_desktop.contacts.value_words import cell_says_no, fold_words

_REMARK = re.compile(
    r"(?:^|\b)(?:questions?|enquir(?:y|ies)|inquir(?:y|ies)|(?:call|text|phone|contact|reach|ring|email) us|call (?:at|toll)"
    r"|us at|support|help|help ?line|hot ?line|help ?desk|info|information|customer (?:service|care)|sales|reception"
    r"|front desk|switchboard|toll free|(?:sub)?totals?|grand total|sum|for more|please|printed|exported|generated|report"
    r"|(?:ruck)?fragen|hilfe|auskunft|kundendienst|kundenservice|summe|gesamt|rufen sie|preguntas|dudas|ayuda|llam[ea]\w*"
    r"|soporte|atencion al cliente|renseignements?|aide|appelez|assistance|contactez|service client|perguntas|duvidas"
    r"|ajuda|ligue|domande|assistenza|chiam\w+|totale)\b|^call \d"
)
"""Words of remarks, folded. A label like “Cell” and a name are none."""


def is_remark(cells: Sequence[str]) -> bool:
    """Return whether a row has a number only in words that speak to the reader.

    Its number is a company's, or a sum: not that of a person of the list.
    """
    filled = [cell.strip() for cell in cells if cell and not cell.isspace()]
    if len(filled) > 2:
        return False
    with_numbers = [cell for cell in filled if count_digits(cell) >= FEWEST_DIGITS]
    if len(with_numbers) != 1 or not (filled[0].endswith("?") or any(map(str.isalpha, with_numbers[0]))):
        return False
    if any(map(cell_says_no, filled)):
        return False
    if _REMARK.search(fold_words(with_numbers[0])):
        return True
    return len(filled) == 2 and filled[0].endswith("?")
