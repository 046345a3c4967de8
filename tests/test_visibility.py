"""
The rule of what the public may see, against the same rule in slow and obvious Python.

One world holds an entry for each state of its case and each state of its own, with everything that can hang on it, and
shared people, courts, topics and sources. Every `public()` must give the very rows that the reference gives.
"""

import datetime
import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any

import factories as make
import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from casetracker.models import (
    Attorney,
    Case,
    CaseTopic,
    Correction,
    Court,
    DocketEntry,
    DocketNumber,
    Document,
    Event,
    ExternalId,
    FormerCourt,
    FormerDocument,
    FormerEntry,
    FormerJudge,
    FormerParty,
    Judge,
    Party,
    PartyRole,
    Proceeding,
    ProceedingJudge,
    Provision,
    Reference,
    Representation,
    Response,
    Ruling,
    RulingCitation,
    RulingJudge,
    Source,
    Statement,
    Topic,
    Transfer,
    Treatment,
)
from casetracker.models.visibility import is_public

pytestmark = pytest.mark.django_db

# --- the reference --------------------------------------------------------------------------------------------------


def published(row: Any) -> bool:
    return row.state == "published" and row.published_from <= timezone.now()


def entry_public(event: Event) -> bool:
    return published(event) and published(event.case)


def seen(row: Any) -> bool:
    return row.first_public_at is not None and row.first_public_at <= timezone.now()


def taken_down(row: Any) -> bool:
    return row.state in {"withdrawn", "withheld"} and seen(row)


def docket_public(row: Any) -> bool:
    return published(row.proceeding.case)


REFERENCE: dict[Any, Callable[[Any], bool]] = {
    Case: published,
    Event: entry_public,
    Ruling: entry_public,
    Proceeding: lambda row: published(row.case),
    DocketNumber: docket_public,
    ExternalId: docket_public,
    PartyRole: docket_public,
    Representation: docket_public,
    ProceedingJudge: docket_public,
    DocketEntry: lambda row: entry_public(row.event),
    FormerEntry: lambda row: row.was_public and entry_public(row.event),
    FormerParty: lambda row: row.was_public and REFERENCE[Party](row.party),
    FormerCourt: lambda row: row.was_public and REFERENCE[Court](row.court),
    FormerJudge: lambda row: row.was_public and REFERENCE[Judge](row.judge),
    FormerDocument: lambda row: row.was_public and REFERENCE[Document](row.document),
    Statement: lambda row: entry_public(row.event),
    Document: lambda row: entry_public(row.event) and not row.sealed,
    RulingJudge: lambda row: entry_public(row.ruling),
    RulingCitation: lambda row: entry_public(row.ruling),
    Provision: lambda row: entry_public(row.ruling),
    Correction: lambda row: published(row.case) and (row.event is None or entry_public(row.event)),
    Response: lambda row: entry_public(row.event) and entry_public(row.responds_to),
    Treatment: lambda row: entry_public(row.act) and (row.target is None or entry_public(row.target)),
    Transfer: lambda row: all(
        published(proceeding.case) for proceeding in (row.origin, row.destination) if proceeding is not None
    ),
    Reference: lambda row: (
        (row.event is not None and entry_public(row.event))
        or (row.statement is not None and entry_public(row.statement.event))
        or (row.case is not None and published(row.case))
    ),
    Court: lambda row: (
        any(published(proceeding.case) for proceeding in Proceeding.objects.filter(court=row))
        or any(entry_public(event) for event in Event.objects.filter(court=row))
    ),
    Party: lambda row: any(docket_public(role) for role in PartyRole.objects.filter(party=row)),
    Attorney: lambda row: any(docket_public(role) for role in Representation.objects.filter(attorney=row)),
    Judge: lambda row: (
        any(entry_public(role.ruling) for role in RulingJudge.objects.filter(judge=row))
        or any(docket_public(role) for role in ProceedingJudge.objects.filter(judge=row))
    ),
    Topic: lambda row: any(published(link.case) for link in CaseTopic.objects.filter(topic=row)),
    Source: lambda row: any(REFERENCE[Reference](reference) for reference in Reference.objects.filter(source=row)),
}

# Nothing public is read from these by themselves: they are ways from one row to another, or the desk's own.
WITHOUT_A_RULE = {
    "CasePlace", "CaseTopic", "RelatedCase", "CourtAppeal", "FormerAttorney", "FormerSlug",
    "NotTheSame", "OpenForm", "Import", "ImportedDocket", "ImportedEntry", "RecordChange", "Redaction", "StoredFile",
    "CaseChange", "CountedCase", "Tally", "TallyChange",
}  # fmt: skip


