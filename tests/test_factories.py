"""The factories themselves: what they build is valid, and the flags mean what they say."""

from typing import Any

import factories
import pytest
from django.apps import apps

from casetracker import publication
from casetracker.models import Case, Event, Ruling

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "make",
    [factories.UserFactory, factories.EditorFactory, *factories.FACTORIES.values()],
    ids=lambda make: make.__name__,
)
def test_what_a_factory_builds_passes_full_clean_twice(make: Any) -> None:
    for row in (make(), make()):
        row.refresh_from_db()
        row.full_clean()
        assert str(row)


def test_every_model_has_a_factory() -> None:
    ours = {
        model
        for model in apps.get_app_config("casetracker").get_models()
        if not model.__name__.endswith("Revision") and not model._meta.auto_created
    }
    # A redaction is only ever written by the act itself, the place of a case by triggers.
    without = {"CaseTopic", "RelatedCase", "CourtAppeal", "Redaction", "CasePlace"}
    assert {model.__name__ for model in ours - set(factories.FACTORIES)} == without


@pytest.mark.parametrize("flag", factories.FLAGS)
@pytest.mark.parametrize("make", [factories.CaseFactory, factories.EventFactory, factories.RulingFactory])
def test_a_flag_leads_to_its_state(make: Any, flag: str) -> None:
    row = make(**{flag: True})
    seen = {
        "draft": ("draft", False, False),
        "in_review": ("in_review", False, False),
        "published": ("published", True, False),
        "embargoed": ("published", False, False),
        "withdrawn": ("withdrawn", True, True),
        "withheld": ("withheld", True, True),
        "withdrawn_unseen": ("withdrawn", False, False),
        "withheld_unseen": ("withheld", False, False),
    }[flag]
    assert (row.state, row.has_been_public, row.is_gone) == seen
    if isinstance(row, Event):
        assert row.case.is_published_now is (flag != "draft")


def test_two_states_at_once_are_refused() -> None:
    with pytest.raises(ValueError, match="published and withheld"):
        factories.CaseFactory(published=True, withheld=True)


@pytest.mark.parametrize("make", [factories.CaseFactory, factories.EventFactory, factories.RulingFactory])
def test_what_is_made_public_is_as_the_act_leaves_it(make: Any) -> None:
    names = [field.name for field in make._meta.model._meta.concrete_fields]
    acted, made = make(), make(published=True)
    if isinstance(acted, Event):
        Case.objects.filter(pk=acted.case_id).update(**factories.publication_columns())
    publication.publish(acted, actor=None)
    in_memory = {name: getattr(made, name) for name in factories.publication_columns()}
    for row in (acted, made):
        row.refresh_from_db()
        assert row.is_published_now
        assert row.published_from == row.first_public_at
        assert row.published_from <= row.state_changed_at
    assert {name: getattr(made, name) for name in in_memory} == in_memory
    columns = [name for name in names if name.startswith(("state", "reviewer", "version"))]
    assert len(columns) >= 5
    columns.remove("state_changed_at")
    assert {name: getattr(made, name) for name in columns} == {name: getattr(acted, name) for name in columns}
    assert set(type(made).objects.public()) == {acted, made}


def test_publication_columns_make_a_row_public_in_bulk() -> None:
    bulk = Case.objects.bulk_create([factories.CaseFactory.build(**factories.publication_columns())])[0]
    bulk.refresh_from_db()
    assert bulk.first_public_at == bulk.published_from
    assert set(Case.objects.public()) == {bulk}


def test_the_two_court_dispute_is_public_in_the_order_of_its_entries() -> None:
    dispute = factories.two_court_dispute()
    assert list(dispute.case.events.public().in_order()) == dispute.entries
    assert list(Ruling.objects.public()) == [dispute.appeal_order, dispute.order]


def test_the_two_court_dispute_can_be_a_draft() -> None:
    dispute = factories.two_court_dispute(published=False)
    assert not Case.objects.public().exists()
    assert not Event.objects.public().exists()
    assert dispute.case.events.count() == 6
