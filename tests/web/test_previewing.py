"""The preview of a case or an entry: what readers will see, for who may change it, and no trace for anybody else."""

import html
import re
from typing import Any

import factories as make
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from threads import run_together

from casetracker import publication
from casetracker.dates import UncertainDate
from casetracker.models import Case, Event, Verb
from casetracker.roles import CHIEF_EDITOR, CONTRIBUTOR, EDITOR

CANARY = "xylophone"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def of(row: Any) -> str:
    return reverse("preview_case" if isinstance(row, Case) else "preview_entry", args=[row.pk])


def state_of_all() -> list[Any]:
    return [
        *Case.objects.order_by("pk").values("pk", "state", "version", "published_from", "first_public_at", "reviewer"),
        *Event.objects.order_by("pk").values("pk", "state", "version", "published_from", "first_public_at", "reviewer"),
        *(apps.get_model("casetracker", f"{name}Revision").objects.count() for name in ("Case", "Event")),
    ]


@pytest.mark.django_db
class TestCase:
    def test_is_drawn_with_its_drafts_and_leaves_no_trace(self, editor_client: Client) -> None:
        case = make.CaseFactory(published=True)
        shown = make.EventFactory(case=case, published=True, title="Known to all")
        drafts = [
            make.EventFactory(case=case, title=f"Draft {CANARY}"),
            make.EventFactory(case=case, title="Asked about", in_review=True),
            make.EventFactory(case=case, title="Held until tomorrow", embargoed=True),
        ]
        hidden = [
            make.EventFactory(case=case, title="Never again", withheld=True),
            make.EventFactory(case=case, title="Taken back", withdrawn=True),
            make.EventFactory(case=case, title="Not in order", date=UncertainDate.on(2150, 1, 1)),
        ]
        before = state_of_all()
        response = editor_client.get(of(case))
        assert response.status_code == 200
        body = response.content.decode()
        for row in (shown, *drafts):
            assert row.title in body
        for row in hidden:
            assert row.title not in body
        assert "Preview, for editors only." in body
        assert "3 entries are shown that readers do not see." in body
        assert f'href="{case.get_absolute_url()}">The page as it is public now' in body
        assert state_of_all() == before
        assert CANARY not in Client().get(case.get_absolute_url()).content.decode()

    def test_that_is_a_draft_is_drawn_too_and_has_no_public_page(self, editor_client: Client) -> None:
        entry = make.RulingFactory()
        before = state_of_all()
        body = editor_client.get(of(entry.case)).content.decode()
        assert entry.title in body
        assert "There is no public page of it now." in body
        assert state_of_all() == before
        assert Client().get(entry.case.get_absolute_url()).status_code == 404

    def test_is_the_page_that_readers_get_once_it_is_published(self, editor_client: Client) -> None:
        dispute = make.two_court_dispute(published=False)
        preview = editor_client.get(of(dispute.case)).context
        publication.publish_with_entries(dispute.case, actor=None, shown=Event.objects.values_list("pk", "version"))
        public = Client().get(dispute.case.get_absolute_url()).context
        assert [entry.title for entry in preview["window"].entries] == [e.title for e in public["window"].entries]
        assert preview["shape"].lanes == public["shape"].lanes

    def test_takes_the_filters_of_the_page(self, editor_client: Client) -> None:
        dispute = make.two_court_dispute(published=False)
        body = editor_client.get(of(dispute.case), {"kind": "hearing"}).content.decode()
        assert 'data-kind="hearing"' in body
        assert 'data-kind="filing"' not in body

    def test_asks_as_many_queries_for_many_drafts_as_for_few(self, editor_client: Client) -> None:
        counts = []
        for more in (2, 40):
            case = make.CaseFactory()
            make.EventFactory.create_batch(more, case=case)
            editor_client.get(of(case))
            with CaptureQueriesContext(connection) as queries:
                editor_client.get(of(case))
            counts.append(len(queries))
        assert counts[0] == counts[1]


