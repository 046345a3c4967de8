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


class PageSitemap(Sitemap):
    def items(self) -> list[str]:
        return ["home", "cases", "courts", "rulings", "calendar", "about", "corrections", "glossary"]

    def location(self, item: str) -> str:
        return reverse(item)


class CaseSitemap(Sitemap):
    def items(self) -> QuerySet[Case]:
        return Case.objects.public().filter(is_invented=False).order_by("pk")

    def lastmod(self, item: Case) -> Any:
        return item.updated_at


class EntrySitemap(Sitemap):
    def items(self) -> Any:
        entries = Event.objects.public().filter(case__is_invented=False).order_by("pk")
        return entries.values_list("case__slug", "public_id", "updated_at")

    def location(self, item: Any) -> str:
        return entry_path(item[0], item[1])

    def lastmod(self, item: Any) -> Any:
        return item[2]


class CourtSitemap(Sitemap):
    def items(self) -> QuerySet[Court]:
        return Court.objects.in_use().public().order_by("pk")


class JudgeSitemap(Sitemap):
    def items(self) -> QuerySet[Judge]:
        return Judge.objects.public().order_by("pk")


class PartySitemap(Sitemap):
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
