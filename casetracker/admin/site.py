"""The desk as a site: who is admitted, its first page, its menu, and the look-ups of its forms."""

from functools import update_wrapper
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import PasswordChangeView
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from casetracker import history, rights
from casetracker.models import Case, Event, Provision, State

from ..accounts import second_factor
from . import (
    apart,
    deleting,
    handbook,
    importing,
    joining,
    one_time_links,
    open_forms,
    redacting,
    signing_in,
    typed,
    work,
)
from .fields import keys_in
from .labels import label, with_labels
from .refusals import in_words
from .searching import nearest_first
from .signing_in_forms import DeskPasswordChangeForm, SignInForm

# The lists in the order in which an editor thinks; models by their lower-case names.
GROUPS: list[tuple[str, list[str]]] = [
    ("Cases and what happened in them", ["case", "ruling", "event", "proceeding", "transfer"]),
    ("What was said, and what it rests on", ["statement", "source", "document", "correction"]),
    ("Courts and people", ["court", "judge", "party", "attorney", "topic"]),
    ("Accounts", ["user", "group"]),
]
MENU = ["case", "ruling", "event", "proceeding", "court", "party", "judge", "source"]


class DeskAutocomplete(AutocompleteJsonView):
    """
    Look-ups that know where they are asked from: `case` puts entries and proceedings of that case first, and `ruling`
    leaves only the provisions of that ruling.
    """

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        asked = self.request.GET
        if issubclass(rows.model, Provision):
            rulings = keys_in([asked.get("ruling", "")], Event)
            rows = rows.filter(ruling__in=rulings) if rulings else rows
        cases = keys_in([asked.get("case", "")], Case)
        return with_labels(nearest_first(rows, case=cases[0] if cases else None, text=self.term))

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        return {"id": str(getattr(obj, to_field_name)), "text": label(obj)}


