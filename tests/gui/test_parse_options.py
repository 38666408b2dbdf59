"""Labels of the encodings and delimiters that the wizard offers."""

from __future__ import annotations

from trackly_desktop.files.text.csv_dialect import DELIMITERS
from trackly_desktop.files.text.encoding_detection import CODECS
from trackly_desktop.gui.import_wizard.parse_options import DELIMITER_LABELS, ENCODING_LABELS


def test_every_encoding_that_can_be_read_has_a_label_of_its_own() -> None:
    assert ENCODING_LABELS.keys() == CODECS.keys()
    assert len({*ENCODING_LABELS.values()}) == len(ENCODING_LABELS)


def test_every_delimiter_that_can_be_read_has_a_label_of_its_own() -> None:
    assert DELIMITER_LABELS.keys() == {*DELIMITERS}
    assert len({*DELIMITER_LABELS.values()}) == len(DELIMITER_LABELS)