# --- the world ------------------------------------------------------------------------------------------------------


def lapsed_embargo(row: Any) -> None:
    """An embargo whose moment has come while nobody did anything."""
    make.STATES["embargoed"](row)
    moment = timezone.now() - datetime.timedelta(seconds=1)
    type(row)._base_manager.filter(pk=row.pk).update(published_from=moment, first_public_at=moment)


ALL_STATES: dict[str, Callable[[Any], object]] = {**make.STATES, "lapsed_embargo": lapsed_embargo}


def a_world() -> None:
    chance = random.Random(20250410)  # noqa: S311 - the same world on every run
    shared_judges, shared_parties = make.JudgeFactory.create_batch(4), make.PartyFactory.create_batch(4)
    shared_courts, shared_sources = make.CourtFactory.create_batch(4), make.SourceFactory.create_batch(4)
    topics = make.TopicFactory.create_batch(4)
    proceedings, rulings, filings = [], [], []
    for case_state in ALL_STATES:
        case = make.CaseFactory(name=f"Case {case_state}")
        case.topics.set([make.TopicFactory(), *chance.sample(topics, 1)])
        own = make.ProceedingFactory(case=case)
        shared = make.ProceedingFactory(case=case, court=chance.choice(shared_courts))
        for proceeding in (own, shared):
            make.DocketNumberFactory(proceeding=proceeding)
            make.ExternalIdFactory(proceeding=proceeding)
            make.PartyRoleFactory(proceeding=proceeding)
            party = make.PartyRoleFactory(proceeding=proceeding, party=chance.choice(shared_parties)).party
            for was_public in (True, False):
                make.FormerPartyFactory(party=party, was_public=was_public)
                make.FormerCourtFactory(court=proceeding.court, was_public=was_public)
            make.RepresentationFactory(proceeding=proceeding)
            make.ProceedingJudgeFactory(proceeding=proceeding)
            judge = make.ProceedingJudgeFactory(proceeding=proceeding, judge=chance.choice(shared_judges)).judge
            for was_public in (True, False):
                make.FormerJudgeFactory(judge=judge, was_public=was_public)
        proceedings += [own, shared]
        make.ReferenceFactory(event=None, case=case)
        make.ReferenceFactory(event=None, case=case, source=chance.choice(shared_sources))
        make.CorrectionFactory(case=case)
        for state, reach in ALL_STATES.items():
            ruling = make.RulingFactory(case=case, title=f"Ruling {state} in {case_state}")
            filing = make.EventFactory(case=case, court=shared.court, title=f"Filing {state} in {case_state}")
            make.DocketEntryFactory(event=filing, proceeding=shared)
            make.RulingJudgeFactory(ruling=ruling)
            make.RulingJudgeFactory(ruling=ruling, judge=chance.choice(shared_judges))
            make.RulingCitationFactory(ruling=ruling)
            make.FormerEntryFactory(event=ruling, was_public=True)
            make.FormerEntryFactory(event=filing, was_public=False)
            make.ProvisionFactory(ruling=ruling)
            make.ReferenceFactory(event=ruling, source=chance.choice(shared_sources))
            make.ReferenceFactory(event=None, statement=make.StatementFactory(event=filing))
            for document in (make.DocumentFactory(event=filing), make.DocumentFactory(event=filing, sealed=True)):
                make.FormerDocumentFactory(document=document, was_public=True)
            make.FormerDocumentFactory(document=document, was_public=False)
            make.CorrectionFactory(case=case, event=filing)
            make.TreatmentFactory(act=ruling, target=None, target_court=shared_courts[0])
            reach(ruling)
            reach(filing)
            rulings.append(ruling)
            filings.append(filing)
        ALL_STATES[case_state](case)
    Treatment.objects.bulk_create(
        Treatment(act=act, target=target, verb="affirms")
        for act, target in itertools.permutations({*chance.sample(rulings, 12), *_public(rulings)}, 2)
    )
    Response.objects.bulk_create(
        Response(event=event, responds_to=answered)
        for event, answered in itertools.permutations({*chance.sample(filings, 12), *_public(filings)}, 2)
    )
    Transfer.objects.bulk_create(
        Transfer(kind="appeal", origin=origin, destination=destination)
        for origin, destination in itertools.permutations(proceedings[::2], 2)
    )
    for proceeding in proceedings[::2]:
        make.TransferFactory(origin=proceeding, destination=None, destination_court=shared_courts[1])
        make.TransferFactory(origin=None, origin_court=shared_courts[2], destination=proceeding)


def _public(entries: list[Any]) -> list[Any]:
    return [
        entry
        for entry in entries
        if entry.title.endswith("published in published") or "lapsed_embargo in p" in entry.title
    ]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Built once, around the transactions of the tests, for those of this module only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        a_world()
        yield
        transaction.set_rollback(True)


