"""
The acts of publication on the desk: each is asked for on a page of its own and done by a POST, with the editor's name.

The state itself is shown everywhere and is nowhere a field. What is allowed is decided in `casetracker.publication`.
"""

import datetime
import zoneinfo
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from casetracker import publication
from casetracker.dates.value import FIRST_YEAR, LAST_YEAR
from casetracker.models import Case, Event, State
from casetracker.validators import text_is_storable, time_zone_name

from .base import DeskAdmin
from .fields import MomentBox

# More rows than an editor looks through before publishing them at once.
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Act:
    """One step of publication. `asks` names the fields of its form."""

    name: str
    label: str
    question: str
    done: str
    asks: tuple[str, ...] = ()
    is_grave: bool = False


PUBLISH = Act(
    "publish", "Publish", "Readers see it at once, or from the moment you give.", "is published", ("until", "zone")
)
REVIEW = Act(
    "review", "Submit for review", "It is handed to whoever reviews it. Readers see nothing yet.", "is in review"
)
DRAFT = Act(
    "draft", "Return to draft", "It becomes a draft again. Readers see nothing.", "is a draft again", ("reason",)
)
RESTORE = Act("restore", "Restore", "Readers see it again at its old address.", "is published again")
WITHDRAW = Act(
    "withdraw",
    "Withdraw",
    "Its address answers “gone”, without a title. It can be restored.",
    "is withdrawn",
    ("reason",),
    is_grave=True,
)
WITHHOLD = Act(
    "withhold",
    "Withhold",
    "Nobody outside sees it or that it is there. The reason is kept privately.",
    "is withheld",
    ("reason",),
    is_grave=True,
)
LIFT = Act(
    "lift",
    "Lift the withholding",
    "It stays unpublished; publishing it again is an act of its own.",
    "is withheld no more",
)

ACTS = {act.name: act for act in (PUBLISH, REVIEW, DRAFT, RESTORE, WITHDRAW, WITHHOLD, LIFT)}

_OFFERED: dict[str, tuple[Act, ...]] = {
    State.DRAFT: (PUBLISH, REVIEW, WITHHOLD),
    State.IN_REVIEW: (PUBLISH, DRAFT, WITHHOLD),
    State.PUBLISHED: (WITHDRAW, WITHHOLD),
    State.WITHDRAWN: (RESTORE, WITHHOLD),
    State.WITHHELD: (LIFT,),
}


def acts_for(row: Case | Event) -> tuple[Act, ...]:
    """What can be done with the row as it stands; the most likely first."""
    return (PUBLISH, *_OFFERED[row.state]) if row.is_embargoed else _OFFERED[row.state]


def state_badge(row: Case | Event) -> str:
    """The state as a word with a class of its own."""
    word, name = ("Embargoed", "embargoed") if row.is_embargoed else (row.get_state_display(), row.state)
    return format_html('<span class="state state-{}">{}</span>', name, word)


