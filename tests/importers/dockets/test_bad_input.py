"""What cannot be used is refused with the place and what to do, and no file takes the reader down."""

import contextlib
import sys

import docket_samples as samples
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetracker.importers.dockets import encoding, pacer
from casetracker.importers.dockets.formats import parse
from casetracker.importers.dockets.records import DocketError

HEAD = "court,docket_number,date,text\n"


@pytest.mark.parametrize(
    ("data", "court", "message"),
    [
        (b"", "", "The file is empty"),
        (b"\xef\xbb\xbf \r\n", "", "The file is empty"),
        (b"%PDF-1.7 ...", "", "This is a PDF"),
        (b"PK\x03\x04....", "", "This is an archive"),
        (b"\x1f\x8b\x08", "", "compressed"),
        (f"{HEAD}mdd,1,2025-01-01,a\x00b".encode(), "", "line 2: A zero byte"),
        (f"{HEAD}mdd,1,2025-02-30,x".encode(), "", "line 2: date: “2025-02-30” is no date"),
        (f"{HEAD}mdd,1,99999-01-01,x".encode(), "", "line 2: date: “99999-01-01” is no date"),
        (f"{HEAD}mdd,1,0999-01-01,x".encode(), "", "line 2: date: “0999-01-01” is no date"),
        (f"{HEAD}mdd,1,,x".encode(), "", "line 2: The entry has no date"),
        (f"{HEAD},,2025-01-01,x".encode(), "", "line 2: The first entry of a docket needs its docket_number"),
        (f"{HEAD},1,2025-01-01,x".encode(), "", "does not say which court"),
        (f"{HEAD}mdd,1,2025-01-01,x,y".encode(), "", "line 2: There are more cells than columns"),
        (f'{HEAD}mdd,1,2025-01-01,"x'.encode(), "", "This is not CSV"),
        (HEAD.encode(), "", "no entries below"),
        (b"date,text,colour\n", "", "line 1: There is no column “colour”"),
        (b"date,number\n2025-01-01,1", "", "line 1: There is no column text"),
        (f"{HEAD}mdd,1,2025-01-01,x".encode(), "ca4", "The docket is of the court mdd, and ca4 was named"),
        (b"just some words", "", "No format that is read here was recognised"),
        (b'{"docket_entries": [', "", "line 1, column 21: The file is cut off here"),
        (b'{"a": tru}', "", "line 1, column 7: This is not JSON"),
        (b'{"a": NaN}', "", "NaN is no value"),
        (b"[" * 200_000, "", "nested too deeply"),
        (b"[]", "", "The list is empty"),
        (b'{"detail": "Not authorised"}', "", "answered with an error: Not authorised"),
        (b'{"a": 1}', "", "no docket that is read here"),
        (samples.as_bytes(samples.docket(blocked=True)), "", "keeps this docket from search engines"),
        (samples.as_bytes(samples.juriscraper(docket_entries="x")), "", "docket_entries: Here belongs a list"),
        (samples.as_bytes(samples.juriscraper(docket_number="")), "", "The docket has no number"),
        (samples.as_bytes({**samples.juriscraper(), "date_filed": "2025-13-01"}), "", "date_filed: “2025-13-01”"),
        (samples.XML[:-30].encode(), "", "The file is cut off"),
        (
            samples.XML.replace("24</date_filed>", "32</date_filed>").encode(),
            "",
            "line 26: “2025-03-32”",
        ),
        (samples.XML.replace('"docket.dtd"', '"docket.dtd" [<!ENTITY a "b">]').encode(), "", "declares entities"),
        (b"<?xml version='1.0'?><feed/>", "", "This is XML, and no docket of RECAP"),
        (b"<?xml version='1.0'?><rss version='2.0'></rss>", "", "This is a news feed (RSS) of a court"),
        (b'{"format": "casetracker-docket", "version": 9}', "", "version: This is version 9"),
        (
            b'{"format": "casetracker-docket", "version": 1, "dockets": [{"number": "1", "colour": ""}]}',
            "",
            "dockets: number 1: There is no “colour” here",
        ),
    ],
)
def test_bad_file_is_refused_with_place_and_mend(data: bytes, court: str, message: str) -> None:
    with pytest.raises(DocketError, match=r".") as caught:
        parse(data, court)
    assert message in str(caught.value)


def test_too_large_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "LARGEST", 10)
    with pytest.raises(DocketError, match="the most is 10"):
        parse(b"date,text\n2025-01-01,x")


def test_bomb_of_entities_is_refused_before_it_grows() -> None:
    with pytest.raises(DocketError, match="line 1: This XML declares entities"):
        parse(samples.bomb_of_entities())


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (samples.DOCKET_PAGE, "a page to sign in at"),
        ("<html><head><title>404 Not Found</title></head></html>", "an error page"),
        ("<html><body>Nothing here</body></html>", "No docket was found in this page"),
    ],
)
def test_web_page_that_is_no_docket_is_named_for_what_it_is(page: str, message: str) -> None:
    with pytest.raises(DocketError, match=message):
        parse(page.encode(), "mdd")


def test_page_that_is_cut_off_is_refused_though_its_entries_can_be_read() -> None:
    page = samples.pacer_page()
    with pytest.raises(DocketError, match="line 8: The page is cut off"):
        parse(page[: page.index("</tbody></table></div></body>")].encode())


def test_without_juriscraper_a_page_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "juriscraper"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "juriscraper", None)
    with pytest.raises(DocketError, match=r"pip install 'casetracker\[pacer\]'"):
        parse(samples.DOCKET_PAGE.encode(), "mdd")
    assert pacer.MISSING


def test_formula_in_a_cell_leaves_its_docket_out_and_says_where_and_what_to_do() -> None:
    rows = 'mdd,1,2025-01-01,"=HYPERLINK(""x"")"\nmdd,2,2025-01-02,\'=1+1\nmdd,2,2025-01-03,-1 to 3'
    read = parse(HEAD.encode() + rows.encode())
    (docket,) = read.dockets
    assert (docket.number, [each.text for each in docket.entries]) == ("2", ["=1+1", "-1 to 3"])
    assert read.problems == (
        'line 2: text: “=HYPERLINK("x")” is a formula. Write what it comes to, or an apostrophe before it if these are '
        "the words.",
    )


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(DocketError):
        assert parse(data).dockets


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                ["docket_number", "docket_entries", "results", "next", "recap_documents", "party_types", "parties",
                 "attorneys", "docket", "date_filed", "originating_court_information", "panel", "format", "court"]
            ),
            inner,
            max_size=5,
        ),
        max_leaves=12,
    )
)  # fmt: skip
def test_any_json_is_read_or_refused(value: object) -> None:
    with contextlib.suppress(DocketError):
        assert parse(samples.as_bytes(value)).format
