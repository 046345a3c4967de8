"""The page that lays two rows side by side and makes one of them, and the notes of pairs that are two."""

import re
from typing import Any

import factories as make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from threads import run_together

from casetracker import duplicates, history, roles
from casetracker.models import Attorney, Case, Court, FormerParty, NotTheSame, Party, PartyRole, Role

pytestmark = pytest.mark.django_db

Address = Any
MAKERS: dict[str, Any] = {
    "party": make.PartyFactory, "attorney": make.AttorneyFactory, "judge": make.JudgeFactory,
    "court": make.CourtFactory, "case": make.CaseFactory,
}  # fmt: skip
each_kind = pytest.mark.parametrize("slug", list(MAKERS))


def page(slug: str) -> str:
    return reverse("admin:joining", args=[slug])


def listing(slug: str) -> str:
    return reverse("admin:quality_list", args=[duplicates.BY_KIND[slug].slug])


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make.in_role(role))
    return client


@pytest.fixture
def chief() -> Client:
    return signed_in(roles.CHIEF_EDITOR)


@pytest.fixture
def pair() -> tuple[Party, Party]:
    """Two parties that are one: the second has more to it."""
    first = make.PartyFactory(name="Kristi Noem", description="")
    second = make.PartyFactory(name="Kristi L. Noem", description="Secretary")
    make.PartyRoleFactory.create_batch(2, party=second)
    make.PartyRoleFactory(party=first)
    return first, second


