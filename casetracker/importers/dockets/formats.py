"""Which format a file is, and what it holds: the one place that hands bytes to a reader. No database."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from . import courtlistener, juriscraper_json, own_json, pacer, recap_xml, spreadsheets, workbooks
from .encoding import check, text_of
from .records import Docket, DocketError
from .values import json_of
from .which_court import court_key

# What the source of an entry is called, by the reader that read it.
LABELS = {
    "casetracker": "a Casetracker file",
    "courtlistener": "CourtListener",
    "csv": "a spreadsheet",
    "juriscraper": "PACER (read by juriscraper)",
    "pacer": "PACER",
    "recap": "RECAP",
    "supreme": "supremecourt.gov",
}
NO_NUMBER = "The docket has no number. Write it into the file, or save the docket again."


@dataclass(frozen=True, slots=True)
class Read:
    """
    What one file holds. `format` is a key of `LABELS`; `problems` say which dockets of several were left out and why.
    """

    format: str
    dockets: tuple[Docket, ...]
    problems: tuple[str, ...] = ()


def parse(data: bytes, court: str = "") -> Read:
    """
    Read one file, whatever its format. `court` is the key of the court, for files that do not say it. A docket that
    cannot be used, as one without a number or of another court than `court`, is left out and told. Raises `DocketError`
    where nothing can be used.
    """
    problems: list[str] = []
    if workbooks.is_one(data):
        return _checked(Read("csv", tuple(workbooks.read(data, court, problems))), court, problems)
    check(data)
    text = text_of(data)
    beginning = text.lstrip()
    if recap_xml.is_one(text):
        found = Read("recap", (recap_xml.read(data, court),))
    elif beginning[:1] in "{[":
        found = _of_json(json_of(text), text, court, problems)
    elif pacer.is_page(text):
        docket = pacer.read_page(text, court)
        found = Read("supreme" if docket.court == "scotus" else "pacer", (docket,))
    elif spreadsheets.is_one(text):
        found = Read("csv", tuple(spreadsheets.read(text, court, problems)))
    elif "<rss" in beginning[:500]:
        raise DocketError(
            "This is a news feed (RSS) of a court: it has no texts of entries. Save the report of the docket itself."
        )
    elif beginning.startswith("<"):
        raise DocketError("This is XML, and no docket of RECAP. Give docket.xml, or save the docket as JSON.")
    else:
        raise DocketError(
            "No format that is read here was recognised: a saved page of PACER, JSON of CourtListener, docket.xml of "
            f"RECAP, or a spreadsheet with the columns {', '.join(spreadsheets.COLUMNS)}. Save the docket as one of "
            "these."
        )
    return _checked(found, court, problems)


def _checked(found: Read, court: str, problems: list[str]) -> Read:
    usable = []
    for docket in found.dockets:
        try:
            _check(docket, court)
        except DocketError as error:
            name = docket.number or docket.name
            problems.append(f"{name}: {error}" if len(found.dockets) > 1 and name else str(error))
        else:
            usable.append(docket)
    if not usable and problems:
        raise DocketError(problems[0] if len(problems) == 1 else f"{problems[0]} And {len(problems) - 1} more like it.")
    return Read(found.format, tuple(usable), tuple(problems))


def _of_json(value: Any, text: str, court: str, problems: list[str]) -> Read:
    if isinstance(value, list):
        if not value:
            raise DocketError("The list is empty. Save the docket again, with its entries.")
        parts = [_of_json(each, text, court, problems) for each in value]
        return Read(parts[0].format, tuple(courtlistener.joined(each for part in parts for each in part.dockets)))
    if own_json.is_one(value):
        return Read("casetracker", tuple(own_json.read(value, court, problems)))
    if pacer.is_supreme(value):
        return Read("supreme", (pacer.read_supreme_json(text),))
    if courtlistener.is_one(value):
        return Read("courtlistener", tuple(courtlistener.read(value, court)))
    if juriscraper_json.is_one(value):
        docket = juriscraper_json.read(value, court)
        return Read("supreme" if docket.court == "scotus" else "juriscraper", (docket,))
    if isinstance(value, dict) and "detail" in value:
        said = str(value["detail"])[:120]
        raise DocketError(f"The server answered with an error: {said} Save the page once it answers with the docket.")
    raise DocketError(
        "This JSON is no docket that is read here. Save one of CourtListener, of juriscraper, or of export_case."
    )


def _check(docket: Docket, court: str) -> None:
    # A page of CourtListener's entries says neither; its docket is given beside it, or known already.
    if docket.is_part and docket.courtlistener and not docket.number:
        return
    if not docket.number:
        raise DocketError(NO_NUMBER)
    if not docket.court:
        raise DocketError(
            "The file does not say which court the docket is of. Name it: --court mdd, or mdd in the box Court."
        )
    if court and court_key(docket.court) != court_key(court):
        raise DocketError(
            f"The docket is of the court {docket.court}, and {court} was named. Name none or the right one, or give "
            "another file."
        )


def together(files: Iterable[Read]) -> list[Read]:
    """The same dockets, the pages of one docket of CourtListener put together."""
    pages: list[Docket] = []
    found = []
    for each in files:
        if each.format == "courtlistener":
            pages += each.dockets
        else:
            found.append(each)
    return [*found, *(Read("courtlistener", (docket,)) for docket in courtlistener.joined(pages))]


@dataclass(frozen=True, slots=True)
class Found:
    """A docket with the names of the files that it was read from, and its format."""

    files: tuple[str, ...]
    format: str
    docket: Docket


def read_all(files: Iterable[tuple[str, Callable[[], bytes]]], court: str, problems: list[str]) -> list[Found]:
    """
    The dockets of all files; pages of one docket of CourtListener are put together. A file is its name and what reads
    it. Why one was refused is added to `problems`, and the others are read.
    """
    return list(each_of(((name, partial(parse_from, data, court)) for name, data in files), problems))


def parse_from(data: Callable[[], bytes], court: str) -> Read:
    """As `parse`, of bytes that are read now."""
    return parse(data(), court)


def each_of(files: Iterable[tuple[str, Callable[[], Read]]], problems: list[str]) -> Iterator[Found]:
    """
    As `read_all`, one after the other, so that no more than one file lies in memory; of CourtListener all, at the end.
    A file is its name and what parses it.
    """
    pages: list[Read] = []
    names: dict[str, list[str]] = {}
    for name, parsed in files:
        try:
            read = parsed()
        except DocketError as error:
            problems.append(f"{name}: {error}")
            continue
        problems += [f"{name}: {problem}" for problem in read.problems]
        if read.format == "courtlistener":
            pages.append(read)
            for docket in read.dockets:
                names.setdefault(docket.courtlistener, []).append(name)
        else:
            yield from (Found((name,), read.format, docket) for docket in read.dockets)
    for page in together(pages):
        yield from (
            Found(tuple(dict.fromkeys(names[docket.courtlistener])), page.format, docket) for docket in page.dockets
        )
