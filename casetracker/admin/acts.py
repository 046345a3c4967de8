"""The acts of publication as an editor meets them: what each is called, asks for and does, and when it is offered."""

import zoneinfo
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from casetracker import publication, rights
from casetracker.dates.value import FIRST_YEAR, LAST_YEAR
from casetracker.models import Case, Event, State
from casetracker.validators import text_is_storable, time_zone_name

from .fields import MomentBox, RowField
from .shown import LONGEST, versions

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Act:
    """
    One step of publication. `asks` names the fields of its form, `right` what `casetracker.rights` calls it where that
    is not its name.
    """

    name: str
    label: Text
    question: Text
    done: Text
    asks: tuple[str, ...] = ()
    is_grave: bool = False
    right: str = ""

    @property
    def makes_public(self) -> bool:
        return self.name in {"publish", "restore", "entries"}


PUBLISH = Act(
    "publish",
    pgettext_lazy("act", "Publish"),
    gettext_lazy("Readers see it at once, or from the moment you give."),
    gettext_lazy("is published"),
    ("until", "zone", "with_entries", "shown"),
)
ENTRIES = Act(
    "entries",
    gettext_lazy("Publish its drafts"),
    gettext_lazy("Readers see the entries below at once, or as soon as they see the case."),
    gettext_lazy("has new entries"),
    ("shown",),
)
REVIEW = Act(
    "review",
    gettext_lazy("Submit for review"),
    gettext_lazy("It is handed to whoever reviews it. Readers see nothing yet."),
    gettext_lazy("is in review"),
    ("reviewer",),
)
ASK = Act(
    "reviewer",
    gettext_lazy("Ask somebody else"),
    gettext_lazy("It stays in review, and waits for whom you name."),
    gettext_lazy("waits for its review"),
    ("reviewer",),
)
DRAFT = Act(
    "draft",
    gettext_lazy("Return to draft"),
    gettext_lazy("It becomes a draft again. Readers see nothing."),
    gettext_lazy("is a draft again"),
    ("reason",),
)
BREAK_OFF = Act(
    "break-off",
    gettext_lazy("Break off the embargo"),
    gettext_lazy("It becomes a draft again, and the moment of the embargo is forgotten. Readers have seen nothing."),
    gettext_lazy("is a draft again"),
    ("reason",),
    right="break off",
)
# Of what is withdrawn and was never seen.
BACK = Act("back", DRAFT.label, DRAFT.question, DRAFT.done, ("reason",), right="break off")
RESTORE = Act(
    "restore",
    gettext_lazy("Restore"),
    gettext_lazy("Readers see it again at its old address."),
    gettext_lazy("is published again"),
)
WITHDRAW = Act(
    "withdraw",
    gettext_lazy("Withdraw"),
    gettext_lazy("Its address answers “gone”, without a title. It can be restored."),
    gettext_lazy("is withdrawn"),
    ("reason",),
    is_grave=True,
)
WITHHOLD = Act(
    "withhold",
    gettext_lazy("Withhold"),
    gettext_lazy(
        "Nobody outside sees it any more. Its address answers “gone”, without a title, or, if readers never saw it, "
        "as if it had never been. The reason is kept privately."
    ),
    gettext_lazy("is withheld"),
    ("reason",),
    is_grave=True,
)
LIFT = Act(
    "lift",
    gettext_lazy("Lift the withholding"),
    gettext_lazy("It stays unpublished; publishing it again is an act of its own."),
    gettext_lazy("is withheld no more"),
    ("reason",),
)

ACTS = {
    act.name: act for act in (PUBLISH, ENTRIES, REVIEW, ASK, DRAFT, BREAK_OFF, BACK, RESTORE, WITHDRAW, WITHHOLD, LIFT)
}

_OFFERED: dict[str, tuple[Act, ...]] = {
    State.DRAFT: (PUBLISH, REVIEW, WITHHOLD),
    State.IN_REVIEW: (PUBLISH, DRAFT, ASK, WITHHOLD),
    State.PUBLISHED: (WITHDRAW, WITHHOLD),
    State.WITHDRAWN: (RESTORE, WITHHOLD),
    State.WITHHELD: (LIFT,),
}


def acts_from(row: Case | Event) -> tuple[Act, ...]:
    """What the state of the row allows; the most likely first."""
    if row.state == State.WITHDRAWN and not row.has_been_public:
        return (PUBLISH, BACK, WITHHOLD)
    offered = (PUBLISH, BREAK_OFF, WITHHOLD) if row.is_embargoed else _OFFERED[row.state]
    return (ENTRIES, *offered) if isinstance(row, Case) and row.state == State.PUBLISHED else offered


