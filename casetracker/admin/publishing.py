"""
The acts of publication on the desk: each is asked for on a page of its own and done by a POST, with the editor's name.

The state itself is shown everywhere and is nowhere a field. What is allowed is decided in `casetracker.publication`.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casetracker import history, publication, quality, rights
from casetracker.models import Case, Event, State

from . import findings, moments, redacting, typed
from .acts import ACTS, ENTRIES, PUBLISH, RESTORE, REVIEW, Act, ActForm, acts_for, acts_from, may, perform, state_badge
from .base import DeskAdmin
from .undoing import correction_address

# More rows than an editor looks through before publishing them at once.
MOST_AT_ONCE = 200


class PublishableAdmin(DeskAdmin):
    """Screens of cases and of entries: their state, the acts that change it, and saving with publishing."""

    actions = ["publish_selected"]

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_publication"
        view = self.admin_site.admin_view(self.publication_view)
        return [path("<path:object_id>/publication/<slug:act_name>/", view, name=name), *super().get_urls()]

    def may_publish(self, request: HttpRequest, row: Model | None = None) -> bool:
        """Whether there is a publishing of this row, or of rows like it, by whoever asks."""
        return rights.may_publish(request.user, row if row is not None else self.model())

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return self.may_publish(request)

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_column(self, row: Any) -> str:
        """The state, and in review of whom the review is asked."""
        if row.state == State.IN_REVIEW and row.reviewer is not None:
            return format_html("{} {}", state_badge(row), row.reviewer.get_username())
        return state_badge(row)

    # --- acts ----------------------------------------------------------------------------------------------------

    def publication_view(self, request: HttpRequest, object_id: str, act_name: str) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        act = ACTS.get(act_name)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if act is None:
            raise Http404("There is no such act.")
        if not may(request.user, act, row):
            raise PermissionDenied
        if act not in acts_from(row):
            state = "embargoed" if row.is_embargoed else row.get_state_display().lower()
            message = f"What is {state} has no step “{str(act.label).lower()}”."
            self.message_user(request, message, messages.ERROR)
            return HttpResponseRedirect(self.address(row))
        release = self.release(row) if act in {PUBLISH, ENTRIES} else None
        form = ActForm(
            request.POST if request.method == "POST" else None,
            act=act,
            row=row,
            has_entries=release is not None and bool(release.ready or act is ENTRIES),
            initial={
                "zone": _zone(row),
                "shown": release.shown if release is not None else "",
                "reviewer": row.reviewer_id,
            },
        )
        if request.method == "POST" and not typed.is_only_shown(request) and form.is_valid():
            try:
                count = perform(act, row, request, form)
            except publication.PublicationError as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.tell(request, row, act)
                self.tell_of_entries(request, act, shown=len(form.entries_shown()), count=count)
            return HttpResponseRedirect(self.address(row))
        to_mend = self.open_points(request, row, is_here=False) if act.makes_public else []
        context = {
            **self.admin_site.each_context(request),
            "title": f"{act.label}?",
            "subtitle": None,
            "act": act,
            "form": form,
            "object": row,
            "opts": self.opts,
            "badge": state_badge(row),
            "findings": to_mend,
            "is_blocked": isinstance(row, Event) and any(line.blocks for line in to_mend),
            "release": release,
            "preview_url": self.preview_address(request, row) if act.makes_public else "",
            "back": self.address(row),
        }
        return TemplateResponse(request, "admin/publication.html", context)

    def release(self, row: Any) -> findings.Release | None:
        """The entries that may go out with the row; None for what has none."""
        return None

    def open_points(self, request: HttpRequest, row: Any, *, is_here: bool) -> list[findings.Line]:
        """What is to be mended before the row is published, or had better be."""
        return []

    def preview_address(self, request: HttpRequest, row: Any) -> str:
        """Where the row is shown as readers will see it; empty if it is not shown to whoever asks."""
        if row.state in {State.WITHDRAWN, State.WITHHELD} or not rights.may_change(request.user, row):
            return ""
        return reverse("preview_case" if isinstance(row, Case) else "preview_entry", args=[row.pk])

    def act_address(self, row: Any, act: Act) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_publication", args=[row.pk, act.name])

    def tell(self, request: HttpRequest, row: Any, act: Act) -> None:
        done = act.done
        if row.is_embargoed:
            done = f"is embargoed until {moments.in_words(row.published_from)}"
        if act is not ENTRIES:
            self.message_user(request, f"“{row}” {done}.", messages.SUCCESS)
        if act.makes_public and isinstance(row, Event) and not row.case.is_published_now:
            self.message_user(request, _("Readers see it as soon as its case is published."), messages.WARNING)

    def tell_of_entries(self, request: HttpRequest, act: Act, *, shown: int, count: int) -> None:
        if count:
            message = ngettext("%(count)d entry went out.", "%(count)d entries went out.", count) % {"count": count}
            self.message_user(request, message, messages.SUCCESS)
        elif act is ENTRIES and not shown:
            self.message_user(request, _("No entry was ready to go out."), messages.WARNING)
        if shown > count:
            left = shown - count
            message = ngettext(
                "%(count)d entry was left as it is: it was changed meanwhile.",
                "%(count)d entries were left as they are: they were changed meanwhile.",
                left,
            ) % {"count": left}
            self.message_user(request, message, messages.WARNING)

    @admin.action(description=gettext_lazy("Publish what is chosen"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Asks once more on a page that lists what goes out; done when that page is sent."""
        rows = list(queryset[: MOST_AT_ONCE + 1])
        if len(rows) > MOST_AT_ONCE:
            self.message_user(request, f"Publish at most {MOST_AT_ONCE} at once; nothing was done.", messages.ERROR)
            return None
        if "confirmed" in request.POST and not typed.is_only_shown(request):
            self.publish_each(request, rows)
            return None
        blocked = {}
        if self.model is not Case:
            blocked = quality.blocked([row.pk for row in rows], on=timezone.now().date())
        ready: list[Any] = []
        held: list[Any] = []
        for row in rows:
            offered = acts_from(row)
            if PUBLISH not in offered and RESTORE not in offered:
                held.append((row, state_badge(row), []))
            elif row.pk in blocked:
                held.append((row, state_badge(row), blocked[row.pk]))
            else:
                ready.append((row, state_badge(row)))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Publish what is chosen?"),
            "subtitle": None,
            "opts": self.opts,
            "ready": ready,
            "held": held,
            "box": helpers.ACTION_CHECKBOX_NAME,
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/publish_selected.html", context)

    def publish_each(self, request: HttpRequest, rows: list[Any]) -> None:
        published = 0
        for row in rows:
            try:
                if PUBLISH not in acts_from(row) and RESTORE not in acts_from(row):
                    raise publication.PublicationError(f"It is {row.get_state_display().lower()}.")
                publication.publish(row, actor=request.user)
                published += 1
            except publication.PublicationError as error:
                self.message_user(request, f"“{row}” was left as it is: {error}", messages.WARNING)
        if published:
            self.message_user(request, f"{published} published.", messages.SUCCESS)

    # --- saving and deleting -------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user
        request.desk_before = _newest(obj) if change else None  # type: ignore[attr-defined]  # for `tell_of_readers`
        super().save_model(request, obj, form, change)

    def step_asked_for(self, request: HttpRequest, row: Any) -> HttpResponse | None:
        """After "Save and publish" or "Save and submit for review": the page of that step, which asks once more."""
        if "_review" in request.POST and REVIEW in acts_for(row, request.user):
            return HttpResponseRedirect(self.act_address(row, REVIEW))
        if "_publish" not in request.POST or row.is_published_now:
            return None
        if not self.may_publish(request, row):
            self.message_user(request, _("It is saved; you have no right to publish it."), messages.WARNING)
            return None
        return HttpResponseRedirect(self.act_address(row, PUBLISH))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> Any:
        response = super().response_add(request, obj, post_url_continue)
        return self.step_asked_for(request, obj) or response

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        response = super().response_change(request, obj)
        self.tell_of_readers(request, obj)
        return self.step_asked_for(request, obj) or response

    def tell_of_readers(self, request: HttpRequest, row: Any) -> None:
        """After a change that readers see at once: that they do, and the way to a correction that tells them of it."""
        if not (request.user.has_perm("casetracker.add_correction") and self.is_on_site(row)):
            return
        newest = _newest(row)
        if newest is None or newest == getattr(request, "desk_before", None):
            return
        told = _("Readers see the change. If it put a fact right, tell them: {}.")
        link = format_html('<a href="{}">{}</a>', correction_address(row, *newest), _("write a correction"))
        self.message_user(request, format_html(told, link), messages.INFO)

    def kept_because(self, row: Any) -> str:
        if row.first_public_at is None:
            return ""
        return f"“{row}” has been published, so it is not deleted. Withdraw it instead."

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        offered = acts_for(obj, request.user) if obj is not None and obj.pk is not None else (REVIEW,)
        if context.get("drafts") == 0:
            offered = tuple(act for act in offered if act is not ENTRIES)
        if obj is not None and obj.pk is not None:
            context["badge"] = state_badge(obj)
            context["was_public"] = obj.has_been_public
            context["acts"] = [(act, self.act_address(obj, act)) for act in offered]
            if obj.state == State.WITHHELD and rights.may_redact(request.user):
                context["acts"].append((redacting.REDACT, redacting.address(obj)))
            context["findings"] = self.open_points(request, obj, is_here=True)
            context["reviewer"] = obj.reviewer
            context["preview_url"] = self.preview_address(request, obj)
        context["shows_publish_button"] = self.may_publish(request, obj) and (obj is None or PUBLISH in offered)
        context["shows_review_button"] = not self.may_publish(request, obj) and REVIEW in offered
        context["is_draft"] = obj is None or obj.state in {State.DRAFT, State.IN_REVIEW}
        return super().render_change_form(request, context, add, change, form_url, obj)


def _newest(row: Any) -> tuple[str, int] | None:
    """The model's name and the key of the newest revision of the row itself."""
    named = str(row._meta.concrete_model._meta.model_name), str(row.pk)
    revision = history.newest_of([named]).get(named)
    return (named[0], revision) if revision is not None else None


def _zone(row: Any) -> str:
    """The time zone in which a moment of the row is given, unless somebody writes another."""
    court = getattr(row, "court", None)
    return getattr(row, "time_zone", "") or (court.time_zone if court is not None else "America/New_York")