def rows_beside(body: str) -> list[list[str]]:
    """The cells of the table that lays what is public now beside what will be, row by row."""
    table = re.search(r'<table class="told-otherwise">.*?<tbody>(.*?)</tbody>', body, re.DOTALL)
    if table is None:
        return []
    rows = re.findall(r"<tr>(.*?)</tr>", table[1])
    return [[html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.split(r"</t[hd]>", row)[:-1]] for row in rows]


@pytest.mark.django_db
class TestBesideWhatIsPublic:
    def test_new_entries_and_what_they_do_are_told(self, editor_client: Client) -> None:
        case = make.CaseFactory(published=True)
        court = make.CourtFactory(short_name="D. Md.")
        order = make.RulingFactory(
            case=case, court=court, title="Order to return the book", date="2025-04-04", published=True
        )
        make.RulingFactory(case=case, title="Another order", date="2025-04-05", published=True)
        part = make.ProvisionFactory(ruling=order, text="by Friday", quoted=True)
        stay = make.RulingFactory(case=case, court=court, title="Stay", date="2025-04-07")
        make.TreatmentFactory(act=stay, target=order, verb=Verb.STAYS, provision=part)
        for address in (of(case), of(stay)):
            assert rows_beside(editor_client.get(address).content.decode()) == [
                ["Stay", "not there", "7 April 2025, D. Md."],
                ["Order to return the book", "in effect", "stayed since 7 April 2025"],
                ["Order to return the book: “by Friday”", "in effect", "stayed since 7 April 2025"],
            ]
        # Readers have neither the table nor what it says.
        page = Client().get(case.get_absolute_url()).content.decode()
        assert rows_beside(page) == []
        assert "Stay" not in page

    def test_what_is_no_page_yet_is_beside_nothing(self, editor_client: Client) -> None:
        entry = make.EventFactory()
        for row in (entry, entry.case):
            assert rows_beside(editor_client.get(of(row)).content.decode()) == []

    def test_words_are_escaped(self, editor_client: Client) -> None:
        entry = make.EventFactory(case__published=True, title="<b>Motion</b>")
        body = editor_client.get(of(entry)).content.decode()
        assert rows_beside(body)[0][0] == "<b>Motion</b>"
        assert "<b>Motion" not in body


@pytest.mark.django_db
class TestEntry:
    def test_is_drawn_alone(self, editor_client: Client) -> None:
        dispute = make.two_court_dispute(published=False)
        before = state_of_all()
        response = editor_client.get(of(dispute.order))
        body = response.content.decode()
        assert response.status_code == 200
        assert dispute.order.title in body
        # As it will be cited, and not by the address of the preview.
        assert f"http://testserver{dispute.order.get_absolute_url()}" in body
        assert of(dispute.order) not in body
        assert dispute.motion.title not in body
        assert "1 entry is shown that readers do not see." in body
        assert reverse("admin:casetracker_ruling_change", args=[dispute.order.pk]) in body
        assert state_of_all() == before

    @pytest.mark.parametrize("state", ["withdrawn", "withheld", "withdrawn_unseen", "withheld_unseen"])
    def test_that_is_taken_back_has_none(self, editor_client: Client, state: str) -> None:
        entry = make.EventFactory(**{state: True}, title=CANARY)
        response = editor_client.get(of(entry))
        assert response.status_code == 302
        assert response.headers["Location"] == reverse("admin:casetracker_event_change", args=[entry.pk])

    def test_of_a_withheld_case_has_none(self, editor_client: Client) -> None:
        entry = make.EventFactory(case__withheld=True)
        assert editor_client.get(of(entry)).status_code == 302

    def test_is_offered_on_its_screen_and_on_the_page_that_publishes_it(self, editor_client: Client) -> None:
        entry = make.RulingFactory()
        for screen, args in (("change", [entry.pk]), ("publication", [entry.pk, "publish"])):
            body = editor_client.get(reverse(f"admin:casetracker_ruling_{screen}", args=args)).content.decode()
            assert f'href="{of(entry)}"' in body


