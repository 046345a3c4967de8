"""What is taken as a file, told by its content whatever it is called, and what is said of the rest."""

import pdf_samples
import pytest

from casetracker.files import FileError, kind_of
from casetracker.models import MediaType


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf_samples.pdf("A motion"), MediaType.PDF),
        (pdf_samples.pdf("A motion") + b"\n" * 500, MediaType.PDF),
        (pdf_samples.locked("A motion"), MediaType.PDF),
        (b"OPINION\n\tby the court\x0c\r\n", MediaType.TEXT),
        ("Señor García’s motion".encode(), MediaType.TEXT),
        ("\ufeffA motion".encode(), MediaType.TEXT),
        ("Señor García’s motion".encode("cp1252"), MediaType.TEXT_WESTERN),
        (b"a < b and <b> is no tag here", MediaType.TEXT),
    ],
)
def test_pdf_and_plain_text_are_taken(content: bytes, kind: MediaType) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b" \n\t\x00\n", "empty"),
        (b"<!DOCTYPE html><title>x</title>", "web page"),
        (b"\xef\xbb\xbf \n<!-- x --><HTML><script>alert(1)</script>", "web page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "web page"),
        (b"<?xml version='1.0'?><a/>", "web page"),
        (b"PK\x03\x04rest", "Office document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office document"),
        (b"{\\rtf1 x}", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"MZ\x90\x00", "program"),
        (b"#!/bin/sh\n", "program"),
        (b"%!PS-Adobe", "PostScript"),
        (b"text \x00 with a zero", "neither a PDF nor plain text"),
        (b"\x81\x8d\x8f", "neither a PDF nor plain text"),
        ("A motion".encode("utf-16"), "UTF-16"),
        (b"GIF89a%PDF-1.7", "picture"),
        (b"\n\n" + pdf_samples.pdf("A motion"), "before the beginning"),
        (pdf_samples.pdf("A motion")[:-40], "cut off"),
        (b"%PDF-1.7\n" + b"x" * 5_000, "cut off"),
        (b"%PDF-x\nstartxref\n%%EOF", "version is missing"),
    ],
)
def test_everything_else_is_refused_and_named(content: bytes, told: str) -> None:
    with pytest.raises(FileError, match=told) as refused:
        kind_of(content)
    assert str(refused.value).endswith(".")
