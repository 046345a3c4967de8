"""What a file is, told by its content. Pure."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casetracker.models import MediaType


class FileError(ValueError):
    """The file is not taken; the message says what it is, why not, and what is taken, in words for the editor."""


# How files begin that are something else. The longest beginnings first.
_OTHERS = (
    (b"PK\x03\x04", gettext_lazy("an archive, or an Office document, which is one")),
    (b"PK\x05\x06", gettext_lazy("an empty archive")),
    (b"\xd0\xcf\x11\xe0", gettext_lazy("an old Office document")),
    (b"{\\rtf", gettext_lazy("a text with formatting (RTF)")),
    (b"\x1f\x8b", gettext_lazy("a compressed file")),
    (b"BZh", gettext_lazy("a compressed file")),
    (b"\xfd7zXZ", gettext_lazy("a compressed file")),
    (b"7z\xbc\xaf", gettext_lazy("an archive")),
    (b"Rar!", gettext_lazy("an archive")),
    (b"\x89PNG", gettext_lazy("a picture (PNG)")),
    (b"\xff\xd8\xff", gettext_lazy("a picture (JPEG)")),
    (b"GIF8", gettext_lazy("a picture (GIF)")),
    (b"II*\x00", gettext_lazy("a picture (TIFF)")),
    (b"MM\x00*", gettext_lazy("a picture (TIFF)")),
    (b"MZ", gettext_lazy("a program")),
    (b"\x7fELF", gettext_lazy("a program")),
    (b"%!PS", gettext_lazy("a PostScript file")),
    (b"#!", gettext_lazy("a program")),
)
# What a browser would run or draw, as it begins behind white space, comments and declarations.
_MARKUP = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:\?xml|!doctype|html|head|body|svg|script|iframe|math|style|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
# Where an end mark of a PDF is looked for, and where markup: as far as browsers look and a little further.
_END = 2048
_BEGINNING = 4096
# Controls that no text has: all but tab, line feed, form feed and return.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Bytes to which Windows gives no character.
_UNUSED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def kind_of(content: bytes) -> MediaType:
    """
    What is taken as PDF or as plain text. Raises `FileError` for anything else, for a file without content, and for a
    PDF that is cut off. Whether a PDF can be read is found out later, apart from the site (`reading`).
    """
    if not content.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise FileError(_("The file is empty. Choose it again."))
    if content.startswith(b"%PDF-"):
        return _whole_pdf(content)
    for beginning, name in _OTHERS:
        if content.startswith(beginning):
            raise FileError(_refused(str(name)))
    if _MARKUP.match(content[:_BEGINNING]):
        raise FileError(_refused(_("a web page or another text with markup (HTML, SVG, XML)")))
    if b"%PDF-" in content[:1024]:
        raise FileError(
            _("Something stands before the beginning of this PDF. Open it, save it as a PDF again, and upload that.")
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileError(_("This is text in UTF-16. Save it as UTF-8 and upload that."))
    if _BINARY.search(content):
        raise FileError(_refused(_("neither a PDF nor plain text")))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        if _UNUSED.search(content):
            raise FileError(_refused(_("neither a PDF nor plain text"))) from None
        return MediaType.TEXT_WESTERN
    return MediaType.TEXT


def _whole_pdf(content: bytes) -> MediaType:
    if not re.match(rb"%PDF-\d\.\d", content):
        raise FileError(_("This begins like a PDF and is none: its version is missing. Save it again and upload that."))
    end = content[-_END:]
    if b"%%EOF" not in end or b"startxref" not in end:
        raise FileError(_("This PDF is cut off: its end is missing. Get it again, and upload it whole."))
    return MediaType.PDF


def _refused(what: str) -> str:
    return _("This is %(what)s. A file can be a PDF or plain text; save or print it as a PDF and upload that.") % {
        "what": what
    }
