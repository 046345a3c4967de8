"""
Acts on the entries of a case, asked for on its screen: merge, move to another proceeding, change, split, order.

Each but the order has a page that shows what would be done; it is done by a second press, if nothing has changed since.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casetracker import reworking, rights
from casetracker.models import Case, Event, Kind
from casetracker.reworking import ChangedMeanwhileError, Direction, Done, ReworkError

from . import typed
from .base import DeskAdmin
from .entries import case_screen
from .fields import keys_in
from .refusals import in_words
from .screens import entry_screen
from .shown import as_text, versions
from .timeline_forms import ActForm, MergeForm, MoveForm, SplitForm, TogetherForm

# As many as one part of the timeline shows.
MOST_CHOSEN = 200


class Screen:
    """The page of one act. `perform` does it, or tries it; it raises what the acts raise."""

    name: ClassVar[str]
    title: ClassVar[Any]
    short: ClassVar[Any]
    button: ClassVar[Any]
    form: ClassVar[type[ActForm]]
    fewest: ClassVar[int] = 1
    most: ClassVar[int] = MOST_CHOSEN
    # Whether the form as it first stands says enough to show what would be done.
    is_tried_at_once: ClassVar[bool] = False

    def is_allowed(self, user: Any) -> bool:
        """Whether `user` may do this at all; whether to these entries is asked besides."""
        return True

    def perform(self, request: HttpRequest, case: Case, form: Any, **how: Any) -> Done:
        raise NotImplementedError

    def needs(self) -> str:
        if self.fewest == self.most:
            return ngettext(
                "Choose one entry on the timeline of the case first.",
                "Choose %(count)s entries on the timeline of the case first.",
                self.fewest,
            ) % {"count": self.fewest}
        return _("Choose entries on the timeline of the case first, at most %(count)s.") % {"count": self.most}

    def next_page(self, done: Done) -> str:
        return case_screen(done.entry)


class Merge(Screen):
    name = "merge"
    title = gettext_lazy("Merge two entries")
    short = gettext_lazy("Merge")
    button = gettext_lazy("Merge them")
    form = MergeForm
    fewest = most = 2
    is_tried_at_once = True

    def is_allowed(self, user: Any) -> bool:
        return rights.may_merge(user)

    def perform(self, request: HttpRequest, case: Case, form: Any, **how: Any) -> Done:
        kept = form.cleaned_data["kept"]
        other = next(entry for entry in form.entries if entry.pk != kept.pk)
        return reworking.merge(
            case.pk,
            kept.pk,
            other.pk,
            take=form.cleaned_data["take"],
            actor=request.user,  # type: ignore[arg-type]  # only signed-in people come here
            may_publish=rights.may_publish(request.user, kept),
            **how,
        )


class Move(Screen):
    name = "move"
    title = gettext_lazy("Move to another proceeding")
    short = gettext_lazy("Move")
    button = gettext_lazy("Move")
    form = MoveForm

    def perform(self, request: HttpRequest, case: Case, form: Any, **how: Any) -> Done:
        keys = [entry.pk for entry in form.entries]
        return reworking.place(case.pk, keys, proceeding=form.cleaned_data["proceeding"].pk, **how)


class ChangeTogether(Screen):
    name = "change"
    title = gettext_lazy("Change together")
    short = gettext_lazy("Change together")
    button = gettext_lazy("Change all of them")
    form = TogetherForm

    def perform(self, request: HttpRequest, case: Case, form: Any, **how: Any) -> Done:
        return reworking.change_together(case.pk, [entry.pk for entry in form.entries], form.wanted(), **how)


class Split(Screen):
    name = "split"
    title = gettext_lazy("Split an entry in two")
    short = gettext_lazy("Split")
    button = gettext_lazy("Split")
    form = SplitForm
    fewest = most = 1

    def perform(self, request: HttpRequest, case: Case, form: Any, **how: Any) -> Done:
        data = form.cleaned_data
        return reworking.split(
            case.pk,
            form.entries[0].pk,
            dockets=[row.pk for row in data["dockets"]],
            title=data["title"],
            date=data["date"],
            **how,
        )

    def next_page(self, done: Done) -> str:
        return entry_screen(done.entry)


SCREENS: dict[str, Screen] = {screen.name: screen for screen in (Merge(), Move(), ChangeTogether(), Split())}
ORDER = "order"


def may_change_entries(request: HttpRequest, entries: Sequence[Event]) -> bool:
    """Whether the editor may change all of them: rulings are a right of their own, and so is what others made."""
    return all(
        (entry.kind != Kind.RULING or request.user.has_perm("casetracker.change_ruling"))
        and rights.may_change(request.user, entry)
        for entry in entries
    )


class TimelineActsMixin(DeskAdmin):
    """The acts on entries, at addresses below that of the screen of the case."""

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_timeline"
        view = self.admin_site.admin_view(self.timeline_act_view)
        return [path("<path:object_id>/timeline/<slug:act_name>/", view, name=name), *super().get_urls()]

    def timeline_act_view(self, request: HttpRequest, object_id: str, act_name: str) -> HttpResponse:
        case = self.get_object(request, unquote(object_id))
        if case is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, case):
            raise PermissionDenied
        if act_name == ORDER:
            return self._order(request, case)
        if act_name not in SCREENS:
            raise Http404("There is no such act.")
        return self._act(request, case, SCREENS[act_name])

    # --- the order within a day ------------------------------------------------------------------------------------

    def _order(self, request: HttpRequest, case: Case) -> HttpResponse:
        for direction in Direction:
            key, _colon, past = request.POST.get(direction, "").partition(":")
            keys = keys_in([key, past], Event)
            if request.method == "POST" and len(keys) == 2:
                return self._step(request, case, keys[0], direction, keys[1])
        return self._page(request, case, ORDER, _("Order within a day"), told=[
            _("The arrows on the timeline of the case change the order within a day.")
        ])  # fmt: skip

    def _step(self, request: HttpRequest, case: Case, key: int, direction: Direction, past: int) -> HttpResponse:
        entry = Event.objects.filter(pk=key, case=case).first()
        # The places of all entries of the day are written anew.
        if entry is not None and not may_change_entries(request, reworking.of_the_same_day(entry)):
            raise PermissionDenied
        try:
            reworking.step(case.pk, key, direction, past=past)
        except ReworkError as error:
            self.message_user(request, str(error), messages.WARNING)
        return HttpResponseRedirect(case_screen(entry) if entry is not None else self.address(case))

    # --- acts with a page -------------------------------------------------------------------------------------------

    def _act(self, request: HttpRequest, case: Case, screen: Screen) -> HttpResponse:
        sent = request.POST if request.method == "POST" else request.GET
        entries = _chosen(request, case, sent.getlist("entry"))
        if not (screen.is_allowed(request.user) and may_change_entries(request, entries)):
            raise PermissionDenied
        if not screen.fewest <= len(entries) <= screen.most:
            return self._page(request, case, screen.name, screen.title, told=[screen.needs()])
        first_look = request.method != "POST"
        form = screen.form(None if first_look else request.POST, entries=entries, case=case)
        if first_look and screen.is_tried_at_once:
            form = screen.form(form.first_answers(), entries=entries, case=case)
            first_look = False
        form.editor = request.user
        context: dict[str, Any] = {"form": form, "entries": entries, "screen": screen}
        if not first_look and form.is_valid():
            asked = _digest(form)
            is_asked_for = "_confirm" in request.POST and not typed.is_only_shown(request)
            is_confirmed = is_asked_for and request.POST.get("previewed") == asked
            if is_asked_for and not is_confirmed:
                form.add_error(None, _("What is asked for was changed after you looked. Look again."))
            done = self._done(request, case, screen, form, is_trial=not is_confirmed)
            if done is not None and is_confirmed:
                self.message_user(request, _("Done."), messages.SUCCESS)
                for warning in done.warnings:
                    self.message_user(request, warning, messages.WARNING)
                return HttpResponseRedirect(screen.next_page(done))
            # Somebody may have changed an entry since it was read above: what is shown is what will be compared.
            context |= {"done": done, "previewed": asked, "seen": as_text(entries)}
        return self._page(request, case, screen.name, screen.title, **context)

    def _done(self, request: HttpRequest, case: Case, screen: Screen, form: Any, *, is_trial: bool) -> Done | None:
        """What the act did or would do; None if it is refused, which the form then tells."""
        seen = as_text(form.entries) if is_trial else request.POST.get("seen", "")
        try:
            done = screen.perform(request, case, form, seen=versions(seen), trial=is_trial)
        except ChangedMeanwhileError as error:
            form.add_error(None, str(error))
            # The page is made of what stands there now.
            form.entries = _chosen(request, case, [str(entry.pk) for entry in form.entries])
        except ReworkError as error:
            for reason in error.reasons:
                form.add_error(None, reason)
        except ValidationError as error:
            form.add_error(None, error.messages)
        except IntegrityError as error:
            form.add_error(None, in_words(error))
        else:
            return done
        return None

    def _page(self, request: HttpRequest, case: Case, name: str, title: Any, **context: Any) -> TemplateResponse:
        return TemplateResponse(
            request,
            "admin/casetracker/case/act.html",
            {
                **self.admin_site.each_context(request),
                "title": title,
                "subtitle": None,
                "case": case,
                "opts": self.opts,
                "act": name,
                "back": case_screen(context["entries"][0]) if context.get("entries") else self.address(case),
                **context,
            },
        )


def _chosen(request: HttpRequest, case: Case, sent: Sequence[str]) -> list[Event]:
    keys = keys_in(sent[: MOST_CHOSEN * 2], Event)
    rows = rights.seen(request.user, Event.objects.filter(case=case, pk__in=keys))
    return list(rows.select_related("court", "case").defer("search").in_order())


def _digest(form: ActForm) -> str:
    """The answers of the form as one short text, so that what is confirmed is what was looked at."""
    answers = [(name, _texts(form[name].data)) for name in form.fields]
    told = repr([answers, [entry.pk for entry in form.entries]])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _texts(answer: Any) -> list[str]:
    """An answer as a browser sends it; the first ones, which nobody has sent yet, are keys and other values."""
    several = answer if isinstance(answer, list | tuple) else [answer]
    return [str(each) for each in several if each not in {None, ""}]