@admin.action(description="Delete what is chosen", permissions=["delete"])
def delete_what_is_chosen(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
    """Django's own deletion with its page of consequences, after a look at what must stay."""
    for row in queryset[:1_000]:
        refusal = modeladmin.kept_because(row)
        if refusal:
            modeladmin.message_user(request, f"{refusal} Nothing was deleted.", messages.ERROR)
            return None
    try:
        with transaction.atomic():
            told = deleting.look(request, queryset.all())
            response = delete_selected(modeladmin, request, queryset)
            if isinstance(response, TemplateResponse):
                response.context_data = {**(response.context_data or {}), **told}
            return response
    except IntegrityError as error:
        modeladmin.message_user(request, f"{in_words(error)} Nothing was deleted.", messages.ERROR)
        return None


class DeskSite(admin.AdminSite):
    site_header = "Casetracker"
    site_title = "Casetracker desk"
    index_title = "Desk"
    site_url = "/"
    enable_nav_sidebar = False
    empty_value_display = "–"
    login_form = SignInForm

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")
        self.add_action(delete_what_is_chosen, "delete_selected")

    # --- who is admitted -----------------------------------------------------------------------------------------

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff who have given a second factor: for every address of the desk but those of signing in."""
        return super().has_permission(request) and second_factor.is_settled(request.user, request.session)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if self.has_permission(request):
                if typed.is_anothers(request):
                    # Somebody else signed in meanwhile in the same browser: nothing is done under their name.
                    page = typed.page_after_refusal(request, self)
                    if page is None:
                        raise PermissionDenied
                    return page
                return guarded(request, *args, **kwargs)
            # What was typed during a session that has ended is not thrown away.
            page = typed.page_after_refusal(request, self)
            if page is None and signing_in.is_half_signed_in(request):
                return redirect(reverse("admin:second_factor", query={"next": request.get_full_path()}))
            return page or guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    def get_urls(self) -> list[Any]:
        page = self.admin_view
        return [
            # Open to whoever has not signed in, or not wholly: each looks for itself who it is.
            path("logout/", self.logout, name="logout"),
            path("second-factor/", signing_in.SecondFactorView.as_view(), name="second_factor"),
            path("second-factor/set-up/", signing_in.SetUpView.as_view(), name="second_factor_setup"),
            path("password-reset/", one_time_links.ResetRequestView.as_view(), name="password_reset"),
            path("password-reset/sent/", one_time_links.ResetSentView.as_view(), name="password_reset_sent"),
            path(
                "password-reset/<slug:uidb64>/<slug:token>/",
                one_time_links.ChooseView.as_view(),
                name="password_reset_choose",
            ),
            path("invitation/<slug:uidb64>/<slug:token>/", one_time_links.InvitationView.as_view(), name="invitation"),
            # For who is admitted.
            path("account/", page(signing_in.AccountView.as_view()), name="account"),
            path("account/recovery-codes/", page(signing_in.RecoveryCodesView.as_view()), name="recovery_codes"),
            path("open-forms/", page(self.open_forms_view), name="open_forms"),
            path("handbook/", page(self.handbook_view), name="handbook"),
            path("work/", page(self.work_view), name="quality"),
            path("work/not-the-same/", page(self.told_apart_view), name="told_apart"),
            path("joining/<slug:kind>/", page(self.joining_view), name="joining"),
            path("work/<slug:name>/", page(self.work_view), name="quality_list"),
            path("redactions/", page(self.redactions_view), name="redactions"),
            path("redactions/words/", page(self.redact_words_view), name="redact_words"),
            path("redactions/<slug:kind>/<int:key>/", page(self.redact_row_view), name="redact_row"),
            path("import/", page(self.imports_view), name="imports"),
            path("import/<int:key>/", page(self.import_view), name="import"),
            path("r/<path:content_type_id>/<path:object_id>/", page(self.public_page_view), name="view_on_site"),
            *super().get_urls(),
        ]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "GET" and signing_in.is_half_signed_in(request):
            return redirect(reverse("admin:second_factor", query={"next": request.GET.get("next", "")}))
        waits = request.POST.get(typed.WAITS, "")
        if waits:
            extra_context = {**(extra_context or {}), "waits": waits, "waits_name": typed.WAITS}
        response = signing_in.with_wait(super().login(request, extra_context))
        if not waits or response.status_code != 302:
            return response
        # What waits stands in the page itself, so the next page is an answer and no address to go to.
        if signing_in.is_half_signed_in(request):
            return signing_in.ask_on(request)
        return typed.page_after_sign_in(request) or response

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        response: Any = PasswordChangeView.as_view(
            form_class=DeskPasswordChangeForm,
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)
        return signing_in.with_wait(response)

    # --- its pages -----------------------------------------------------------------------------------------------

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        context["given_to"] = typed.given_to(request) if request.user.is_authenticated else ""
        context["handbook"] = handbook.address_for(request)
        groups = context["available_apps"]
        lists = {model["object_name"].lower(): model for group in groups for model in group["models"]}
        context["menu"] = [
            {
                "name": lists[name]["name"],
                "url": lists[name]["admin_url"],
                "is_current": request.path.startswith(lists[name]["admin_url"]),
            }
            for name in MENU
            if name in lists and lists[name]["admin_url"]
        ]
        return context

    def open_forms_view(self, request: HttpRequest) -> HttpResponse:
        return open_forms.answer(self, request)

    def handbook_view(self, request: HttpRequest) -> HttpResponse:
        return handbook.page(request, self)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Groups of an editor's making in place of applications; the page of one application stays as it is."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        lists = {model["object_name"].lower(): model for app in apps for model in app["models"]}
        groups = []
        for heading, names in GROUPS:
            models = [lists.pop(name) for name in names if name in lists]
            if models:
                groups.append(_group(heading, models))
        if lists:
            groups.append(_group("More", list(lists.values())))
        return groups

    def work_view(self, request: HttpRequest, name: str = "") -> HttpResponse:
        """What needs work: all kinds of it, or the list of one. It tells of all cases, and so not to everybody."""
        if rights.is_bound_to_own(request.user):
            raise PermissionDenied
        return work.listing(request, self, name) if name else work.desk(request, self)

    def told_apart_view(self, request: HttpRequest) -> HttpResponse:
        return apart.listing(request, self)

    def joining_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        return joining.page(request, self, kind)

    def redactions_view(self, request: HttpRequest) -> HttpResponse:
        return redacting.listing(request, self)

    def redact_words_view(self, request: HttpRequest) -> HttpResponse:
        return redacting.words(request, self)

    def redact_row_view(self, request: HttpRequest, kind: str, key: int) -> HttpResponse:
        return redacting.row(request, self, kind, key)

    def public_page_view(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        """To the public page of any row that whoever asks sees; Django's own tells the address of all."""
        kind = ContentType.objects.filter(pk__in=keys_in([content_type_id], ContentType)).first()
        screen = self._registry.get(kind.model_class()) if kind is not None else None  # type: ignore[arg-type]  # no model, no screen
        row = screen.get_object(request, object_id) if screen is not None else None
        if screen is None or row is None or not screen.has_view_or_change_permission(request, row):
            raise Http404("There is no such row.")
        address = screen.get_view_on_site_url(row)
        if not address:
            raise Http404("It has no public page.")
        return redirect(address)

    def imports_view(self, request: HttpRequest) -> HttpResponse:
        return importing.listing(request, self)

    def import_view(self, request: HttpRequest, key: int) -> HttpResponse:
        return importing.one(request, self, key)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        view: HttpResponse = DeskAutocomplete.as_view(admin_site=self)(request)  # type: ignore[assignment]  # as_view says no more than HttpResponseBase
        return view

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        context = extra_context or {}
        user = request.user
        if user.has_perm("casetracker.view_case"):
            cases, entries = rights.seen(user, Case.objects.all()), rights.seen(user, Event.objects.all())
            context |= {
                "waiting": _waiting(user),
                "own_drafts": _own_drafts(user),
                "work": (
                    reverse("admin:quality")
                    if user.has_perm("casetracker.view_event") and not rights.is_bound_to_own(user)
                    else ""
                ),
                "imports": importing.address() if rights.may_import(user) else "",
                "redactions": reverse("admin:redactions") if rights.may_redact(user) else "",
                "recent": history.recent({Case: cases, Event: entries}),
                "open_cases": cases.order_by("-updated_at", "-pk")[:8],
                "in_review": entries.filter(_asked_of_others(user), state=State.IN_REVIEW)
                .in_order()
                .select_related("court", "case", "reviewer")[:8],
                "cases_in_review": cases.filter(_asked_of_others(user), state=State.IN_REVIEW).select_related(
                    "reviewer"
                )[:8],
                "case_add": reverse("admin:casetracker_case_add") if user.has_perm("casetracker.add_case") else "",
                "ruling_add": (
                    reverse("admin:casetracker_ruling_add") if user.has_perm("casetracker.add_ruling") else ""
                ),
            }
        return super().index(request, context)


def _group(heading: str, models: list[Any]) -> dict[str, Any]:
    return {"name": heading, "app_label": "", "app_url": "", "has_module_perms": True, "models": models}


# So many of what waits for somebody stand on the first page.
_MOST_WAITING = 20


def _asked_of_others(user: Any) -> Q:
    """The condition that the review is asked of somebody else, or of nobody."""
    return Q(reviewer__isnull=True) | ~Q(reviewer=user.pk)


def _waiting(user: Any) -> list[Any]:
    """Cases and entries whose review is asked of `user`."""
    cases = rights.seen(user, Case.objects.filter(state=State.IN_REVIEW, reviewer=user.pk))[:_MOST_WAITING]
    entries = rights.seen(user, Event.objects.filter(state=State.IN_REVIEW, reviewer=user.pk)).in_order()
    return [*cases, *entries.select_related("court", "case")[:_MOST_WAITING]]


def _own_drafts(user: Any) -> list[Any]:
    """Drafts that `user` made, the newest first."""
    cases = Case.objects.filter(state=State.DRAFT, created_by=user.pk).order_by("-pk")[:8]
    entries = rights.seen(user, Event.objects.filter(state=State.DRAFT, created_by=user.pk)).order_by("-pk")
    return [*cases, *entries.select_related("court", "case")[:8]]