def acts_for(row: Case | Event, user: Any) -> tuple[Act, ...]:
    """What `user` may do with the row as it stands."""
    return tuple(act for act in acts_from(row) if may(user, act, row))


def may(user: Any, act: Act, row: Case | Event) -> bool:
    return rights.may(user, act.right or act.name, row)


def state_badge(row: Case | Event) -> str:
    """The state as a word with a class of its own."""
    word, name = ("Embargoed", "embargoed") if row.is_embargoed else (row.get_state_display(), row.state)
    return format_html('<span class="state state-{}">{}</span>', name, word)


def reviewers(row: Case | Event) -> QuerySet[Any]:
    """Whoever could publish the row, and so can be asked to review it."""
    right = f"casetracker.publish_{'case' if isinstance(row, Case) else 'event'}"
    people: Any = get_user_model()._default_manager
    found: QuerySet[Any] = people.with_perm(right, backend="django.contrib.auth.backends.ModelBackend")
    return found.filter(is_staff=True).order_by("username")


class ActForm(forms.Form):
    """What an act on `row` asks for; fields that it does not ask for are taken out."""

    until = forms.DateTimeField(
        label=gettext_lazy("Not before"),
        required=False,
        widget=MomentBox,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text=gettext_lazy("Empty: at once. Else an embargo: nobody sees it before."),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=50,
        validators=[time_zone_name],
        help_text=gettext_lazy("Such as America/New_York."),
    )
    with_entries = forms.BooleanField(
        label=gettext_lazy("Publish the entries below with it"), required=False, initial=True
    )
    # Which entries the page showed, each with its version: nothing else goes out.
    shown = forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=forms.HiddenInput,
        validators=[RegexValidator(r"^[0-9]{1,18}:[0-9]{1,9}(,[0-9]{1,18}:[0-9]{1,9})*\Z")],
    )
    reviewer = RowField(
        label=gettext_lazy("Who is asked to review it"),
        required=False,
        queryset=None,
        empty_label=gettext_lazy("Whoever has time"),
        help_text=gettext_lazy("It stands on their first page until it is done."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, and on whose authority"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[text_is_storable],
        help_text=gettext_lazy("Kept privately; readers never see it."),
    )

    def __init__(self, *args: Any, act: Act, row: Case | Event, has_entries: bool = False, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        asks = set(act.asks) if has_entries else set(act.asks) - {"with_entries", "shown"}
        for name in set(self.fields) - asks:
            del self.fields[name]
        if "reason" in self.fields:
            self.fields["reason"].required = act is WITHHOLD
        if "reviewer" in self.fields:
            self.fields["reviewer"].queryset = reviewers(row)  # type: ignore[attr-defined]  # a choice among rows

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        until, zone = self.cleaned_data.get("until"), self.cleaned_data.get("zone")
        if until is not None and zone:
            if not FIRST_YEAR < until.year < LAST_YEAR:
                raise forms.ValidationError({"until": f"Write a year from {FIRST_YEAR} to {LAST_YEAR}."})
            moment = until.replace(tzinfo=zoneinfo.ZoneInfo(zone))
            if moment <= timezone.now():
                self.add_error("until", _("This moment has passed. Leave it empty to publish at once."))
            self.cleaned_data["until"] = moment
        return cleaned

    def entries_shown(self) -> list[tuple[int, int]]:
        """Keys and versions of the entries that go out."""
        answers = self.cleaned_data
        text = answers.get("shown", "") if answers.get("with_entries", True) else ""
        return list(versions(text).items())


def perform(act: Act, row: Any, request: HttpRequest, form: ActForm) -> int:
    """
    Do it, and tell how many entries went out with it. Raises `PublicationError` with a sentence for the editor when it
    is not allowed.
    """
    actor: Any = request.user
    answers = form.cleaned_data
    reason = answers.get("reason", "")
    shown = form.entries_shown()
    if act is ENTRIES or (act is PUBLISH and shown):
        return len(publication.publish_with_entries(row, actor=actor, shown=shown, embargo_until=answers.get("until")))
    if act in {PUBLISH, RESTORE}:
        publication.publish(row, actor=actor, embargo_until=answers.get("until"))
    elif act is REVIEW:
        publication.submit_for_review(row, actor=actor, reviewer=answers.get("reviewer"))
    elif act is ASK:
        publication.ask_reviewer(row, actor=actor, reviewer=answers.get("reviewer"))
    elif act in {DRAFT, BREAK_OFF, BACK}:
        publication.return_to_draft(row, actor=actor, reason=reason)
    elif act is WITHHOLD:
        publication.withhold(row, actor=actor, reason=reason)
    elif act is WITHDRAW:
        publication.withdraw(row, actor=actor, reason=reason)
    elif act is LIFT:
        publication.lift(row, actor=actor, reason=reason)
    return 0
