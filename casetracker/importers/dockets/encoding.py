"""From bytes to text: what a file is not, and in which encoding it is written."""

import re

from .records import DocketError

# The longest docket there is has some 40,000 entries and 30 MB.
LARGEST = 64 * 1024 * 1024

_PICTURE = "This is a picture. Save the docket itself, in PACER as a web page, in CourtListener as JSON."
# How files begin that are something else, and what to do with them.
_OTHER_FILES = [
    (b"%PDF", "This is a PDF. Save the docket itself: in PACER as a web page, in CourtListener as JSON."),
    (b"PK\x03\x04", "This is an archive and no Excel workbook. Unpack it, and give the files in it."),
    (b"\x1f\x8b", "This is compressed. Unpack it, and give the file in it."),
    (b"BZh", "This is compressed. Unpack it, and give the file in it."),
    (b"\xd0\xcf\x11\xe0", "This is an old Office file. Save the sheet as CSV (UTF-8)."),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
]
_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?([\w-]{3,20})""", re.IGNORECASE)


def check(data: bytes) -> None:
    """Raise `DocketError` for what is no text at all."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise DocketError("The file is empty. Save it again.")
    if len(data) > LARGEST:
        raise DocketError(f"The file has {len(data):,} bytes; the most is {LARGEST:,}. Split it.")
    for beginning, message in _OTHER_FILES:
        if data.startswith(beginning):
            raise DocketError(message)


def text_of(data: bytes) -> str:
    """
    The text of a file: by its byte order mark, else UTF-8 if it is that, else as it declares itself, else as Windows
    writes the West. Raises `DocketError`.
    """
    check(data)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _decoded(data, "utf-16")
    else:
        text = _decoded(data, "utf-8-sig") or _as_declared(data) or _decoded(data, "cp1252") or data.decode("latin-1")
    if text is None:
        raise DocketError("The file is cut off in the middle of a character. Save it again.")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise DocketError("A zero byte stands here, as in no text. Save the file again as plain text.", f"line {line}")
    return text


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _as_declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:2000])
    return _decoded(data, found[1].decode("ascii")) if found else None
