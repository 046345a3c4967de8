"""
A page as a browser reads it, for tests that ask what a reader sees.

Reading is strict: an element that is closed by another's end, a block inside a paragraph, or an id that is given twice
fails the test that fetched the page, whatever it was about.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

from django.http import HttpResponse, QueryDict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http.response import HttpResponseBase
    from django.test import Client

_VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}
_NOT_IN_A_PARAGRAPH = {
    "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "nav", "ol", "p", "section", "table", "ul",
}  # fmt: skip
_BLOCKS = _NOT_IN_A_PARAGRAPH | {"dd", "dt", "figcaption", "legend", "li", "summary", "td", "th", "tr"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.top = Element("document")
        self.open = [self.top]
        self.doctype = ""

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl.lower()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice on <{tag}>: {names}"
        if tag in _NOT_IN_A_PARAGRAPH:
            assert all(element.tag != "p" for element in self.open), f"<{tag}> inside a <p> at {self.getpos()}"
        element = SubElement(self.open[-1], tag, {name: value or "" for name, value in attrs})
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}> at {self.getpos()}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        parent = self.open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data


def words(element: Element | None) -> str:
    """The text of an element with single spaces, blocks apart from one another; empty for none."""

    def parts(inner: Element) -> Iterator[str]:
        apart = " " if inner.tag in _BLOCKS else ""
        yield apart
        yield inner.text or ""
        for child in inner:
            yield from parts(child)
            yield child.tail or ""
        yield apart

    return " ".join("".join(parts(element)).split()) if element is not None else ""


def has_class(element: Element, name: str) -> bool:
    return name in element.get("class", "").split()


class Page:
    """What a response shows. Raises AssertionError for HTML that a browser would have to mend."""

    def __init__(self, response: HttpResponseBase) -> None:
        assert isinstance(response, HttpResponse)
        self.response = response
        assert response["Content-Type"] == "text/html; charset=utf-8"
        reader = _Reader()
        reader.feed(response.content.decode("utf-8"))
        reader.close()
        assert reader.open == [reader.top], f"never closed: {[element.tag for element in reader.open[1:]]}"
        assert reader.doctype == "doctype html"
        self.top = reader.top
        ids = [element.attrib["id"] for element in self.top.iter() if "id" in element.attrib]
        assert len(ids) == len(set(ids)), f"ids given twice: {sorted({key for key in ids if ids.count(key) > 1})}"

    def all(self, tag: str = "*", **attributes: str) -> list[Element]:
        """
        Elements by tag and attributes, in order. `cls` asks for one of the classes; `_` in a name stands for `-`; `*`
        as a value asks that the attribute is there.
        """
        wanted = attributes.pop("cls", "")
        found = []
        for element in self.top.iter(None if tag == "*" else tag):
            if wanted and not has_class(element, wanted):
                continue
            if all(
                name.replace("_", "-") in element.attrib and value in ("*", element.attrib[name.replace("_", "-")])
                for name, value in attributes.items()
            ):
                found.append(element)
        return found

    def one(self, tag: str = "*", **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} times <{tag}> with {attributes}"
        return found[0]

    def maybe(self, tag: str = "*", **attributes: str) -> Element | None:
        found = self.all(tag, **attributes)
        assert len(found) <= 1, f"{len(found)} times <{tag}> with {attributes}"
        return found[0] if found else None

    def by_id(self, key: str) -> Element:
        return self.one(id=key)

    @property
    def title(self) -> str:
        return words(self.one("head").find("title"))

    @property
    def heading(self) -> str:
        """The one h1."""
        return words(self.one("h1"))

    @property
    def main(self) -> str:
        """All words of the main part."""
        return words(self.one("main"))

    @property
    def links(self) -> dict[str, str]:
        """Address of each link of the main part by its words; the first of several with the same words."""
        found: dict[str, str] = {}
        for element in self.one("main").iter("a"):
            found.setdefault(words(element), element.get("href", ""))
        return found

    @property
    def addresses(self) -> list[str]:
        return [element.attrib["href"] for element in self.top.iter("a")]

    @property
    def meta(self) -> dict[str, str]:
        """The contents of <meta>, by name or property."""
        return {
            (element.get("name") or element.get("property") or ""): element.get("content", "")
            for element in self.all("meta")
            if "content" in element.attrib
        }

    @property
    def canonical(self) -> str:
        return self.one("link", rel="canonical").attrib["href"]

    @property
    def is_indexed(self) -> bool:
        return "noindex" not in self.meta.get("robots", "")

    @property
    def entries(self) -> list[Element]:
        """The entries of the timeline, in order; headings of months between them are none."""
        return [element for element in self.by_id("timeline") if element.tag == "li" and "id" in element.attrib]

    @property
    def cases(self) -> list[str]:
        """The names of the cases of a list."""
        return [words(item.find(".//a")) for item in self.all("li", cls="case")]

    @property
    def chips(self) -> dict[str, str]:
        """The filters that are on, "Court: D. Md.", with the address without each."""
        return {
            words(link).removeprefix("Remove the filter ").removesuffix(" ×"): link.attrib["href"]
            for box in self.all("div", cls="chips")
            for link in box.iter("a")
            if not has_class(link, "clear")
        }

    def boxes(self, name: str) -> dict[str, bool]:
        """The boxes to tick of one filter: value, and whether it is ticked."""
        return {
            element.attrib["value"]: "checked" in element.attrib
            for element in self.all("input", type="checkbox", name=name)
        }

    def field_errors(self, key: str) -> list[str]:
        """What stands beside the field with this id, in the same box."""
        boxes = [
            box for box in self.top.iter() if has_class(box, "field") and any(e.get("id") == key for e in box.iter())
        ]
        assert boxes, f"no field {key}"
        # Of boxes within boxes the innermost.
        return [words(element) for element in boxes[-1].iter() if has_class(element, "error")]

    @property
    def problems(self) -> dict[str, str]:
        """The list of what could not be read: words of each line, and where its link leads."""
        return {
            words(item): link.attrib["href"]
            for box in self.all("div", cls="problem")
            for item in box.iter("li")
            if (link := item.find("a")) is not None
        }


def fetch(client: Client, path: str, data: Any = None, *, status: int = 200, **headers: str) -> Page:
    """The page at `path`, which must answer with `status`."""
    response = client.get(path, data, headers=headers or None)
    assert response.status_code == status, f"{response.status_code} for {path}: {response.get('Location', '')}"
    return Page(response)


def query_of(address: str) -> dict[str, list[str]]:
    """The parameters of an address."""
    return dict(QueryDict(urlsplit(address).query).lists())
