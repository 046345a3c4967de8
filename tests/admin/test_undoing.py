"""Going back: an earlier version in the form, what was deleted, a correction from a change. All of it is recorded."""

from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client

from casetracker import history, publication, restoring, roles
from casetracker.models import Case, CaseTopic, Correction, DocketEntry, Event, Reference, RulingJudge, Source

pytestmark = pytest.mark.django_db

Address = Callable[..., str]
Fill = Callable[..., dict[str, Any]]


def offered(response: Any, label: str) -> list[str]:
    """The addresses that a history offers under this label, the newest change first."""
    return [url for _, offers in response.context["listed"] for told, url in offers if told == label]


# --- an earlier version ---------------------------------------------------------------------------------------------


def test_earlier_version_fills_the_form_and_is_saved_only_when_the_editor_saves(
    editor_client: Client, editor: Any, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory(title="First", summary="One")
    Event.objects.filter(pk=entry.pk).update(title="Second", summary="Two")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casetracker_event SET title = 'Third' WHERE id = %s", [entry.pk])
    urls = offered(editor_client.get(address("event", "history", entry.pk)), "Restore this version")
    # The newest version is there already.
    assert len(urls) == 2
    response = editor_client.get(urls[-1])
    assert response.context["adminform"].form["title"].value() == "First"
    body = response.content.decode()
    assert "Nothing is saved yet. Look it over" in body
    told = {field.name: (field.old, field.new) for field in response.context["restored_fields"]}
    assert told == {"title": ("Third", "First"), "summary": ("Two", "One")}
    entry.refresh_from_db()
    assert entry.title == "Third"
    data = fill(editor_client, urls[-1]) | {"_restores": "1"}
    assert 'name="_restores" value="1"' in body
    assert editor_client.post(urls[-1], data).status_code == 302
    entry.refresh_from_db()
    assert (entry.title, entry.summary) == ("First", "One")
    change = history.changes(entry)[0][0]
    assert (change.done, change.who) == ("restore an earlier version", editor.username)


def test_earlier_version_is_checked_like_any_other(editor_client: Client, address: Address, fill: Fill) -> None:
    court = make.CourtFactory()
    entry = make.EventFactory(court=court)
    Event.objects.filter(pk=entry.pk).update(court=None)
    court.delete()
    urls = offered(editor_client.get(address("event", "history", entry.pk)), "Restore this version")
    data = fill(editor_client, urls[-1]) | {"_restores": "1", "title": ""}
    response = editor_client.post(urls[-1], data)
    assert response.status_code == 200
    assert "title" in response.context["adminform"].form.errors
    assert 'name="_restores" value="1"' in response.content.decode()


def test_restoring_over_somebody_elses_save_is_told_as_a_conflict(
    editor_client: Client, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory(title="First")
    Event.objects.filter(pk=entry.pk).update(title="Second")
    url = offered(editor_client.get(address("event", "history", entry.pk)), "Restore this version")[0]
    data = fill(editor_client, url)
    Event.objects.filter(pk=entry.pk).update(title="Third")
    response = editor_client.post(url, data)
    difference = response.context["conflict"].fields["title"].difference
    assert (difference.opened, difference.saved, difference.typed) == ("Second", "Third", "First")


def test_earlier_version_of_a_row_that_hangs_on_it(editor_client: Client, address: Address, fill: Fill) -> None:
    ruling = make.RulingFactory()
    reference = make.ReferenceFactory(event=ruling, pinpoint="p. 1")
    Reference.objects.update(pinpoint="p. 2")
    url = offered(editor_client.get(address("ruling", "history", ruling.pk)), "Restore this version of the row")[0]
    response = editor_client.get(url)
    assert [(field.old, field.new) for field in response.context["restored_fields"]] == [("p. 2", "p. 1")]
    assert editor_client.post(url, fill(editor_client, url)).status_code == 302
    reference.refresh_from_db()
    assert reference.pinpoint == "p. 1"


def test_deleted_row_that_hung_on_it_stands_in_the_form_again(
    editor_client: Client, address: Address, fill: Fill
) -> None:
    ruling = make.RulingFactory()
    make.ReferenceFactory(event=ruling, pinpoint="p. 1")
    judge = make.RulingJudgeFactory(ruling=ruling, role="dissented").judge
    RulingJudge.objects.all().delete()
    url = offered(editor_client.get(address("ruling", "history", ruling.pk)), "Bring this row back")[0]
    assert editor_client.post(url, fill(editor_client, url)).status_code == 302
    assert (RulingJudge.objects.get().judge, RulingJudge.objects.get().role) == (judge, "dissented")
    assert ruling.references.count() == 1


@pytest.mark.parametrize(
    "asked", ["", "event", "event:", "event:0", "event:x", "event:١", "event:" + "9" * 5000, "x:1"]
)
def test_version_that_is_none_shows_the_form_as_it_is(editor_client: Client, address: Address, asked: str) -> None:
    entry = make.EventFactory(title="First")
    other = make.EventFactory(title="Other")
    revision = history.revisions_of(Event).objects.get(pgh_obj_id=other.pk).pk
    for each in (asked, f"event:{revision}"):
        response = editor_client.get(address("event", "change", entry.pk), {"restore": each})
        assert response.context["adminform"].form["title"].value() == "First"
        assert "restored" not in response.context


# --- what was deleted -----------------------------------------------------------------------------------------------


def test_deleted_entry_comes_back_with_its_address_and_the_rows_that_hung_on_it(
    editor_client: Client, editor: Any, address: Address, confirmation: Callable[[Any], dict[str, Any]]
) -> None:
    ruling = make.RulingFactory(title="Order", summary="An hour's work.")
    proceeding = make.ProceedingFactory(case=ruling.case, court=ruling.court)
    make.DocketEntryFactory(event=ruling, proceeding=proceeding, number="21")
    make.ReferenceFactory(event=ruling, pinpoint="p. 1")
    make.RulingJudgeFactory(ruling=ruling)
    gone_before = make.ReferenceFactory(event=ruling, pinpoint="gone before")
    key, public_id = ruling.pk, ruling.public_id
    gone_before.delete()
    path = address("ruling", "delete", key)
    editor_client.post(path, confirmation(editor_client.get(path)))
    assert not Event.objects.exists()

    listed = editor_client.get(f"{address('ruling', 'deleted')}?case={ruling.case_id}")
    row = listed.context["rows"][0]
    assert (row.label, row.who) == ("4 April 2025: Order", editor.username)
    assert editor_client.get(f"{address('ruling', 'deleted')}?case=987654").context["rows"] == []
    path = address("ruling", "undelete", row.revision)
    body = editor_client.get(path).content.decode()
    assert "An hour&#x27;s work." in body
    assert "It comes back as a draft, with its old address." in body
    assert not Event.objects.exists()
    response = editor_client.post(path, follow=True)
    assert "is back, with 3 rows that hung on it." in response.content.decode()
    back = Event.objects.get()
    assert (back.pk, back.public_id, back.summary, back.state) == (key, public_id, "An hour's work.", "draft")
    assert DocketEntry.objects.get().number == "21"
    assert Reference.objects.get().pinpoint == "p. 1"
    assert RulingJudge.objects.count() == 1
    # It is recorded as an act of its own, and the list is empty again.
    change = history.changes(back)[0][0]
    assert (change.act, change.done, change.who) == ("added", "bring back", editor.username)
    assert editor_client.get(address("ruling", "deleted")).context["rows"] == []
    again = editor_client.post(path, follow=True)
    assert "It is there: nothing has to be brought back." in again.content.decode()


def test_deleted_by_raw_sql_comes_back_too(editor_client: Client, address: Address) -> None:
    source = make.SourceFactory(title="A source")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM casetracker_source WHERE id = %s", [source.pk])
    row = editor_client.get(address("source", "deleted")).context["rows"][0]
    assert row.who == "whoever wrote directly to the database"
    editor_client.post(address("source", "undelete", row.revision))
    assert Source.objects.get().title == "A source"


def test_case_comes_back_with_its_topics(editor_client: Client, address: Address) -> None:
    case = make.CaseFactory(name="Gone v. Back", slug="gone-v-back")
    case.topics.add(make.TopicFactory(name="Immigration"))
    case.delete()
    row = editor_client.get(address("case", "deleted")).context["rows"][0]
    editor_client.post(address("case", "undelete", row.revision))
    assert Case.objects.get().slug == "gone-v-back"
    assert CaseTopic.objects.get().topic.name == "Immigration"


def test_case_comes_back_with_its_topics_and_related_cases_and_what_cannot_come_back_is_named(
    editor_client: Client, address: Address, confirmation: Callable[[Any], dict[str, Any]]
) -> None:
    case = make.CaseFactory(name="Gone v. Back")
    stays, goes = make.TopicFactory(name="Immigration"), make.TopicFactory(name="Removal")
    near, lost = make.CaseFactory(name="Near v. By"), make.CaseFactory(name="Lost v. Found")
    from_there = make.CaseFactory(name="There v. Here")
    case.topics.add(stays, goes)
    case.related.add(near, lost)
    from_there.related.add(case)
    path = address("case", "delete", case.pk)
    editor_client.post(path, confirmation(editor_client.get(path)))
    goes.delete()
    lost.delete()
    rows = editor_client.get(address("case", "deleted")).context["rows"]
    path = address("case", "undelete", next(row.revision for row in rows if row.label == "Gone v. Back"))
    page = editor_client.get(path)
    assert sorted(page.context["rows"]) == [
        "Related case “Lost v. Found”", "Related case “Near v. By”", "Related case “There v. Here”",
        "Topic “Immigration”", "Topic “Removal”",
    ]  # fmt: skip
    body = editor_client.post(path, follow=True).content.decode()
    back = Case.objects.get(name="Gone v. Back")
    assert list(back.topics.all()) == [stays]
    assert set(back.related.all()) == {near, from_there}
    assert back in from_there.related.all()
    assert body.count("Not brought back:") == 2
    assert "Not brought back: topic “Removal”: Something that it refers to is gone" in body
    assert "Not brought back: related case “Lost v. Found”: Something that it refers to is gone" in body


def test_row_whose_place_is_taken_does_not_come_back_and_says_why(editor_client: Client, address: Address) -> None:
    case = make.CaseFactory(slug="a-v-b")
    case.delete()
    make.CaseFactory(slug="a-v-b")
    row = editor_client.get(address("case", "deleted")).context["rows"][0]
    response = editor_client.post(address("case", "undelete", row.revision), follow=True)
    assert "already exists" in response.content.decode()
    assert Case.objects.count() == 1


def test_row_that_hung_on_it_and_cannot_come_back_is_named(editor_client: Client, address: Address) -> None:
    ruling = make.RulingFactory(title="Order")
    source = make.ReferenceFactory(event=ruling).source
    ruling.delete()
    source.delete()
    row = editor_client.get(address("ruling", "deleted")).context["rows"][0]
    body = editor_client.post(address("ruling", "undelete", row.revision), follow=True).content.decode()
    assert "with 0 rows that hung on it" in body
    assert "Not brought back: reference" in body
    assert Event.objects.get().title == "Order"


def test_history_of_a_case_leads_to_what_was_deleted_under_it(editor_client: Client, address: Address) -> None:
    case = make.CaseFactory()
    lists = dict(editor_client.get(address("case", "history", case.pk)).context["deleted_lists"])
    assert lists["entries"] == f"{address('event', 'deleted')}?case={case.pk}"
    assert "What was deleted" in editor_client.get(address("event")).content.decode()


def test_contributor_is_not_shown_what_was_deleted(editor_client: Client, address: Address) -> None:
    contributor = make.UserFactory(is_staff=True)
    contributor.groups.add(Group.objects.get(name=roles.CONTRIBUTOR))
    client = Client()
    client.force_login(contributor)
    entry = make.EventFactory(created_by=contributor)
    entry.delete()
    row = editor_client.get(address("event", "deleted")).context["rows"][0]
    path = address("event", "undelete", row.revision)
    assert client.get(address("event", "deleted")).status_code == 403
    assert client.get(path).status_code == client.post(path).status_code == 403
    assert "What was deleted" not in client.get(address("event")).content.decode()
    assert not Event.objects.exists()


def test_merged_entry_does_not_come_back_beside_the_address_that_it_left(
    editor_client: Client, address: Address
) -> None:
    entry, first = make.EventFactory(), make.EventFactory()
    public_id = entry.public_id
    entry.delete()
    make.FormerEntryFactory(event=first, public_id=public_id)
    row = editor_client.get(address("event", "deleted")).context["rows"][0]
    response = editor_client.post(address("event", "undelete", row.revision), follow=True)
    assert "something stands in its place" in response.content.decode()
    assert Event.objects.get() == first


def test_list_of_what_was_deleted_has_pages(editor_client: Client, address: Address) -> None:
    for number in range(52):
        make.TopicFactory(name=f"Topic {number}").delete()
    first = editor_client.get(address("topic", "deleted"))
    second = editor_client.get(address("topic", "deleted"), {"p": 2})
    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 2)
    for page in ("abc", "0", "9" * 5000, "99"):
        assert editor_client.get(address("topic", "deleted"), {"p": page, "case": page}).status_code == 200


@pytest.mark.parametrize("revision", ["0", "987654321", "9" * 40])
def test_number_of_nothing_deleted_leads_to_the_list(editor_client: Client, address: Address, revision: str) -> None:
    path = f"{address('event', 'deleted')}{revision}/"
    assert editor_client.get(path).headers["Location"] == address("event", "deleted")
    assert editor_client.post(path).headers["Location"] == address("event", "deleted")


def test_what_comes_back_is_never_published_by_it(editor: Any) -> None:
    case = make.CaseFactory(in_review=True)
    case.delete()
    revision = restoring.deleted(Case, {})[0][0].revision
    assert restoring.bring_back(Case, revision, actor=editor).row.state == "draft"  # type: ignore[attr-defined]  # a case has one


# --- a correction ---------------------------------------------------------------------------------------------------


def test_correction_is_not_offered_for_what_was_changed_before_readers_saw_it(
    editor_client: Client, address: Address
) -> None:
    entry = make.EventFactory(title="Motion to dismiss")
    Event.objects.filter(pk=entry.pk).update(title="Motion to transfer")
    publication.publish(entry, actor=None)
    response = editor_client.get(address("event", "history", entry.pk))
    assert "Motion to transfer" in response.content.decode()
    assert offered(response, "Write a correction from this change") == []


def test_correction_is_begun_from_a_change_and_is_a_record_of_its_own(
    editor_client: Client, stranger_client: Client, address: Address, fill: Fill
) -> None:
    entry = make.EventFactory(case=make.CaseFactory(published=True), title="Motion to dismiss", note="")
    # An hour ago: all that a test writes has the moment at which it began.
    Event.objects.filter(pk=entry.pk).update(**make.publication_columns())
    Event.objects.filter(pk=entry.pk).update(title="Motion to transfer", note="The day is inferred.")
    # Not from the publication of the entry.
    url, *_entered = offered(
        editor_client.get(address("event", "history", entry.pk)), "Write a correction from this change"
    )
    data = fill(editor_client, url)
    assert "Title: it said “Motion to dismiss”; it says “Motion to transfer”." in data["text"]
    assert "Note on the record: “The day is inferred.” was added." in data["text"]
    assert (data["case"], data["event"]) == (entry.case_id, entry.pk)
    assert not Correction.objects.exists()
    data["text"] = "The title named the wrong motion."
    assert editor_client.post(url, data).status_code == 302
    assert Correction.objects.get().event == entry
    assert "The title named the wrong motion." in stranger_client.get(entry.get_absolute_url()).content.decode()


def test_correction_is_not_offered_for_what_readers_never_saw_and_tells_nothing_private(
    editor_client: Client, address: Address
) -> None:
    draft = make.EventFactory(title="First")
    Event.objects.filter(pk=draft.pk).update(title="Second")
    label = "Write a correction from this change"
    assert offered(editor_client.get(address("event", "history", draft.pk)), label) == []
    withheld = make.CaseFactory(withheld=True)
    Case.objects.filter(pk=withheld.pk).update(state_reason="A sealed reason")
    for url in offered(editor_client.get(address("case", "history", withheld.pk)), label):
        assert "A sealed reason" not in str(editor_client.get(url).context["adminform"].form.initial)


@pytest.mark.parametrize("change", ["", "event:1", "nothing:1", "event:x", "event:" + "9" * 5000, ":", "user:1"])
def test_correction_from_no_change_is_an_empty_form(editor_client: Client, address: Address, change: str) -> None:
    response = editor_client.get(address("correction", "add"), {"change": change})
    assert response.status_code == 200
    assert "text" not in response.context["adminform"].form.initial
