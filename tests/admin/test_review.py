"""Who is asked for a review: chosen on the desk, and shown on lists, on screens and on their own first page."""

from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.test import Client

from casetracker import publication, restoring, reworking
from casetracker.models import Event, State
from casetracker.publication import PublicationError
from casetracker.roles import CONTRIBUTOR, EDITOR

pytestmark = pytest.mark.django_db

Address = Callable[..., str]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ann() -> Any:
    return make.in_role(EDITOR, username="ann")


@pytest.fixture
def ben() -> Any:
    return make.in_role(EDITOR, username="ben")


@pytest.mark.parametrize("maker", [make.CaseFactory, make.RulingFactory])
def test_contributor_asks_an_editor_and_takes_it_back(maker: Any, ann: Any, ben: Any, address: Address) -> None:
    user = make.in_role(CONTRIBUTOR, username="cleo")
    row = maker(created_by=user)
    client, model = signed_in(user), row._meta.model_name
    path = address(model, "publication", row.pk, "review")
    offered = client.get(path).context["form"].fields["reviewer"].queryset
    assert [person.username for person in offered] == ["ann", "ben"]
    assert client.post(path, {"reviewer": ann.pk}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reviewer, row.state_changed_by) == (State.IN_REVIEW, ann, user)
    assert "ann is asked to review it" in client.get(address(model, "change", row.pk)).content.decode()
    assert client.post(address(model, "publication", row.pk, "reviewer"), {"reviewer": ben.pk}).status_code == 302
    row.refresh_from_db()
    assert row.reviewer == ben
    assert client.post(address(model, "publication", row.pk, "draft"), {}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reviewer) == (State.DRAFT, None)


@pytest.mark.parametrize("sent", ["abc", "\x00", "9" * 5000, "-1", "0"])
def test_reviewer_that_is_nobody_is_refused_in_words(editor_client: Client, address: Address, sent: str) -> None:
    row = make.EventFactory()
    response = editor_client.post(address("event", "publication", row.pk, "review"), {"reviewer": sent})
    assert response.status_code == 200
    assert response.context["form"].errors["reviewer"]
    row.refresh_from_db()
    assert row.state == State.DRAFT


def test_review_is_asked_only_of_who_could_publish(ann: Any) -> None:
    row = make.EventFactory()
    for person in (make.in_role(CONTRIBUTOR), make.in_role(EDITOR, is_active=False), make.UserFactory(is_staff=True)):
        with pytest.raises(PublicationError, match="cannot be asked"):
            publication.submit_for_review(row, actor=None, reviewer=person)
    publication.submit_for_review(row, actor=None, reviewer=ann)
    assert row.reviewer == ann


@pytest.mark.parametrize(
    "act",
    [
        lambda row: publication.publish(row, actor=None),
        lambda row: publication.return_to_draft(row, actor=None),
        lambda row: publication.withhold(row, actor=None, reason="Order."),
    ],
    ids=["publish", "return", "withhold"],
)
def test_review_that_is_over_waits_for_nobody(act: Callable[[Any], Any], ann: Any) -> None:
    row = publication.submit_for_review(make.EventFactory(), actor=None, reviewer=ann)
    act(row)
    row.refresh_from_db()
    assert row.reviewer is None


def test_first_page_shows_what_waits_for_whoever_looks(ann: Any, ben: Any) -> None:
    entry, case = make.EventFactory(title="For Ann"), make.CaseFactory(name="Case for Ann")
    publication.submit_for_review(entry, actor=None, reviewer=ann)
    publication.submit_for_review(case, actor=None, reviewer=ann)
    make.EventFactory(title="For whoever has time", in_review=True)
    context = signed_in(ann).get("/admin/").context
    assert context["waiting"] == [case, entry]
    assert [row.title for row in context["in_review"]] == ["For whoever has time"]
    response = signed_in(ben).get("/admin/")
    assert response.context["waiting"] == []
    assert "Waiting for my review" not in response.content.decode()
    assert "asked of ann" in response.content.decode()
    assert {row.title for row in response.context["in_review"]} == {"For Ann", "For whoever has time"}


def test_first_page_shows_own_drafts_and_nobody_elses(ann: Any) -> None:
    own = make.EventFactory(created_by=ann, title="Half done")
    make.EventFactory(title="Somebody else's")
    assert signed_in(ann).get("/admin/").context["own_drafts"] == [own]


def test_lists_show_and_filter_by_who_is_asked(ann: Any, ben: Any, address: Address) -> None:
    rows: dict[str, Any] = {
        "mine": publication.submit_for_review(make.RulingFactory(), actor=None, reviewer=ann),
        "others": publication.submit_for_review(make.RulingFactory(), actor=None, reviewer=ben),
        "nobodys": make.RulingFactory(in_review=True),
    }
    make.RulingFactory()
    client = signed_in(ann)
    assert "</span> ben" in client.get(address("ruling")).content.decode()
    for value, row in rows.items():
        for model in ("ruling", "event"):
            found = client.get(address(model), {"review": value}).context["cl"].result_list
            assert [item.pk for item in found] == [row.pk]
    assert len(client.get(address("ruling"), {"review": "nonsense"}).context["cl"].result_list) == 4


def test_entry_split_off_or_brought_back_is_a_draft_of_whose_review_nobody_is_asked(ann: Any) -> None:
    dockets = make.DocketEntryFactory.create_batch(2)
    entry = dockets[0].event
    proceeding = make.ProceedingFactory(case=entry.case, court=entry.court)
    second = make.DocketEntryFactory(event=entry, proceeding=proceeding)
    publication.submit_for_review(entry, actor=None, reviewer=ann)
    new = reworking.split(entry.case.pk, entry.pk, dockets=[second.pk], title="The other", date=entry.date).entry
    assert (new.state, new.reviewer) == (State.DRAFT, None)
    asked = publication.submit_for_review(make.EventFactory(title="Gone"), actor=None, reviewer=ann)
    asked.delete()
    revision = restoring.deleted(Event, {})[0][0].revision
    back: Any = restoring.bring_back(Event, revision, actor=ann).row
    assert (back.title, back.state, back.reviewer) == ("Gone", State.DRAFT, None)
