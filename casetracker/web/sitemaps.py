"""
The addresses that search engines may know: public cases, their entries, courts and judges. No pages of private
persons.
"""

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from ..models import Case, Court, Event, Judge, Party, PartyKind
from ..timeline import entry_path
from .prefixes import in_language, languages


class EveryLanguage(Sitemap):
    """
    Each page once in each language, with the others named beside it. Django's own way would read all rows for each
    part of the map, to multiply them.
    """

    limit = 50_000 // len(languages())  # a file of a map has at most 50,000 addresses

    def _urls(self, page: int, protocol: str, domain: str) -> list[dict[str, Any]]:
        host = f"{protocol}://{domain}"
        found = []
        for url in super()._urls(page, protocol, domain):  # type: ignore[misc]  # of Django, and not in its stubs
            path = url["location"].removeprefix(host)
            alternates = [{"lang_code": code, "location": host + in_language(path, code)} for code in languages()]
            alternates.append({"lang_code": "x-default", "location": alternates[0]["location"]})
            found += [{**url, "location": other["location"], "alternates": alternates} for other in alternates[:-1]]
        return found


class PageSitemap(EveryLanguage):
    def items(self) -> list[str]:
        return ["home", "cases", "courts", "rulings", "calendar", "about", "corrections", "glossary"]

    def location(self, item: str) -> str:
        return reverse(item)


class CaseSitemap(EveryLanguage):
    def items(self) -> QuerySet[Case]:
        return Case.objects.public().filter(is_invented=False).order_by("pk")

    def lastmod(self, item: Case) -> Any:
        return item.updated_at


class EntrySitemap(EveryLanguage):
    def items(self) -> Any:
        entries = Event.objects.public().filter(case__is_invented=False).order_by("pk")
        return entries.values_list("case__slug", "public_id", "updated_at")

    def location(self, item: Any) -> str:
        return entry_path(item[0], item[1])

    def lastmod(self, item: Any) -> Any:
        return item[2]


class CourtSitemap(EveryLanguage):
    def items(self) -> QuerySet[Court]:
        return Court.objects.in_use().public().order_by("pk")


class JudgeSitemap(EveryLanguage):
    def items(self) -> QuerySet[Judge]:
        return Judge.objects.public().order_by("pk")


class PartySitemap(EveryLanguage):
    def items(self) -> QuerySet[Party]:
        return Party.objects.public().exclude(kind=PartyKind.PRIVATE_PERSON).filter(is_minor=False).order_by("pk")


SITEMAPS = {
    "pages": PageSitemap,
    "cases": CaseSitemap,
    "entries": EntrySitemap,
    "courts": CourtSitemap,
    "judges": JudgeSitemap,
    "parties": PartySitemap,
}
