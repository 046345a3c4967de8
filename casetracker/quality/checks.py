"""All kinds of faults, and the rows that have each."""

import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ..models import (
    Case,
    Court,
    DocketEntry,
    Document,
    Event,
    Happening,
    Kind,
    Level,
    PartyRole,
    Proceeding,
    Reading,
    Reference,
    Response,
    Role,
    RulingForm,
    Source,
    State,
    Status,
    Treatment,
)
from ..models.events import TEXTS
from ..models.functions import tells_birth_date
from .kinds import Check, Weight

# How long a case that goes on may stay without a look at its sources.
STALE = datetime.timedelta(days=30)
_LIVE = [State.DRAFT, State.IN_REVIEW, State.PUBLISHED]


def _entries() -> QuerySet[Any]:
    return Event.objects.filter(state__in=_LIVE, case__state__in=_LIVE)


def _without_source(on: datetime.date) -> QuerySet[Any]:
    return _entries().filter(~Exists(Reference.objects.filter(event=OuterRef("pk"))))


def _without_outcome(on: datetime.date) -> QuerySet[Any]:
    return _entries().filter(~Exists(Treatment.objects.filter(act=OuterRef("pk"))), kind=Kind.RULING, outcome="")


def _passed(on: datetime.date) -> QuerySet[Any]:
    return _entries().filter(happening=Happening.SCHEDULED, latest__lt=on)


def _on_no_docket(on: datetime.date) -> QuerySet[Any]:
    return _entries().filter(~Exists(DocketEntry.objects.filter(event=OuterRef("pk"))), court__isnull=False)


def _in_strange_court(on: datetime.date) -> QuerySet[Any]:
    heard = Proceeding.objects.filter(court=OuterRef("court"), case=OuterRef("case"))
    return _entries().filter(~Exists(heard), kind=Kind.RULING)


def _not_yet(on: datetime.date) -> QuerySet[Any]:
    # A day more: somewhere it is tomorrow already.
    return _entries().filter(happening=Happening.HELD, earliest__gt=on + datetime.timedelta(days=1))


def _sealed_with_open_documents(on: datetime.date) -> QuerySet[Any]:
    unsealed = Document.objects.filter(event=OuterRef("pk"), sealed=False)
    return _entries().filter(Exists(unsealed), under_seal=True, unsealed__isnull=True)


def _holds_identity_number(on: datetime.date) -> QuerySet[Any]:
    held_back = Document.objects.filter(event=OuterRef("pk"), sealed=False, reading=Reading.HELD_BACK)
    return _entries().filter(Exists(held_back))


def _treats_what_came_later(on: datetime.date) -> QuerySet[Any]:
    return Treatment.objects.filter(
        act__state__in=_LIVE, act__case__state__in=_LIVE, act__latest__lt=F("target__earliest")
    )


def _answers_what_came_later(on: datetime.date) -> QuerySet[Any]:
    return Response.objects.filter(
        event__state__in=_LIVE, event__case__state__in=_LIVE, event__latest__lt=F("responds_to__earliest")
    )


def _without_summary(on: datetime.date) -> QuerySet[Any]:
    return Case.objects.filter(state__in=_LIVE, summary="")


def _without_proceeding(on: datetime.date) -> QuerySet[Any]:
    return Case.objects.filter(~Exists(Proceeding.objects.filter(case=OuterRef("pk"))), state__in=_LIVE)


def _not_checked(on: datetime.date) -> QuerySet[Any]:
    return Case.objects.filter(
        Q(checked_on__isnull=True) | Q(checked_on__lt=on - STALE),
        state=State.PUBLISHED,
        status=Status.ONGOING,
        is_invented=False,
    )


def _dead(on: datetime.date) -> QuerySet[Any]:
    return Source.objects.filter(dead_on__isnull=False, archived_address="")


def _not_archived(on: datetime.date) -> QuerySet[Any]:
    return Source.objects.filter(~Q(address=""), dead_on__isnull=True, archived_address="")


def _tells_birth_date(on: datetime.date) -> QuerySet[Any]:
    return _entries().filter(tells_birth_date(*TEXTS))


