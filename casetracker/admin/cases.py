"""Cases: the screen from which an editor works, with proceedings, parties and the timeline in order."""

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from casetracker import rights
from casetracker.models import (
    Case,
    CaseTopic,
    DocketNumber,
    Event,
    FormerSlug,
    Kind,
    Party,
    PartyRole,
    Proceeding,
    RelatedCase,
    Topic,
)
from casetracker.models.courts import ACCENTS
from casetracker.models.proceedings import NUMBER_ORDER

from . import findings, importing
from .base import DeskAdmin
from .case_timeline import part
from .docket_gaps import Docket
from .fields import keys_in
from .filters import InCourt, Review
from .forms import SlugForm
from .inlines import FormerRows
from .joining import compare_what_is_chosen
from .moments import day_in_words
from .publishing import PublishableAdmin
from .screens import case_that_stayed
from .searching import proceedings_numbered
from .sources import CaseSourceRows
from .timeline_acts import ORDER, SCREENS, TimelineActsMixin


class FormerSlugRows(FormerRows):
    model = FormerSlug
    fk_name = "case"
    verbose_name_plural = "former addresses"
    fields = ["slug", "known"]
    readonly_fields = ["slug", "known"]


class CaseForm(SlugForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "short_name" in self.fields:
            self.fields["short_name"].required = False
            self.fields["short_name"].help_text += " Leave it empty and it is the name."

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        data = self.cleaned_data
        if not data.get("short_name") and "short_name" not in self.errors and data.get("name"):
            data["short_name"] = data["name"][:100].strip()
        return cleaned


class CaseInCourt(InCourt):
    """Cases with a proceeding or an entry in the court."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        proceedings, entries = (
            rights.seen(request.user, model.objects.all()).filter(court=self.value()).order_by().values("case")
            for model in (Proceeding, Event)
        )
        return queryset.filter(pk__in=proceedings.union(entries))


class OnTopic(admin.SimpleListFilter):
    title = "topic"
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(rights.seen(request.user, Topic.objects.all()).values_list("slug", "name")[:100])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        return queryset.filter(Exists(CaseTopic.objects.filter(case=OuterRef("pk"), topic__slug=self.value())))


@admin.register(Case)
class CaseAdmin(TimelineActsMixin, PublishableAdmin):
    form = CaseForm
    actions = ["publish_selected", compare_what_is_chosen]
    list_display = ["name", "short_name", "status", "checked", "state_column"]
    list_select_related = ["reviewer"]
    list_filter = ["status", "state", Review, OnTopic, CaseInCourt, "is_invented"]
    search_fields = searched = ("name", "short_name", "slug")
    search_help_text = "By name, or by docket number in any spelling."
    ordering = ["sort_key", "pk"]
    inlines = [CaseSourceRows]
    fieldsets = [
        (None, {"fields": ["name", ("short_name", "status"), "summary", "note", ("topics", "related"), "checked_on"]}),
        ("Address of the page, invented example", {"fields": ["slug", "is_invented"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With `on_site`, so that a screen of many queries asks it with the row."""
        on_site = Exists(Case.objects.public().filter(pk=OuterRef("pk")))
        return super().get_queryset(request).annotate(on_site=on_site)

    def is_on_site(self, row: Any) -> bool:
        return bool(row.on_site) if hasattr(row, "on_site") else super().is_on_site(row)

    @admin.display(description="Last checked on", ordering="checked_on")
    def checked(self, case: Case) -> str | None:
        return day_in_words(case.checked_on)

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        numbered = proceedings_numbered(text.strip())
        if numbered:
            return rows.filter(pk__in=Proceeding.objects.filter(pk__in=numbered).values("case"))
        return super().search(rows, text)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is None or obj.pk is None else [*self.inlines, FormerSlugRows]

    def rows_in_history(self) -> list[Any]:
        more = [(FormerSlug, "case"), (CaseTopic, "case"), (RelatedCase, "from_case")]
        return [*super().rows_in_history(), *more]

    def open_points(self, request: HttpRequest, row: Case, *, is_here: bool) -> list[findings.Line]:
        # What is counted among entries of others tells of them.
        if not (self.has_change_permission(request, row) and rights.sees_all_of(request.user, row)):
            return []
        return findings.of_case(row, is_here=is_here, has_lists=not rights.is_bound_to_own(request.user))

    def release(self, row: Case) -> findings.Release:
        return findings.release(row, on=timezone.now().date())

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """From the screens of a case that was merged into another to the screen of that one."""
        keys = keys_in([unquote(object_id)], Case)
        stayed = case_that_stayed(request.user, keys[0]) if keys and request.method == "GET" else None
        if stayed is None or not self.has_view_or_change_permission(request, stayed):
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        self.message_user(request, _("The case that was asked for was merged into this one."), messages.INFO)
        return HttpResponseRedirect(self.address(stayed))

    def home_of(self, row: Case) -> str:
        return self.address(row)

    def home_without(self, row: Case) -> str:
        return ""

    # --- the screen ------------------------------------------------------------------------------------------------

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        if obj is not None and obj.pk is not None:
            timeline = part(
                obj, seen=rights.seen(request.user, Event.objects.all()), around=request.GET.get("around", "")
            )
            context |= {
                "timeline": timeline,
                "proceedings": _proceedings(obj, request, timeline.dockets),
                "timeline_acts": self._timeline_acts(obj, request),
                "order_address": reverse("admin:casetracker_case_timeline", args=[obj.pk, ORDER]),
                "case_parties": _parties(obj),
                "drafts": timeline.drafts,
                "drafts_url": f"{reverse('admin:casetracker_event_changelist')}?case={obj.pk}&state__exact=draft",
                "adds": [
                    *((label, _add("event", case=obj.pk, kind=kind)) for kind, label in _adds(request)),
                    *([(_("Import a docket"), importing.address(obj))] if rights.may_import(request.user) else []),
                ],
                "may_add_entries": _may_add(request, "event"),
                "add_proceeding": _add("proceeding", case=obj.pk) if _may_add(request, "proceeding") else "",
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _timeline_acts(self, case: Case, request: HttpRequest) -> list[tuple[str, str]]:
        """The buttons for entries that are chosen on the timeline, with the address of each."""
        may_change = any(request.user.has_perm(f"casetracker.change_{model}") for model in ("event", "ruling"))
        if not may_change or not self.has_change_permission(request, case):
            return []
        return [
            (str(SCREENS[name].short), reverse("admin:casetracker_case_timeline", args=[case.pk, name]))
            for name in ("merge", "move", "change")
            if SCREENS[name].is_allowed(request.user)
        ]


_ADDS = [
    (Kind.RULING, "Add ruling"),
    (Kind.FILING, "Add filing"),
    (Kind.HEARING, "Add hearing"),
    (Kind.EVENT, "Add event"),
]


def _may_add(request: HttpRequest, model: str) -> bool:
    return request.user.has_perm(f"casetracker.add_{model}")


def _adds(request: HttpRequest) -> list[tuple[Kind, str]]:
    """The kinds of entry that the editor may add."""
    return [(kind, label) for kind, label in _ADDS if _may_add(request, "ruling" if kind == Kind.RULING else "event")]


def _add(model: str, **presets: Any) -> str:
    if presets.get("kind") == Kind.RULING:
        model = "ruling"
        del presets["kind"]
    return f"{reverse(f'admin:casetracker_{model}_add')}?{urlencode(presets)}"


def _proceedings(case: Case, request: HttpRequest, dockets: dict[int, Docket]) -> list[dict[str, Any]]:
    numbers = DocketNumber.objects.filter(proceeding=OuterRef("pk")).order_by(*NUMBER_ORDER).values("number")
    rows = Proceeding.objects.filter(case=case).select_related("court").annotate(numbers_written=ArraySubquery(numbers))
    return [
        {
            "caption": row.caption,
            "about": row.about,
            "court": row.court.short_name,
            "accent": ACCENTS.get(row.court.level, "trial"),
            "numbers": ", ".join(row.numbers_written),
            "entries": dockets[row.pk].in_words if row.pk in dockets else "",
            "url": reverse("admin:casetracker_proceeding_change", args=[row.pk]),
            "adds": [
                (label, _add("event", proceeding=row.pk, kind=kind))
                for kind, label in _adds(request)
                if kind != Kind.EVENT
            ],
        }
        for row in rows
    ]


def _parties(case: Case) -> list[dict[str, Any]]:
    """Each party once, with what it is in which court."""
    roles = (
        PartyRole.objects.filter(proceeding__case=case)
        .select_related("party", "proceeding__court")
        .order_by("proceeding__display_order", "proceeding", "display_order", "pk")
    )
    found: dict[Party, list[str]] = defaultdict(list)
    for role in roles:
        found[role.party].append(f"{role.get_role_display().lower()}, {role.proceeding.court.short_name}")
    return [
        {
            "name": party.name,
            "roles": "; ".join(dict.fromkeys(texts)),
            "url": reverse("admin:casetracker_party_change", args=[party.pk]),
        }
        for party, texts in found.items()
    ]


class UsedTopic(admin.SimpleListFilter):
    title = "use"
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Of a case"), ("no", "Of no case")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        used = Exists(CaseTopic.objects.filter(topic=OuterRef("pk")))
        if self.value() == "yes":
            return queryset.filter(used)
        return queryset.filter(~used) if self.value() == "no" else queryset


@admin.register(Topic)
class TopicAdmin(DeskAdmin):
    form = SlugForm
    list_display = ["name", "slug"]
    list_filter = [UsedTopic]
    search_fields = ["name", "slug"]
    ordering = ["name", "pk"]
