"""Detection of encodings from short tables of names, damaged ones included."""

from __future__ import annotations

import pytest

from trackly_desktop.files.text.encoding_detection import Encoding, EncodingDetector
from trackly_desktop.files.text.text_formats import ENCODINGS

NAMES = {
    "windows-1253": ("Γιώργος Παπαδόπουλος", "Ελένη Δημητρίου", "Κώστας Ιωάννου", "Θεσσαλονίκη"),
    "windows-1254": ("Ayşe Yıldız", "Mehmet Öztürk", "Gülşen Çağlar", "İğdır"),
    "iso-8859-2": ("Paweł Gołąb", "Małgorzata Wójcik", "Łukasz Źrebiec", "Śląsk"),
    "iso-8859-15": ("Céline Lacœuille", "Hélène Bœuf", "Jérôme Cœur", "François Lefèvre"),
    "cp850": ("Jürgen Groß", "Käthe Müller", "Günther Schäfer", "Düsseldorf"),
    "koi8-r": ("Игорь Сидоров", "Анна Щукина", "Пётр Жуков", "Москва"),
    "big5": ("王小明", "張雅婷", "陳怡君", "臺北市"),
    "euc-kr": ("김민수", "이서연", "박지훈", "서울특별시"),
}


def detected(*lines: bytes) -> Encoding:
    detector = EncodingDetector()
    for line in (b"Phone;Name", *lines):
        detector.feed(line + b"\r\n")
    return detector.result()


def lines_of(encoding: str) -> list[bytes]:
    return [
        f"+1415555012{index};{name}".encode(ENCODINGS[encoding].codec) for index, name in enumerate(NAMES[encoding])
    ]


@pytest.mark.parametrize("encoding", NAMES)
def test_four_rows_are_enough(encoding: str) -> None:
    assert detected(*lines_of(encoding)).name == encoding


@pytest.mark.parametrize("encoding", NAMES)
def test_a_row_that_was_cut_within_a_character_changes_nothing(encoding: str) -> None:
    assert detected(*lines_of(encoding), b"+14155550129;\x81").name == encoding


def test_of_encodings_that_read_a_file_alike_the_usual_one_is_named() -> None:
    assert detected("Käthe;Zoë".encode("iso-8859-15")).name == "windows-1252"


def test_readings_that_fit_nearly_as_well_are_shown_with_the_words_that_differ() -> None:
    encoding = detected("+14155550120;Žaneta Šimko".encode("cp1252"))
    assert (encoding.name, encoding.sample) == ("windows-1252", "Žaneta  Šimko")
    assert encoding.others == (("mac-roman", "éaneta  äimko"),)


def test_a_file_that_is_utf_8_but_for_a_byte_is_utf_8() -> None:
    assert detected("Zoë Müller".encode(), b"Jos\xe9") == Encoding("utf-8", "utf-8")


@pytest.mark.parametrize("line", [b"BM;Zo\xeb", b"PK\x03\x04;Zo\xeb", b"Zo\xeb\0\0\0\0\0\0;Ren\xe9e\0\0\0\0\0"])
def test_bytes_that_binary_files_have_do_not_matter(line: bytes) -> None:
    assert detected(line) == Encoding("windows-1252", "cp1252")


def test_a_few_letters_are_enough_wherever_the_blocks_of_a_file_end() -> None:
    detector = EncodingDetector()
    for byte in "Phone;Name\n1;Zoë\n".encode("cp1252"):
        detector.feed(bytes([byte]))
    assert detector.result() == Encoding("windows-1252", "cp1252")
