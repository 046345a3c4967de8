"""Filters of lists that never draw more choices than are in use, and never fail on what an address asks for."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from casetracker import rights
from casetracker.models import Court, Event, Proceeding, Reference, State, present_courts

from .screens import case_asked_for

# A filter that is longer than this is no help; the search finds courts too.
MOST_CHOICES = 100


class InCourt(admin.SimpleListFilter):
    """By court, of which only those are offered that have a proceeding or an entry."""

    title = "court"
    parameter_name = "court"
    path = "court_id"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        asked = self.value() or ""
        if asked and "\x00" not in asked and asked not in {str(key) for key, _ in self.lookup_choices}:
            # A link from before two courts were merged leads to the one that stayed.
            self.used_parameters[self.parameter_name] = present_courts([asked]).get(asked, asked)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        # Whoever sees all rows is spared the question of each court whether it has one that they see.
        used = Court.objects.in_use()
        if rights.is_bound_to_own(request.user):
            used = used.filter(
                Exists(rights.seen(request.user, Proceeding.objects.all()).filter(court=OuterRef("pk")))
                | Exists(rights.seen(request.user, Event.objects.all()).filter(court=OuterRef("pk")))
            )
        return [(court.pk, court.short_name) for court in used[:MOST_CHOICES]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.path: self.value()}) if self.value() else queryset


class OfCase(admin.SimpleListFilter):
    """By case: not offered as a list, but followed when a link asks for it, and shown so that it can be taken away."""

    title = "case"
    parameter_name = "case"
    path = "case_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        case = case_asked_for(request.user, self.value() or "")
        if case is None:
            return []
        self.used_parameters[self.parameter_name] = str(case.pk)
        return [(str(case.pk), case.short_name)]

    def has_output(self) -> bool:
        return self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = {key for key, _ in self.lookup_choices}
        if not self.value():
            return queryset
        return queryset.filter(**{self.path: int(self.value() or 0)}) if self.value() in known else queryset.none()


class WithoutSource(admin.SimpleListFilter):
    """Entries behind which no source stands."""

    title = "sources"
    parameter_name = "sources"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", "Without a source"), ("some", "With a source")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        sourced = Exists(Reference.objects.filter(event=OuterRef("pk")))
        if self.value() == "none":
            return queryset.filter(~sourced)
        if self.value() == "some":
            return queryset.filter(sourced)
        return queryset


class Review(admin.SimpleListFilter):
    """What waits for a review, by who is asked."""

    title = gettext_lazy("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("mine", gettext_lazy("Waits for me")),
            ("nobodys", gettext_lazy("Asked of nobody")),
            ("others", gettext_lazy("Waits for others")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        waiting = queryset.filter(state=State.IN_REVIEW)
        if self.value() == "mine":
            return waiting.filter(reviewer=request.user.pk)
        if self.value() == "nobodys":
            return waiting.filter(reviewer__isnull=True)
        return (
            waiting.exclude(reviewer=request.user.pk).filter(reviewer__isnull=False)
            if self.value() == "others"
            else queryset
        )