def rows_of(model: Any) -> list[Any]:
    """All, read anew, for the state of an entry is its case's too; with what they hang on, in one query."""
    behind = {Event: ["case"], Proceeding: ["case"], Statement: ["event__case"], Case: []}
    names = [
        "__".join(filter(None, (field.name, path)))
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.model in behind
        for path in ["", *behind[field.remote_field.model]]
    ]
    return list(model._default_manager.select_related(*names))


def test_public_rows_of_every_model_are_those_of_the_reference(world: None) -> None:
    for model, rule in REFERENCE.items():
        rows = rows_of(model)
        expected = {row.pk for row in rows if rule(row)}
        public = [row.pk for row in model._default_manager.public()]
        assert set(public) == expected, model.__name__
        # A rule that joins must not show a row twice.
        assert len(public) == len(set(public)), model.__name__
        # The world is worth its name: of each model there are rows of both kinds.
        assert expected, model.__name__
        assert len(expected) < len(rows), model.__name__


def test_question_about_one_row_has_the_same_answer(world: None) -> None:
    for model, rule in REFERENCE.items():
        rows = rows_of(model)
        for row in rows[:: max(1, len(rows) // 12)]:
            assert is_public(row) is rule(row), f"{model.__name__}: {row}"


def test_own_state_of_a_row_agrees_with_the_rule(world: None) -> None:
    public_cases = set(Case.objects.public())
    assert {case for case in rows_of(Case) if case.is_published_now} == public_cases
    public_entries = set(Event.objects.public())
    assert {
        event for event in rows_of(Event) if event.is_published_now and event.case.is_published_now
    } == public_entries


def test_gone_cases_are_those_that_were_seen_and_taken_down(world: None) -> None:
    cases = rows_of(Case)
    assert set(Case.objects.gone()) == {case for case in cases if taken_down(case)}
    assert {case.name for case in Case.objects.gone()} == {"Case withdrawn", "Case withheld"}
    assert {case for case in cases if case.is_gone} == set(Case.objects.gone())


def test_gone_entries_were_seen_in_a_case_that_was_seen(world: None) -> None:
    expected = {
        event
        for event in rows_of(Event)
        if seen(event) and seen(event.case) and (taken_down(event) or taken_down(event.case))
    }
    assert set(Event.objects.gone()) == expected
    titles = {event.title for event in expected}
    assert "Ruling withdrawn in published" in titles
    assert "Ruling published in withheld" in titles
    # Nobody ever saw these, so nothing may tell that they exist.
    assert not {f"Ruling {state} in withdrawn" for state in ("draft", "embargoed", "withheld_unseen")} & titles
    assert not {f"Ruling withdrawn in {state}" for state in ("draft", "embargoed", "withdrawn_unseen")} & titles


def test_nothing_is_both_public_and_gone(world: None) -> None:
    assert Case.objects.gone()
    assert not Case.objects.public() & Case.objects.gone()
    assert Event.objects.gone()
    assert not Event.objects.public() & Event.objects.gone()


def test_public_rows_hang_on_public_rows_only(world: None) -> None:
    assert all(published(event.case) for event in Event.objects.public().select_related("case"))
    for treatment in Treatment.objects.public():
        assert treatment.target is None or is_public(treatment.target)
    for transfer in Transfer.objects.public():
        assert transfer.origin is None or is_public(transfer.origin)
        assert transfer.destination is None or is_public(transfer.destination)


def test_rule_costs_one_query_for_every_model(world: None, django_assert_num_queries: Any) -> None:
    for model in REFERENCE:
        with django_assert_num_queries(1):
            assert list(model._default_manager.public())


def test_rule_chains_behind_other_words(world: None) -> None:
    rulings = Event.objects.rulings().public().in_order()
    assert {event.title for event in rulings} == {
        f"Ruling {state} in {case_state}"
        for state in ("published", "lapsed_embargo")
        for case_state in ("published", "lapsed_embargo")
    }
    assert list(Ruling.objects.public().values_list("pk", flat=True)) == [ruling.pk for ruling in rulings][::-1]


def test_every_model_has_its_rule_or_is_named_without_one() -> None:
    ours: list[Any] = [
        model for model in apps.get_app_config("casetracker").get_models() if not model.__name__.endswith("Revision")
    ]
    ruled = {model.__name__ for model in ours if hasattr(model._default_manager, "public")}
    assert ruled == {model.__name__ for model in REFERENCE}
    assert {model.__name__ for model in ours} - ruled == WITHOUT_A_RULE
