"""Imports at the desk while a worker does the work, and while none does: what the page says, and what is done."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import docket_samples as samples
import factories as make
import pytest
import workers
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from casetracker import jobs, publication
from casetracker.importers.dockets import landing, uploads
from casetracker.models import Case, Event, Import, ImportState, Party, State
from casetracker.roles import CHIEF_EDITOR, CONTRIBUTOR, EDITOR

pytestmark = pytest.mark.django_db

IMPORTS = "/admin/import/"
OTHER = samples.CSV.replace("8:25-cv-00951", "8:25-cv-00111").replace("Doe v.", "Roe v.")
BY_WORKER = "A worker does this in the background"
HERE = "No worker is running: this page does the work while it is open."


@pytest.fixture(autouse=True)
def court() -> None:
    workers.forget_jobs()
    make.CourtFactory(id="mdd", short_name="D. Md.")


@pytest.fixture
def alive() -> None:
    workers.say_that_one_is_alive()


@pytest.fixture
def owner() -> User:
    user: User = make.in_role(EDITOR)
    return user


@pytest.fixture
def editor(owner: User) -> Client:
    return signed_in(owner)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def upload(client: Client, *dockets: str, **more: Any) -> Any:
    sent = [SimpleUploadedFile(f"{number}.csv", each.encode()) for number, each in enumerate(dockets, 1)]
    return client.post(IMPORTS, {"dockets": sent, **more}, follow=True)


def confirm(client: Client) -> str:
    row = Import.objects.latest("pk")
    return press(client, confirm="1", looked_at=row.sha256)


def press(client: Client, **button: str) -> str:
    return str(client.post(page(), button, follow=True).content.decode())


def page() -> str:
    return reverse("admin:import", args=[Import.objects.latest("pk").pk])


def only() -> Import:
    return Import.objects.get()


def never() -> bool:
    return False


def asked() -> list[str]:
    return list(ProcrastinateJob.objects.filter(status="todo").order_by("pk").values_list("task_name", flat=True))


def set_status(status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status", [status])


# --- with a worker --------------------------------------------------------------------------------------------------


def test_confirmed_import_is_left_to_the_worker_and_the_page_says_so(editor: Client, alive: None) -> None:
    upload(editor, samples.CSV, OTHER)
    body = confirm(editor)
    assert BY_WORKER in body
    assert "You can close this page" in body
    assert "0 of 2 dockets have landed, 0 of 6 entries." in body
    assert '<progress max="6" value="0"' in body
    assert "data-go-on" not in body
    assert (Event.objects.count(), asked()) == (0, ["land_import"])
    # Somebody sends what the button of the other way sends: the worker is left to it.
    press(editor, go_on="1")
    assert Event.objects.count() == 0
    assert landing.land(only().pk, stop=never)
    body = editor.get(page()).content.decode()
    assert "6 entries: 6 new" in body
    assert BY_WORKER not in body


def test_progress_is_told_by_itself_until_there_is_none(editor: Client, alive: None) -> None:
    upload(editor, samples.CSV, OTHER)
    confirm(editor)
    assert not landing.land(only().pk, stop=lambda: True)
    part = editor.get(page(), {"progress": ""}).content.decode()
    assert "1 of 2 dockets have landed, 3 of 6 entries." in part
    assert '<progress max="6" value="3"' in part
    assert "<html" not in part
    assert landing.land(only().pk, stop=never)
    assert editor.get(page(), {"progress": ""}).content.decode().strip() == ""


def test_page_says_how_many_jobs_come_before(editor: Client, alive: None) -> None:
    for key in (1_001, 1_002):
        jobs.ask_for(jobs.Task.READ_DOCUMENT, key)
    upload(editor, samples.CSV)
    body = confirm(editor)
    assert "2 jobs come before it" in body
    assert "0 of 1 docket has landed, 0 of 3 entries." in body


def test_large_upload_is_read_by_the_worker_and_then_waits_for_confirmation(
    editor: Client, alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 100)
    body = upload(editor, samples.CSV, "nonsense").content.decode()
    assert "The files are being read." in body
    assert (only().state, asked()) == (ImportState.READING, ["look_at_import"])
    assert landing.look(only().pk, stop=never)
    body = editor.get(page()).content.decode()
    assert "3 would be new" in body
    assert "No format that is read here was recognised" in body
    assert "Import as drafts" in body
    confirm(editor)
    assert landing.land(only().pk, stop=never)
    assert Event.objects.count() == 3


def test_large_upload_that_holds_nothing_of_use_is_stopped_and_says_why(
    editor: Client, alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 1)
    upload(editor, "nonsense")
    assert landing.look(only().pk, stop=never)
    row = only()
    assert (row.state, row.data) == (ImportState.STOPPED, None)
    body = editor.get(page()).content.decode()
    assert "Why it was stopped" in body
    assert "No format that is read here was recognised" in body


def test_more_entries_than_a_page_can_do_are_for_a_worker(
    editor: Client, alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "MOST_ENTRIES", 2)
    monkeypatch.setattr(uploads, "AT_ONCE", 1)
    upload(editor, samples.CSV)
    assert landing.look(only().pk, stop=never)
    confirm(editor)
    workers.forget_jobs()
    body = editor.get(page()).content.decode()
    assert "this is too much for a page to do" in body
    assert "data-go-on" not in body
    assert "More can be done while a worker runs" in press(editor, go_on="1")
    assert (Event.objects.count(), only().state) == (0, ImportState.LANDING)
    assert landing.land(only().pk, stop=never)
    assert Event.objects.count() == 3


def test_worker_has_a_limit_too(editor: Client, alive: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "MOST_ENTRIES_OF_WORKER", 2)
    monkeypatch.setattr(uploads, "AT_ONCE", 1)
    upload(editor, samples.CSV)
    assert landing.look(only().pk, stop=never)
    assert "3 entries in 1 docket; the most are 2" in editor.get(page()).content.decode()
    assert only().state == ImportState.STOPPED


# --- without one ----------------------------------------------------------------------------------------------------


def test_without_a_worker_the_page_does_the_work_and_says_so(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "STEP", 0.0)
    upload(editor, samples.CSV, OTHER)
    body = confirm(editor)
    assert HERE in body
    assert "data-go-on" in body
    assert BY_WORKER not in body
    assert (Event.objects.count(), asked()) == (3, ["land_import"])
    press(editor, go_on="1")
    assert (Event.objects.count(), only().state) == (6, ImportState.LANDED)
    # Nothing is left for a worker that comes later.
    assert asked() == []


def test_worker_that_comes_takes_the_import_over_from_the_page(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "STEP", 0.0)
    upload(editor, samples.CSV, OTHER)
    confirm(editor)
    workers.say_that_one_is_alive()
    assert BY_WORKER in press(editor, go_on="1")
    assert Event.objects.count() == 3
    assert landing.land(only().pk, stop=never)
    assert Event.objects.count() == 6


def test_page_takes_over_from_a_worker_that_died(editor: Client, alive: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 1)
    upload(editor, samples.CSV)
    set_status("doing")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    assert HERE in editor.get(page()).content.decode()
    assert "3 would be new" in press(editor, go_on="1")
    confirm(editor)
    assert Event.objects.count() == 3


def test_what_was_given_up_says_so_and_can_be_tried_once_more(editor: Client, alive: None) -> None:
    upload(editor, samples.CSV)
    confirm(editor)
    set_status("failed")
    body = editor.get(page()).content.decode()
    assert "failed each time" in body
    assert "data-go-on" not in body
    assert BY_WORKER in press(editor, go_on="1")
    assert asked() == ["land_import"]


def test_others_see_how_far_it_is_and_no_buttons(editor: Client) -> None:
    upload(editor, samples.CSV)
    Import.objects.update(state=ImportState.LANDING)
    body = signed_in(make.in_role(CHIEF_EDITOR)).get(page()).content.decode()
    assert "it goes on while whoever uploaded the files has this page open" in body
    assert 'name="go_on"' not in body
    assert 'name="cancel"' not in body


@pytest.mark.parametrize("path", [IMPORTS, "/admin/work/"])
def test_desk_says_that_jobs_wait_and_no_worker_runs(editor: Client, path: str) -> None:
    told = "1 job waits, and no worker is running"
    assert told not in editor.get(path).content.decode()
    jobs.ask_for(jobs.Task.READ_DOCUMENT, 1_001)
    assert told in editor.get(path).content.decode()
    workers.say_that_one_is_alive()
    assert told not in editor.get(path).content.decode()


def test_site_is_ready_without_a_worker(client: Client) -> None:
    jobs.ask_for(jobs.Task.READ_DOCUMENT, 1_001)
    assert client.get("/readyz").status_code == 200


def test_queue_has_no_screen_of_its_own(admin_client: Client) -> None:
    assert admin_client.get("/admin/procrastinate/procrastinatejob/").status_code == 404


# --- stopping -------------------------------------------------------------------------------------------------------


def test_import_that_is_landing_can_be_stopped_and_what_landed_stays(editor: Client, alive: None) -> None:
    upload(editor, samples.CSV, OTHER)
    confirm(editor)
    assert not landing.land(only().pk, stop=lambda: True)
    body = press(editor, cancel="1")
    assert "What had landed stays" in body
    assert "3 entries: 3 new" in body
    row = only()
    assert (row.state, row.data, len(row.landed)) == (ImportState.STOPPED, None, 1)
    assert asked() == []
    assert landing.land(row.pk, stop=never)
    assert Event.objects.count() == 3
    assert "This import is closed" in press(editor, cancel="1")


def test_import_that_is_being_read_can_be_cancelled(
    editor: Client, alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 1)
    upload(editor, samples.CSV)
    assert "Nothing was imported" in press(editor, cancel="1")
    assert (only().state, asked()) == (ImportState.CANCELLED, [])
    assert landing.look(only().pk, stop=never)
    assert only().state == ImportState.CANCELLED


# --- rights, and what readers must not see, as they are when it lands -----------------------------------------------


def test_who_may_not_import_any_more_lets_nothing_land(editor: Client, owner: User, alive: None) -> None:
    upload(editor, samples.CSV, OTHER)
    confirm(editor)
    assert not landing.land(only().pk, stop=lambda: True)
    owner.groups.clear()
    assert landing.land(only().pk, stop=never)
    row = only()
    assert (row.state, len(row.landed), Event.objects.count()) == (ImportState.STOPPED, 1, 3)
    told = signed_in(make.in_role(CHIEF_EDITOR)).get(page()).content.decode()
    assert "who uploaded these files, may not import any more" in told


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_who_is_not_admitted_to_the_desk_any_more_lets_nothing_land(
    editor: Client, owner: User, alive: None, change: dict[str, bool]
) -> None:
    upload(editor, samples.CSV)
    confirm(editor)
    User.objects.filter(pk=owner.pk).update(**change)
    assert landing.land(only().pk, stop=never)
    assert (only().state, Event.objects.count()) == (ImportState.STOPPED, 0)


def test_contributor_whose_case_got_an_entry_of_others_meanwhile_is_refused(alive: None) -> None:
    contributor = make.in_role(CONTRIBUTOR)
    client = signed_in(contributor)
    case = make.CaseFactory(created_by=contributor)
    make.ProceedingFactory(case=case, court_id="mdd").numbers.create(number="8:25-cv-00951")
    upload(client, samples.CSV)
    assert only().found[0]["problem"] == ""
    confirm(client)
    make.EventFactory(case=case, created_by=make.in_role(EDITOR))
    assert landing.land(only().pk, stop=never)
    assert "not wholly yours" in only().landed[0]["problem"]
    assert Event.objects.filter(created_by=contributor).count() == 0


def withhold(case: Case) -> None:
    publication.publish(case, actor=None)
    publication.withhold(case, actor=None, reason="Ordered by the court.")


def withdraw(case: Case) -> None:
    publication.publish(case, actor=None)
    publication.withdraw(case, actor=None, reason="Published by mistake.")


def embargo(case: Case) -> None:
    publication.publish(case, actor=None, embargo_until=timezone.now() + timedelta(days=2))


MEANWHILE: dict[str, Callable[[Case], Any]] = {
    "published": lambda case: publication.publish(case, actor=None),
    "embargoed": embargo,
    "withdrawn": withdraw,
    "withheld": withhold,
}


@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_case_that_was_shown_or_withheld_meanwhile_gets_drafts_alone(
    editor: Client, alive: None, client: Client, meanwhile: str
) -> None:
    case = make.CaseFactory()
    make.ProceedingFactory(case=case, court_id="mdd").numbers.create(number="8:25-cv-00951")
    upload(editor, samples.XML)
    confirm(editor)
    MEANWHILE[meanwhile](case)
    before = client.get(case.get_absolute_url()).status_code
    assert landing.land(only().pk, stop=never)
    assert only().new > 0
    assert {entry.state for entry in Event.objects.all()} == {State.DRAFT}
    assert not Party.objects.filter(name="Cab Ledger").exists()
    answer = client.get(case.get_absolute_url())
    assert answer.status_code == before
    assert "COMPLAINT" not in answer.content.decode()


def test_number_of_queries_of_a_page_that_tells_progress_does_not_grow(editor: Client, alive: None) -> None:
    upload(editor, samples.CSV)
    confirm(editor)
    counts = []
    for jobs_there in (1, 3, 200):
        while ProcrastinateJob.objects.count() < jobs_there:
            jobs.ask_for(jobs.Task.READ_DOCUMENT, 1_000 + ProcrastinateJob.objects.count())
        with CaptureQueriesContext(connection) as queries:
            editor.get(page(), {"progress": ""})
        counts.append(len(queries))
    assert len(set(counts)) == 1