class ActForm(forms.Form):
    """What an act asks for; fields that it does not ask for are taken out."""

    until = forms.DateTimeField(
        label="Not before",
        required=False,
        widget=MomentBox,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text="Empty: at once. Else an embargo: nobody sees it before.",
    )
    zone = forms.CharField(
        label="in the time zone", max_length=50, validators=[time_zone_name], help_text="Such as America/New_York."
    )
    reason = forms.CharField(
        label="Reason, and on whose authority",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[text_is_storable],
        help_text="Kept privately; readers never see it.",
    )

    def __init__(self, *args: Any, act: Act, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(act.asks):
            del self.fields[name]
        if "reason" in self.fields:
            self.fields["reason"].required = act is WITHHOLD

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        until, zone = self.cleaned_data.get("until"), self.cleaned_data.get("zone")
        if until is not None and zone:
            if not FIRST_YEAR < until.year < LAST_YEAR:
                raise forms.ValidationError({"until": f"Write a year from {FIRST_YEAR} to {LAST_YEAR}."})
            moment = until.replace(tzinfo=zoneinfo.ZoneInfo(zone))
            if moment <= timezone.now():
                self.add_error("until", "This moment has passed. Leave it empty to publish at once.")
            self.cleaned_data["until"] = moment
        return cleaned


def perform(act: Act, row: Any, request: HttpRequest, answers: dict[str, Any]) -> None:
    """Do it. Raises `PublicationError` with a sentence for the editor when it is not allowed."""
    actor: Any = request.user
    reason = answers.get("reason", "")
    if act in {PUBLISH, RESTORE}:
        publication.publish(row, actor=actor, embargo_until=answers.get("until"))
    elif act is REVIEW:
        publication.submit_for_review(row, actor=actor)
    elif act is DRAFT:
        publication.return_to_draft(row, actor=actor, reason=reason)
    elif act is WITHHOLD:
        publication.withhold(row, actor=actor, reason=reason)
    elif act is WITHDRAW or row.first_public_at is not None:
        publication.withdraw(row, actor=actor, reason=reason)
    else:
        publication.return_to_draft(row, actor=actor, reason=reason)


class PublishableAdmin(DeskAdmin):
    """Screens of cases and of entries: their state, the acts that change it, and saving with publishing."""

    actions = ["publish_selected"]

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_publication"
        view = self.admin_site.admin_view(self.publication_view)
        return [path("<path:object_id>/publication/<slug:act_name>/", view, name=name), *super().get_urls()]

    def may_publish(self, request: HttpRequest, row: Model | None = None) -> bool:
        """Who may change what the public sees. One place, for the roles that are to come."""
        return self.has_change_permission(request, row)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return self.may_publish(request)

    def state_column(self, row: Any) -> str:
        return state_badge(row)

    state_column.short_description = "State"  # type: ignore[attr-defined]  # the admin reads it from the function
    state_column.admin_order_field = "state"  # type: ignore[attr-defined]  # the admin reads it from the function

    # --- acts ----------------------------------------------------------------------------------------------------

    def publication_view(self, request: HttpRequest, object_id: str, act_name: str) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        act = ACTS.get(act_name)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if act is None:
            raise Http404("There is no such act.")
        if not self.may_publish(request, row):
            raise PermissionDenied
        if act not in acts_for(row):
            state = "embargoed" if row.is_embargoed else row.get_state_display().lower()
            message = f"What is {state} has no step “{act.label.lower()}”."
            self.message_user(request, message, messages.ERROR)
            return HttpResponseRedirect(self.address(row))
        court = getattr(row, "court", None)
        zone = getattr(row, "time_zone", "") or (court.time_zone if court is not None else "America/New_York")
        form = ActForm(request.POST if request.method == "POST" else None, act=act, initial={"zone": zone})
        if request.method == "POST" and form.is_valid():
            try:
                perform(act, row, request, form.cleaned_data)
            except publication.PublicationError as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.tell(request, row, act)
            return HttpResponseRedirect(self.address(row))
        context = {
            **self.admin_site.each_context(request),
            "title": f"{act.label}?",
            "subtitle": None,
            "act": act,
            "form": form,
            "object": row,
            "opts": self.opts,
            "badge": state_badge(row),
            "notes": self.notes_on(row) if act in {PUBLISH, RESTORE} else [],
            "back": self.address(row),
        }
        return TemplateResponse(request, "admin/publication.html", context)

    def act_address(self, row: Any, act: Act) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_publication", args=[row.pk, act.name])

    def tell(self, request: HttpRequest, row: Any, act: Act) -> None:
        done = act.done
        if row.is_embargoed:
            moment = row.published_from.astimezone(datetime.UTC)
            done = f"is embargoed until {moment.day} {moment:%B %Y, %H:%M} UTC"
        self.message_user(request, f"“{row}” {done}.", messages.SUCCESS)
        for note in self.notes_on(row) if row.state == State.PUBLISHED else []:
            self.message_user(request, note, messages.WARNING)

    def notes_on(self, row: Any) -> list[str]:
        """What an editor should know before publishing the row; none of it stands in the way."""
        return []

    @admin.action(description="Publish what is chosen", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        rows = list(queryset[: MOST_AT_ONCE + 1])
        if len(rows) > MOST_AT_ONCE:
            self.message_user(request, f"Publish at most {MOST_AT_ONCE} at once; nothing was done.", messages.ERROR)
            return
        published = 0
        for row in rows:
            try:
                if PUBLISH not in acts_for(row) and RESTORE not in acts_for(row):
                    raise publication.PublicationError(f"It is {row.get_state_display().lower()}.")
                publication.publish(row, actor=request.user)  # type: ignore[arg-type]  # only signed-in people come here
                published += 1
            except publication.PublicationError as error:
                self.message_user(request, f"“{row}” was left as it is: {error}", messages.WARNING)
        if published:
            self.message_user(request, f"{published} published.", messages.SUCCESS)

    # --- saving and deleting -------------------------------------------------------------------------------------

    def publish_if_asked(self, request: HttpRequest, row: Any) -> None:
        """After a save by the button "Save and publish"."""
        if "_publish" not in request.POST:
            return
        if not self.may_publish(request, row):
            self.message_user(request, "It is saved; you have no right to publish it.", messages.WARNING)
        elif row.is_published_now:
            return
        else:
            try:
                publication.publish(row, actor=request.user)  # type: ignore[arg-type]  # only signed-in people come here
            except publication.PublicationError as error:
                self.message_user(request, f"It is saved and not published: {error}", messages.ERROR)
            else:
                self.tell(request, row, PUBLISH)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> Any:
        self.publish_if_asked(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        self.publish_if_asked(request, obj)
        return super().response_change(request, obj)

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
        can_publish = self.may_publish(request, obj)
        if obj is not None and obj.pk is not None:
            context["badge"] = state_badge(obj)
            context["acts"] = [(act, self.act_address(obj, act)) for act in acts_for(obj)] if can_publish else []
        context["shows_publish_button"] = can_publish and (obj is None or PUBLISH in acts_for(obj))
        context["is_draft"] = obj is None or obj.state in {State.DRAFT, State.IN_REVIEW}
        return super().render_change_form(request, context, add, change, form_url, obj)
