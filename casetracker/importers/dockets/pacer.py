"""
Web pages and JSON of the courts themselves: PACER's docket reports and the dockets of the Supreme Court, through
juriscraper, an optional part (`casetracker[pacer]`). It reads what is handed to it and asks no network.
"""

import contextlib
import logging
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

from . import juriscraper_json, which_court
from .records import Docket, DocketError

MISSING = (
    "Pages of PACER and of the Supreme Court are read by juriscraper, which is not installed. Install it with: "
    "pip install 'casetracker[pacer]'. Or save the docket from CourtListener as JSON."
)

_PAGE = re.compile(r"<(?:!doctype html|html|head|body|table|div|link|script|title|center|form)\b", re.I)
_SIGN_IN = re.compile(
    r"""type\s*=\s*["']?password|<title>[^<]*(?:log ?in|sign ?in|log on)|login\.jsf|pacer login|please log ?in""", re.I
)
_ERROR_PAGE = re.compile(
    r"<title>[^<]*(?:\b40[0-9]\b|\b50[0-9]\b|not found|error|unavailable|just a moment|access denied)", re.I
)
_SUPREME_TITLE = re.compile(r"<title>[^<]*(?:docket for|search results)", re.I)
_BEGINS = re.compile(r"<(?:html|body)\b", re.I)
_ENDS = re.compile(r"</(?:html|body)\s*>", re.I)
_APPELLATE = re.compile(r"(?:ca\d{1,2}|cadc|cafc)")


class _NotFoundError(Exception):
    """The page holds no docket of the kind that was looked for."""


def is_supreme(value: Any) -> bool:
    """Whether a parsed JSON is a docket as supremecourt.gov serves it."""
    return isinstance(value, Mapping) and "ProceedingsandOrder" in value


def is_page(text: str) -> bool:
    """Whether a text is a web page."""
    return (
        re.search(r"<(?:!doctype html|html|head|body|table|div|link|script|title|center|form)\b", text[:5000], re.I)
        is not None
    )


def read_page(text: str, court: str) -> Docket:
    """
    The docket of a saved web page. `court` is needed where a page of PACER does not tell its own. Raises `DocketError`,
    also for a page of another court.
    """
    docket = _read_page(text, court)
    # Half a page reads well, and its last entry ends where the file does.
    if _is_cut_off(text):
        raise DocketError("The page is cut off: it has no end. Save it again.", f"line {len(text.splitlines())}")
    return docket


def _read_page(text: str, court: str) -> Docket:
    try:
        if court == "scotus" or "supremecourt.gov" in text or _SUPREME_TITLE.search(text):
            return _supreme_page(text)
        key = which_court.said_in(text) or court
        # Any court will do to find out whether it is a docket at all.
        docket = _of(_pacer_data(text, key or "dcd"), key)
    except _NotFoundError as error:
        raise DocketError(_what_it_is_instead(text)) from error
    if not key:
        raise DocketError("This page does not say which court it is of. Name it: --court mdd, or mdd in the box Court.")
    return docket


def _what_it_is_instead(text: str) -> str:
    if _SIGN_IN.search(text[:200_000]):
        return "This is a page to sign in at, not a docket. Sign in there and save the docket itself."
    if _ERROR_PAGE.search(text[:20_000]):
        return "This is an error page of the court's server, not a docket. Save the docket again."
    if _is_cut_off(text):
        return "The page is cut off: it has no end. Save it again."
    return "No docket was found in this page. Save the report of one docket, with its entries."


def _is_cut_off(text: str) -> bool:
    return _BEGINS.search(text[:5000]) is not None and _ENDS.search(text[-5000:]) is None


def read_supreme_json(text: str) -> Docket:
    """The docket as supremecourt.gov serves it in JSON. Raises `DocketError`."""
    with _juriscraper():
        from juriscraper.scotus import SCOTUSDocketReport

        try:
            return _of(_parsed(SCOTUSDocketReport(), text), "scotus")
        except _NotFoundError as error:
            raise DocketError("This JSON of the Supreme Court cannot be read as a docket. Save it again.") from error


def _pacer_data(text: str, court: str) -> Any:
    with _juriscraper():
        from juriscraper.pacer import ACMSDocketReport, AppellateDocketReport, DocketReport

        if not _APPELLATE.fullmatch(court):
            return _parsed(DocketReport(court), text)
        data = _parsed(AppellateDocketReport(court), text)
        return data if data or "caseDetails" not in text else _parsed(ACMSDocketReport(court), text)


def _supreme_page(text: str) -> Docket:
    with _juriscraper():
        from juriscraper.scotus import SCOTUSDocketReportHTM, SCOTUSDocketReportHTML

        for kind in (SCOTUSDocketReportHTML, SCOTUSDocketReportHTM):
            with contextlib.suppress(_NotFoundError):
                data = _parsed(kind(), text)
                if data and data.get("docket_number") and data.get("docket_entries"):
                    return _of(data, "scotus")
    raise _NotFoundError


def _parsed(report: Any, text: str) -> Any:
    try:
        report._parse_text(text)
        # Before `.metadata`, which fails on pages that are no docket.
        return report.data
    # Whatever the reader fails on, it is this page, which others wrote.
    except Exception as error:
        raise _NotFoundError from error


def _of(data: Any, court: str) -> Docket:
    plain = data.model_dump(mode="json") if hasattr(data, "model_dump") else data
    if not plain or not plain.get("docket_number"):
        raise _NotFoundError
    return juriscraper_json.read(plain, court)


@contextlib.contextmanager
def _juriscraper() -> Iterator[None]:
    """Where juriscraper may be imported, without a log of its own; where there is none `DocketError` says so."""
    os.environ.setdefault("JURISCRAPER_LOG", os.devnull)
    try:
        import juriscraper.lib.log_tools

        # It tells its log of each reader that a page is not for.
        juriscraper.lib.log_tools.make_default_logger().setLevel(logging.CRITICAL)
        yield
    except ModuleNotFoundError as error:
        raise DocketError(MISSING) from error