def _docket_tells_birth_date(on: datetime.date) -> QuerySet[Any]:
    return DocketEntry.objects.filter(tells_birth_date("text"), event__state__in=_LIVE, event__case__state__in=_LIVE)


def _role_not_mapped(on: datetime.date) -> QuerySet[Any]:
    return PartyRole.objects.filter(role=Role.OTHER, proceeding__case__state__in=_LIVE)


def _form_not_mapped(on: datetime.date) -> QuerySet[Any]:
    return _entries().filter(form=RulingForm.OTHER)


def _level_not_mapped(on: datetime.date) -> QuerySet[Any]:
    heard = Proceeding.objects.filter(court=OuterRef("pk"))
    return Court.objects.filter(Exists(heard), level=Level.OTHER)


CHECKS: tuple[Check, ...] = (
    Check(
        "seal",
        _("Filed under seal, with a document that is not"),
        _("It was filed under seal, and a document of it is not marked as sealed."),
        ngettext_lazy(
            "%(count)d entry under seal has a document that is not marked as sealed",
            "%(count)d entries under seal have a document that is not marked as sealed",
            "count",
        ),
        Event, Weight.BLOCKS, _sealed_with_open_documents, "case", "pk", "content-related",
    ),
    Check(
        "not-yet",
        _("Took place on a day to come"),
        _("It says that it took place, and its date has not come."),
        ngettext_lazy(
            "%(count)d entry took place on a day that has not come",
            "%(count)d entries took place on a day that has not come",
            "count",
        ),
        Event, Weight.BLOCKS, _not_yet, "case", "pk", "id_date",
    ),
    Check(
        "effect-before-ruling",
        _("Did something to a ruling that came later"),
        _("It did something to a ruling that is dated after it."),
        ngettext_lazy(
            "%(count)d effect on a ruling is dated before that ruling",
            "%(count)d effects on a ruling are dated before that ruling",
            "count",
        ),
        Treatment, Weight.BLOCKS, _treats_what_came_later, "act__case", "act", "treatments_made-group",
    ),
    Check(
        "answer-before-question",
        _("Answers an entry that came later"),
        _("It answers an entry that is dated after it."),
        ngettext_lazy(
            "%(count)d entry answers one that is dated after it",
            "%(count)d entries answer one that is dated after them",
            "count",
        ),
        Response, Weight.WARNS, _answers_what_came_later, "event__case", "event", "responses_made-group",
    ),
    Check(
        "strange-court",
        _("Rulings of a court without a proceeding in the case"),
        _("Its court has no proceeding in this case."),
        ngettext_lazy(
            "%(count)d ruling is of a court that has no proceeding in the case",
            "%(count)d rulings are of a court that has no proceeding in the case",
            "count",
        ),
        Event, Weight.WARNS, _in_strange_court, "case", "pk", "id_court",
    ),
    Check(
        "no-source",
        _("Entries without a source"),
        _("No source stands behind it, and readers are told so."),
        ngettext_lazy("%(count)d entry without a source", "%(count)d entries without a source", "count"),
        Event, Weight.WARNS, _without_source, "case", "pk", "references-group",
    ),
    Check(
        "no-outcome",
        _("Rulings without an outcome"),
        _("It has neither an outcome nor an effect on another ruling."),
        ngettext_lazy("%(count)d ruling without an outcome", "%(count)d rulings without an outcome", "count"),
        Event, Weight.WARNS, _without_outcome, "case", "pk", "id_outcome",
    ),
    Check(
        "date-passed",
        _("Scheduled for a day that has passed"),
        _("The day for which it was scheduled has passed."),
        ngettext_lazy(
            "%(count)d entry was scheduled for a day that has passed",
            "%(count)d entries were scheduled for a day that has passed",
            "count",
        ),
        Event, Weight.WARNS, _passed, "case", "pk", "id_happening",
    ),
    Check(
        "no-docket",
        _("Entries in court on no docket"),
        _("It stands on no docket."),
        ngettext_lazy("%(count)d entry in court on no docket", "%(count)d entries in court on no docket", "count"),
        Event, Weight.WARNS, _on_no_docket, "case", "pk", "docket_entries-group",
    ),
    Check(
        "birth-date",
        _("Say on which day somebody was born"),
        _("It says on which day somebody was born; write the year, or leave it out."),
        ngettext_lazy(
            "%(count)d entry says on which day somebody was born",
            "%(count)d entries say on which day somebody was born",
            "count",
        ),
        Event, Weight.WARNS, _tells_birth_date, "case", "pk", "id_summary",
    ),
    Check(
        "birth-date-on-docket",
        _("Say on a docket on which day somebody was born"),
        _("Its text on the docket says on which day somebody was born; leave that out."),
        ngettext_lazy(
            "%(count)d text of a docket says on which day somebody was born",
            "%(count)d texts of dockets say on which day somebody was born",
            "count",
        ),
        DocketEntry, Weight.WARNS, _docket_tells_birth_date, "event__case", "event", "docket_entries-group",
    ),
    Check(
        "number-in-file",
        _("With a file that seems to hold an identity number"),
        _("A file of it seems to hold an identity number, and readers can download it."),
        ngettext_lazy(
            "%(count)d entry has a file that seems to hold an identity number",
            "%(count)d entries have a file that seems to hold an identity number",
            "count",
        ),
        Event, Weight.WARNS, _holds_identity_number, "case", "pk", "content-related",
    ),
    Check(
        "no-summary",
        _("Cases without a summary"),
        _("It has no summary."),
        ngettext_lazy("%(count)d case without a summary", "%(count)d cases without a summary", "count"),
        Case, Weight.WARNS, _without_summary, "pk", "", "id_summary",
    ),
    Check(
        "no-proceeding",
        _("Cases without a proceeding"),
        _("It has no proceeding."),
        ngettext_lazy("%(count)d case without a proceeding", "%(count)d cases without a proceeding", "count"),
        Case, Weight.WARNS, _without_proceeding, "pk", "", "proceedings-heading",
    ),
    Check(
        "not-checked",
        _("Ongoing cases not compared with their sources for a month"),
        _("Nobody has compared it with its sources for a month."),
        ngettext_lazy(
            "%(count)d case not compared with its sources for a month",
            "%(count)d cases not compared with their sources for a month",
            "count",
        ),
        Case, Weight.TELLS, _not_checked, "pk", "", "id_checked_on",
    ),
    Check(
        "dead-source",
        _("Dead sources without an archived copy"),
        _("Its address is dead, and no archived copy is named."),
        ngettext_lazy("%(count)d dead source", "%(count)d dead sources", "count"),
        Source, Weight.TELLS, _dead, "", "", "id_archived_address",
    ),
    Check(
        "not-archived",
        _("Sources without an archived copy"),
        _("No archived copy is named."),
        ngettext_lazy(
            "%(count)d source without an archived copy", "%(count)d sources without an archived copy", "count"
        ),
        Source, Weight.TELLS, _not_archived, "", "", "id_archived_address",
    ),
    Check(
        "role-not-mapped",
        _("Parties in a role that is not in the list"),
        _("Its role is “other”."),
        ngettext_lazy("%(count)d party in another role", "%(count)d parties in another role", "count"),
        PartyRole, Weight.TELLS, _role_not_mapped, "proceeding__case", "", "party_roles-group",
    ),
    Check(
        "form-not-mapped",
        _("Rulings of a form that is not in the list"),
        _("Its form is “other decision”."),
        ngettext_lazy("%(count)d ruling of another form", "%(count)d rulings of another form", "count"),
        Event, Weight.TELLS, _form_not_mapped, "case", "pk", "id_form",
    ),
    Check(
        "level-not-mapped",
        _("Courts of a level that is not in the list"),
        _("Its level is “other court”."),
        ngettext_lazy("%(count)d court of another level", "%(count)d courts of another level", "count"),
        Court, Weight.TELLS, _level_not_mapped, "", "", "id_level",
    ),
)  # fmt: skip

BY_NAME = {check.name: check for check in CHECKS}