@pytest.mark.django_db
class TestWho:
    @pytest.mark.parametrize("maker", [make.CaseFactory, make.EventFactory])
    def test_may_change_it_sees_it_and_nobody_else(self, maker: Any) -> None:
        row = maker(created_by=make.UserFactory())
        for user in (make.in_role(EDITOR), make.in_role(CHIEF_EDITOR)):
            assert signed_in(user).get(of(row)).status_code == 200
        not_staff = make.UserFactory(is_superuser=True)
        for user in (make.in_role(CONTRIBUTOR), make.UserFactory(is_staff=True), make.UserFactory(), not_staff):
            response = signed_in(user).get(of(row))
            assert response.status_code == 404
            assert str(row) not in response.content.decode()
        assert signed_in(row.created_by).get(of(row)).status_code == 404

    def test_contributor_sees_their_own(self) -> None:
        user = make.in_role(CONTRIBUTOR)
        entry = make.EventFactory(created_by=user)
        assert signed_in(user).get(of(entry)).status_code == 200
        assert signed_in(user).get(of(entry.case)).status_code == 404

    def test_is_a_stranger_signs_in_whether_it_is_there_or_not(self, stranger_client: Client) -> None:
        entry = make.EventFactory()
        for name, there in (("preview_case", entry.case.pk), ("preview_entry", entry.pk)):
            for key in (there, 10**9):
                response = stranger_client.get(reverse(name, args=[key]))
                assert response.status_code == 302
                assert response.headers["Location"].startswith(reverse("admin:login"))

    @pytest.mark.parametrize("key", ["0", "9" * 30, "9" * 5000, "-1", "abc", "%00", "١"])
    def test_asks_for_what_is_none_gets_not_found(self, editor_client: Client, key: str) -> None:
        for kind in ("case", "entry"):
            assert editor_client.get(f"/admin/preview/{kind}/{key}/").status_code in {302, 400, 404}

    def test_looks_gets_an_answer_that_is_kept_nowhere(self, editor_client: Client) -> None:
        response = editor_client.get(of(make.EventFactory()))
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert editor_client.post(of(make.EventFactory())).status_code == 405


@pytest.mark.django_db
def test_error_while_it_is_drawn_publishes_nothing() -> None:
    entry = make.EventFactory()
    before = state_of_all()

    def draw_half() -> None:
        with publication.as_if_published(entry.case, [entry.pk]):
            assert list(Event.objects.public()) == [entry]
            raise RuntimeError("half drawn")

    with pytest.raises(RuntimeError, match="half drawn"):
        draw_half()
    assert state_of_all() == before


@pytest.mark.django_db
def test_entries_of_another_case_stay_hidden() -> None:
    entry, other = make.EventFactory(), make.EventFactory()
    with publication.as_if_published(entry.case, [entry.pk, other.pk]):
        assert list(Event.objects.public()) == [entry]


@pytest.fixture
def lone_entry(transactional_db: None) -> Any:
    return make.EventFactory(title=CANARY)


@pytest.mark.django_db(transaction=True)
def test_nobody_else_sees_it_while_it_is_drawn(lone_entry: Any) -> None:
    with publication.as_if_published(lone_entry.case, [lone_entry.pk]):
        assert Event.objects.public().exists()
        (answers,) = run_together(lambda: [Event.objects.public().exists(), Case.objects.public().exists()])
        assert answers == [False, False]
    assert not Event.objects.public().exists()


@pytest.mark.django_db(transaction=True)
def test_preview_of_what_somebody_is_saving_says_so_in_time(lone_entry: Any) -> None:
    client = signed_in(make.EditorFactory())

    def preview() -> Any:
        return client.get(of(lone_entry), follow=True)

    with transaction.atomic():
        Event.objects.select_for_update().get(pk=lone_entry.pk)
        (response,) = run_together(preview)
    assert "Somebody is saving it at this moment." in response.content.decode()