def sent(response: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would send from the page, with `changes`."""
    context = response.context
    data: dict[str, Any] = {
        "row": [side.key for side in context["sides"]],
        "kept": next(side.key for side in context["sides"] if side.is_kept),
        "looked_at": context["looked_at"],
        "seen": context["seen"],
        **context["came_from"],
    }
    for line in context["lines"]:
        if not line.is_same:
            data[line.html_name] = next(cell.key for cell in line.cells if cell.is_chosen)
    return {**data, **changes}


def compared(client: Client, *rows: Any, **also: Any) -> Any:
    response = client.get(page(rows[0]._meta.model_name), {"row": [row.pk for row in rows], **also})
    assert response.status_code == 200
    return response


# --- merging ----------------------------------------------------------------------------------------------------------


def test_from_the_list_of_what_is_alike_two_presses_make_one(chief: Client, pair: tuple[Party, Party]) -> None:
    (line,) = chief.get(listing("party")).context["lines"]
    response = chief.get(line.compare)
    body = response.content.decode()
    assert "Moves over: 1 roles in proceedings." in body
    response = chief.post(page("party"), sent(response, _merge="Merge them"), follow=True)
    assert response.redirect_chain == [(f"{listing('party')}?p=1", 302)]
    assert "Merged into “Kristi L. Noem”." in response.content.decode()
    kept = Party.objects.get()
    assert (kept.name, kept.description, kept.roles.count()) == ("Kristi L. Noem", "Secretary", 3)
    assert FormerParty.objects.get().slug == pair[0].slug


@each_kind
def test_page_shows_both_field_by_field_with_what_hangs_on_each(chief: Client, slug: str) -> None:
    first, second = MAKERS[slug].create_batch(2)
    if slug == "party":
        make.PartyRoleFactory(party=second)
    elif slug == "judge":
        make.RulingJudgeFactory(judge=second)
    elif slug == "attorney":
        make.RepresentationFactory(attorney=second)
    else:
        make.RulingFactory(**{slug: second})
    response = compared(chief, first, second)
    body = response.content.decode()
    counts = {str(name): [number for _side, number in numbers] for name, numbers in response.context["counts"]}
    counted = {"party": "Roles in proceedings", "judge": "Rulings", "attorney": "Parties"}
    assert counts[counted.get(slug, "Rulings among them")] == [0, 1]
    paths = [getattr(row, "get_absolute_url", str)() for row in (first, second)]
    assert [side.path for side in response.context["sides"]] == paths
    assert ("Address" in body) == (slug != "attorney")
    by_name = {line.name: line for line in response.context["lines"]}
    assert [cell.text for cell in by_name["name"].cells] == [first.name, second.name]
    assert "the same in both" in body
    assert body.count("<h1") == 1


def test_chosen_value_stays_and_another_row_may_stay(chief: Client, pair: tuple[Party, Party]) -> None:
    first, second = pair
    response = compared(chief, first, second)
    assert response.context["looked_at"] == str(second.pk)
    # Another one is to stay: what nobody chose goes with it, and an empty value gives way to one that says something.
    response = chief.post(page("party"), sent(response, kept=first.pk, _look="Show"))
    assert response.context["looked_at"] == str(first.pk)
    chosen = {line.name: next(c.text for c in line.cells if c.is_chosen) for line in response.context["lines"]}
    assert (chosen["name"], chosen["description"]) == ("Kristi Noem", "Secretary")
    chief.post(page("party"), sent(response, **{"value-name": second.pk}, _merge="Merge them"))
    first.refresh_from_db()
    assert (first.name, first.description) == ("Kristi L. Noem", "Secretary")
    assert Party.objects.count() == 1


def test_one_that_was_chosen_after_the_look_is_looked_at_first(chief: Client, pair: tuple[Party, Party]) -> None:
    first, second = pair
    response = chief.post(page("party"), sent(compared(chief, first, second), kept=first.pk, _merge="Merge them"))
    assert "Another one than before is to stay now." in response.content.decode()
    assert Party.objects.count() == 2
    chief.post(page("party"), sent(response, _merge="Merge them"))
    assert Party.objects.get() == first


@pytest.mark.parametrize("write", ["row", "hanging"])
def test_what_changed_since_it_was_shown_is_shown_again_with_every_choice(
    chief: Client, pair: tuple[Party, Party], write: str
) -> None:
    first, second = pair
    response = compared(chief, first, second)
    if write == "row":
        Party.objects.filter(pk=second.pk).update(description="Changed meanwhile")
    else:
        make.PartyRoleFactory(party=first)
    choices = {"value-name": str(first.pk), "note": "typed"}
    response = chief.post(page("party"), sent(response, **choices, _merge="Merge them"))
    body = response.content.decode()
    assert "Somebody changed one of the two, or what hangs on it, meanwhile." in body
    assert 'value="typed"' in body
    by_name = {line.name: line for line in response.context["lines"]}
    assert next(cell.key for cell in by_name["name"].cells if cell.is_chosen) == str(first.pk)
    assert ("Changed meanwhile" in body) is (write == "row")
    assert Party.objects.count() == 2
    chief.post(page("party"), sent(response, _merge="Merge them"))
    assert Party.objects.get().name == "Kristi Noem"


def test_row_that_is_gone_meanwhile_is_told_and_nothing_is_done(chief: Client, pair: tuple[Party, Party]) -> None:
    first, second = pair
    data = sent(compared(chief, first, second), _merge="Merge them")
    PartyRole.objects.all().delete()
    second.delete()
    response = chief.post(page("party"), data, follow=True)
    assert "One of the two is not there any more." in response.content.decode()
    assert Party.objects.get() == first
    first.delete()
    response = chief.post(page("party"), data, follow=True)
    assert "is not there any more" in response.content.decode()


def test_what_is_refused_is_said_with_its_rule_and_cannot_be_pressed(chief: Client) -> None:
    seen, withheld = make.CaseFactory(published=True), make.CaseFactory(withheld=True)
    response = compared(chief, seen, withheld)
    body = response.content.decode()
    assert "One of them is withheld. Lift the withholding first" in body
    assert 'name="_merge"' not in body
    chief.post(page("case"), sent(response, _merge="Merge them"))
    assert Case.objects.count() == 2


def test_values_that_do_not_go_together_are_told_and_nothing_is_lost(chief: Client) -> None:
    first, second = make.PartyFactory(name="Ann Bell"), make.PartyFactory(name="A.B.", is_minor=True)
    response = compared(chief, first, second)
    data = sent(response, kept=str(first.pk), looked_at=str(first.pk), _merge="Merge them")
    data |= {"value-name": str(first.pk), "value-is_minor": str(second.pk)}
    response = chief.post(page("party"), data)
    assert "initials" in " ".join(response.context["errors"])
    by_name = {line.name: line for line in response.context["lines"]}
    assert [cell.is_chosen for cell in by_name["is_minor"].cells] == [False, True]
    assert Party.objects.count() == 2


def test_court_of_courts_db_stays_unless_somebody_says_otherwise(chief: Client) -> None:
    own, known = make.CourtFactory(id="own", is_local=True), make.CourtFactory(id="known")
    make.ProceedingFactory(court=own)
    response = compared(chief, own, known)
    assert response.context["looked_at"] == "known"
    chief.post(page("court"), sent(response, _merge="Merge them"))
    assert Court.objects.filter(pk__in=["own", "known"]).get() == known


# --- where it begins --------------------------------------------------------------------------------------------------


@each_kind
def test_screen_leads_to_those_it_may_be_and_to_a_search(chief: Client, address: Address, slug: str) -> None:
    names = ("Garcia of Maryland", "Garcia of Marylands", "Something else")
    row, alike, other = (MAKERS[slug](name=name) for name in names)
    body = chief.get(address(slug, "change", row.pk)).content.decode()
    assert f'href="{page(slug)}?row={row.pk}"' in body
    response = chief.get(page(slug), {"row": row.pk})
    assert [text for text, _url in response.context["alike"]] == [
        text for text, _url in response.context["alike"] if "Garcia of Marylands" in text
    ]
    assert f"?row={row.pk}&amp;row={alike.pk}" in response.content.decode()
    response = chief.get(page(slug), {"row": row.pk, "q": "something"})
    assert [url for _text, url in response.context["found"]] == [f"{page(slug)}?row={row.pk}&row={other.pk}"]


@each_kind
def test_two_that_are_chosen_in_a_list_are_compared(chief: Client, address: Address, slug: str) -> None:
    rows = MAKERS[slug].create_batch(3)
    data = {"action": "compare_what_is_chosen", "_selected_action": [row.pk for row in rows[:2]], "index": 0}
    response = chief.post(address(slug), data)
    assert response.headers["Location"].startswith(f"{page(slug)}?row=")
    response = chief.post(address(slug), {**data, "_selected_action": [row.pk for row in rows]}, follow=True)
    assert "Choose two." in response.content.decode()


def test_screen_of_what_stayed_tells_its_former_addresses_and_its_history_the_merge(
    chief: Client, address: Address, pair: tuple[Party, Party]
) -> None:
    chief.post(page("party"), sent(compared(chief, *pair), _merge="Merge them"))
    kept = Party.objects.get()
    body = chief.get(address("party", "change", kept.pk)).content.decode()
    assert pair[0].slug in body
    assert "Known to readers" in body
    assert "merge" in chief.get(address("party", "history", kept.pk)).content.decode()
    court, old = make.CourtFactory(id="present"), make.CourtFactory(id="earlier")
    make.ProceedingFactory(court=court)
    chief.post(page("court"), sent(compared(chief, court, old), _merge="Merge them"))
    assert "earlier" in chief.get(address("court", "change", "present")).content.decode()


@pytest.mark.parametrize("slug", [slug for slug in MAKERS if slug != "attorney"])
def test_what_was_merged_is_not_brought_back_beside_what_stayed(chief: Client, address: Address, slug: str) -> None:
    kept, other = MAKERS[slug].create_batch(2)
    chief.post(page(slug), sent(compared(chief, kept, other), kept=kept.pk, looked_at=kept.pk, _merge="Merge them"))
    gone = history.revisions_of(type(kept)).objects.filter(pgh_label="delete").latest("pgh_id")
    response = chief.post(address(slug, "undelete", gone.pk), follow=True)
    assert response.status_code == 200
    assert re.search("leads there for ever|something stands in its place", response.content.decode())
    assert type(kept).objects.filter(pk__in=[kept.pk, other.pk]).get() == kept


def test_screen_of_an_attorney_tells_the_former_names(chief: Client, address: Address) -> None:
    first, second = make.AttorneyFactory(name="Ada Counsel"), make.AttorneyFactory(name="Ada B. Counsel")
    (line,) = chief.get(listing("attorney")).context["lines"]
    chief.post(page("attorney"), sent(chief.get(line.compare), kept=second.pk, looked_at=second.pk, _merge="Merge"))
    kept = Attorney.objects.get()
    assert kept == second
    body = chief.get(address("attorney", "change", kept.pk)).content.decode()
    assert "Former names, of attorneys who were merged into this one" in body
    assert f">{first.name}<" in body
    assert first.name in chief.get(address("attorney", "history", kept.pk)).content.decode()


def test_link_to_a_list_by_a_court_that_was_merged_leads_to_the_one_that_stayed(
    chief: Client, address: Address
) -> None:
    kept, old = make.CourtFactory(id="kept"), make.CourtFactory(id="old")
    entry, other = make.EventFactory(court=old, title="Found here"), make.EventFactory(title="Elsewhere")
    make.ProceedingFactory.create_batch(2, court=kept)
    chief.post(page("court"), sent(compared(chief, kept, old), _merge="Merge them"))
    body = chief.get(address("event"), {"court": "old"}).content.decode()
    assert entry.title in body
    assert other.title not in body


# --- who may, and whatever is sent ------------------------------------------------------------------------------------


@each_kind
def test_only_a_chief_editor_merges_and_an_editor_may_say_that_they_are_two(slug: str) -> None:
    first, second = MAKERS[slug].create_batch(2, name="Quite the same name")
    chief, editor, contributor = (signed_in(role) for role in reversed(roles.ROLES))
    data = sent(compared(chief, first, second), _merge="Merge them")
    body = compared(editor, first, second).content.decode()
    assert 'name="_merge"' not in body
    assert 'name="_apart"' in body
    assert editor.post(page(slug), data).status_code == 403
    assert contributor.get(page(slug), {"row": [first.pk, second.pk]}).status_code == 403
    assert contributor.post(page(slug), data).status_code == 403
    apart = {"row": [first.pk, second.pk], "_apart": "Not the same"}
    assert contributor.post(page(slug), apart).status_code == 403
    assert type(first).objects.filter(pk__in=[first.pk, second.pk]).count() == 2
    assert not NotTheSame.objects.exists()
    assert editor.post(page(slug), apart).status_code == 302
    assert NotTheSame.objects.count() == 1
    assert Client().post(page(slug), data).status_code == 302
    for client, has_act in ((editor, False), (contributor, False), (chief, True)):
        found = client.get(reverse(f"admin:casetracker_{slug}_change", args=[first.pk])).content.decode()
        assert (f"{page(slug)}?row=" in found) is has_act


HUGE = "9" * 5000
VALUES = ["", "\x00", "abc", "0", "-5", HUGE, str(10**30), "1e5", "١", "a" * 300, "\u202e", "<script>", "%00", "1:1"]
TELLING = ["\x00", HUGE]


@each_kind
def test_whatever_is_sent_is_answered_and_merges_nothing(chief: Client, slug: str) -> None:
    chief.raise_request_exception = False
    rows = MAKERS[slug].create_batch(3)
    two = [row.pk for row in rows[:2]]
    # All kinds read what is sent with the same code, so they share the other values out among them.
    others = [value for value in VALUES if value not in TELLING]
    for value in [*TELLING, *others[list(MAKERS).index(slug) :: len(MAKERS)]]:
        choices: list[list[Any]] = [[value], [*two, value]]
        # How many were chosen is asked before what they are, so a few values tell of the other ways to choose.
        if value in TELLING:
            choices += [[two[0], value], [two[0], two[0]], [rows[2].pk, value, two[0]]]
        for chosen in choices:
            data: dict[str, Any] = {
                "row": chosen, "kept": value, "looked_at": value, "seen": value, "note": value, "q": value,
                "from": value, "case": value, "p": value, "value-name": value, "value-kind": value,
            }  # fmt: skip
            responses = [chief.get(page(slug), data)]
            responses += [chief.post(page(slug), {**data, act: value}) for act in ("_merge", "_look", value or "x")]
            for response in responses:
                assert response.status_code in {200, 302, 400, 404}, (value[:20], response.status_code)
    assert type(rows[0]).objects.filter(pk__in=[row.pk for row in rows]).count() == 3


def test_forged_keys_name_only_rows_of_the_kind(chief: Client) -> None:
    party, case, other = make.PartyFactory(), make.CaseFactory(), make.PartyFactory()
    response = compared(chief, party, other)
    third = make.PartyFactory(name="A stranger")
    forged = sent(response, kept=third.pk, looked_at=third.pk, _merge="Merge them", **{"value-name": third.pk})
    response = chief.post(page("party"), forged)
    assert response.status_code == 200
    assert Party.objects.count() == 3
    assert "A stranger" not in {cell.text for line in response.context["lines"] for cell in line.cells}
    assert chief.get(page("nothing"), {"row": [party.pk, case.pk]}).status_code == 404
    assert chief.get(page("user"), {"row": 1}).status_code == 404
    # A choice that is none leaves the one that was likelier; the seal of what was seen is asked for too.
    response = chief.post(page("party"), {**sent(response), "kept": "x", "seen": "", "_merge": "Merge them"})
    assert Party.objects.count() == 3


def test_what_is_shown_is_escaped_and_kept_nowhere(chief: Client) -> None:
    evil = "<script>alert(1)</script>"
    rows = [make.PartyFactory(name=f"{evil}{mark}", description=evil) for mark in ("", " ")]
    chief.post(page("party"), {"row": [row.pk for row in rows], "_apart": "1", "note": evil})
    for response in (
        compared(chief, *rows),
        chief.get(page("party"), {"row": rows[0].pk, "q": evil}),
        chief.get(reverse("admin:told_apart")),
        chief.get(listing("party")),
    ):
        body = response.content.decode()
        assert evil not in body
        assert "style=" not in body
        assert response.headers["Cache-Control"] == "private, no-store"


def test_pages_ask_as_many_queries_for_much_as_for_little(chief: Client) -> None:
    counts = []
    for more in (1, 9):
        rows = [make.CaseFactory(name="Garcia v. Noem, in the matter of whatever") for _ in range(2)]
        for row in rows:
            make.RulingFactory.create_batch(more, case=row)
            make.PartyRoleFactory.create_batch(more, proceeding=make.ProceedingFactory(case=row))
        for _ in range(more):
            make.NotTheSameFactory(noted_by=make.UserFactory())
            none = {"party": None, "other_party": None}
            make.NotTheSameFactory(**none, case=make.CaseFactory(), other_case=make.CaseFactory())
            make.NotTheSameFactory(**none, court=make.CourtFactory(), other_court=make.CourtFactory())
        with CaptureQueriesContext(connection) as queries:
            compared(chief, *rows)
            chief.get(page("case"), {"row": rows[0].pk})
            chief.get(reverse("admin:told_apart"))
            chief.get(listing("case"))
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1


# --- pairs that are two -----------------------------------------------------------------------------------------------


@each_kind
@pytest.mark.parametrize("turned", [False, True])
def test_pair_that_is_not_the_same_is_told_of_no_more_in_either_order(slug: str, turned: bool) -> None:
    editor = signed_in(roles.EDITOR)
    name = "The very same name of two"
    extra = {"is_local": True} if slug == "court" else {}
    rows = [MAKERS[slug](name=name, **extra) for _ in range(2)]
    likeness = duplicates.BY_KIND[slug]
    assert duplicates.count(likeness) == 1
    keys = [row.pk for row in (reversed(rows) if turned else rows)]
    came_from = {"from": "work", "p": "1"}
    response = editor.post(page(slug), {"row": keys, "_apart": "Not the same", **came_from}, follow=True)
    assert response.redirect_chain == [(f"{listing(slug)}?p=1", 302)]
    assert "are not the same. They are not told of again." in response.content.decode()
    assert duplicates.count(likeness) == 0
    assert response.context["lines"] == []
    MAKERS[slug](name=name, **extra)
    # A third is told of with each of the two, and these two still not with each other.
    assert duplicates.count(likeness) == 2


def test_who_when_and_why_is_listed_and_can_be_taken_back(pair: tuple[Party, Party]) -> None:
    editor = signed_in(roles.EDITOR)
    editor.post(page("party"), {"row": [row.pk for row in pair], "_apart": "1", "note": " Mother and daughter. "})
    row = NotTheSame.objects.get()
    assert (row.note, row.noted_by) == ("Mother and daughter.", make.User.objects.get())
    body = editor.get(reverse("admin:told_apart")).content.decode()
    assert row.noted_by is not None
    for words in ("Mother and daughter.", row.noted_by.username, f"{row.noted_at:%Y}", "Kristi L. Noem"):
        assert words in body
    assert "1 pair that is not the same" in editor.get(reverse("admin:quality")).content.decode()
    shown = compared(editor, *pair).content.decode()
    assert "noted on" in shown
    assert 'name="_apart"' not in shown
    response = editor.post(reverse("admin:told_apart"), {"pair": row.pk}, follow=True)
    assert "may be one again" in response.content.decode()
    assert duplicates.count(duplicates.BY_KIND["party"]) == 1
    response = editor.post(reverse("admin:told_apart"), {"pair": row.pk}, follow=True)
    assert "taken back already" in response.content.decode()


def test_what_was_noted_and_taken_back_stands_in_the_history(pair: tuple[Party, Party]) -> None:
    from django.apps import apps

    editor = signed_in(roles.EDITOR)
    editor.post(page("party"), {"row": [row.pk for row in pair], "_apart": "1"})
    editor.post(reverse("admin:told_apart"), {"pair": NotTheSame.objects.get().pk})
    revisions = apps.get_model("casetracker", "NotTheSameRevision").objects.order_by("pgh_id")
    assert [revision.pgh_label for revision in revisions] == ["insert", "delete"]
    assert revisions.last().pgh_context.metadata["user"] == make.User.objects.get().pk


def test_note_that_cannot_be_kept_comes_back_with_a_reason(pair: tuple[Party, Party]) -> None:
    editor = signed_in(roles.EDITOR)
    for note in ("x" * 301, "His number is 123-45-6789."):
        response = editor.post(page("party"), {"row": [row.pk for row in pair], "_apart": "1", "note": note})
        assert "The note cannot be kept." in response.content.decode()
        assert f'value="{note}"' in response.content.decode()
    assert not NotTheSame.objects.exists()


def test_pair_that_was_noted_already_is_not_noted_twice(pair: tuple[Party, Party]) -> None:
    editor = signed_in(roles.EDITOR)
    for keys in ([pair[0].pk, pair[1].pk], [pair[1].pk, pair[0].pk]):
        response = editor.post(page("party"), {"row": keys, "_apart": "1"}, follow=True)
    assert "was noted already" in response.content.decode()
    assert NotTheSame.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_note_the_same_pair_at_once_leave_one_note() -> None:
    first, second = make.PartyFactory.create_batch(2)
    likeness = duplicates.BY_KIND["party"]

    def tell(a: Party, b: Party) -> Any:
        return lambda: duplicates.tell_apart(likeness, a.pk, b.pk, note="", actor=None)

    outcomes = run_together(tell(first, second), tell(second, first), tell(first, second))
    assert sorted(map(str, outcomes)) == ["False", "False", "True"]
    assert NotTheSame.objects.count() == 1


def test_pair_with_a_row_that_is_gone_is_not_noted(pair: tuple[Party, Party]) -> None:
    with pytest.raises(duplicates.GoneError):
        duplicates.tell_apart(duplicates.BY_KIND["party"], pair[0].pk, 10**12, note="", actor=None)
    with pytest.raises(duplicates.GoneError):
        duplicates.tell_apart(duplicates.BY_KIND["party"], pair[0].pk, pair[0].pk, note="", actor=None)


def test_list_offers_what_its_reader_may_do(pair: tuple[Party, Party]) -> None:
    wanted = {roles.CHIEF_EDITOR: (True, True), roles.EDITOR: (True, True), roles.CONTRIBUTOR: (False, False)}
    for role, (may_compare, may_tell_apart) in wanted.items():
        body = signed_in(role).get(listing("party")).content.decode()
        assert (page("party") + "?row=" in body) is may_compare
        assert ('name="_apart"' in body) is may_tell_apart
        assert ("Compare and merge" in body) is (role == roles.CHIEF_EDITOR)
    contributor = signed_in(roles.CONTRIBUTOR)
    # Hidden cases are among the pairs.
    assert contributor.get(reverse("admin:told_apart")).status_code == 403
    assert signed_in(roles.EDITOR).get(reverse("admin:told_apart")).status_code == 200
    assert contributor.post(reverse("admin:told_apart"), {"pair": 1}).status_code == 403


@pytest.mark.parametrize("value", VALUES)
def test_any_pair_and_page_is_answered(chief: Client, value: str) -> None:
    chief.raise_request_exception = False
    make.NotTheSameFactory()
    assert chief.post(reverse("admin:told_apart"), {"pair": value}).status_code == 302
    assert chief.get(reverse("admin:told_apart"), {"p": value}).status_code in {200, 400}
    assert NotTheSame.objects.count() == 1


def test_roles_that_stand_against_each_other_are_asked_about(chief: Client) -> None:
    first, second = make.PartyFactory.create_batch(2)
    role = make.PartyRoleFactory(party=first, role=Role.PLAINTIFF)
    make.PartyRoleFactory(party=second, role=Role.DEFENDANT, proceeding=role.proceeding)
    body = compared(chief, first, second).content.decode()
    assert re.search(r"do they stand against each other\?", body)
