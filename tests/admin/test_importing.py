"""Dockets at the desk: shown first, landed when that is confirmed, and nothing of what cannot be used."""

import datetime
import html
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import docket_samples as samples
import factories as make
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from casetracker import publication
from casetracker.importers.dockets import landing, telling, uploads, workbooks
from casetracker.models import Case, Event, Import, ImportState, Party, State
from casetracker.roles import CHIEF_EDITOR, CONTRIBUTOR, EDITOR

pytestmark = pytest.mark.django_db

IMPORTS = "/admin/import/"
UNKNOWN = "Zorp the whole lot of it"
UNSURE = (
    "court,docket_number,case_name,date,number,text\r\n"
    f"mdd,8:25-cv-00951,Doe v. Ledger Office,2025-03-24,1,{UNKNOWN}\r\n"
)

Told = Callable[[Any], str]


@pytest.fixture(autouse=True)
def court() -> None:
    make.CourtFactory(id="mdd", short_name="D. Md.")


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make.in_role(role))
    return client


@pytest.fixture
def editor() -> Client:
    return signed_in(EDITOR)


def upload(client: Client, *files: str | bytes, **more: Any) -> Any:
    sent = [
        SimpleUploadedFile(f"docket-{number}.txt", each.encode() if isinstance(each, str) else each)
        for number, each in enumerate(files, 1)
    ]
    return client.post(IMPORTS, {"dockets": sent, **more}, follow=True)


def confirm(client: Client, **more: Any) -> Any:
    row = Import.objects.latest("pk")
    path = reverse("admin:import", args=[row.pk])
    return client.post(path, {"confirm": "1", "looked_at": row.sha256, **more}, follow=True)


def only() -> Import:
    return Import.objects.get()


def test_a_docket_is_shown_first_and_lands_as_drafts_when_that_is_confirmed(editor: Client, told: Told) -> None:
    response = upload(editor, samples.CSV)
    body = response.content.decode()
    assert "3 would be new" in body
    assert "Doe v. Ledger Office" in body
    assert (Event.objects.count(), Case.objects.count()) == (0, 0)
    assert only().state == ImportState.WAITING
    response = confirm(editor)
    assert "3 new entries, as drafts" in told(response)
    screen = reverse("admin:casetracker_case_change", args=[Case.objects.get().pk])
    assert f'<a href="{screen}">Doe v. Ledger Office</a>' in response.content.decode()
    assert {entry.state for entry in Event.objects.all()} == {State.DRAFT}
    assert {entry.created_by for entry in Event.objects.all()} == {response.context["user"]}
    assert Case.objects.get().created_by == response.context["user"]


def test_report_is_kept_and_the_files_are_not(editor: Client) -> None:
    upload(editor, samples.CSV)
    assert bytes(only().data or b"") == samples.CSV.encode()
    confirm(editor)
    row = only()
    assert (row.state, row.data, row.found) == (ImportState.LANDED, None, [])
    assert (row.new, row.formats, row.files[0]["name"]) == (3, ["csv"], "docket-1.txt")
    body = editor.get(IMPORTS).content.decode()
    assert "docket-1.txt" in body
    assert "Landed" in body


def test_what_is_pasted_is_read_like_a_file(editor: Client) -> None:
    body = editor.post(IMPORTS, {"text": samples.CSV}, follow=True).content.decode()
    assert "What was pasted" in body
    confirm(editor)
    assert Event.objects.count() == 3


def test_pages_of_one_docket_are_merged_and_the_page_says_so(editor: Client) -> None:
    pages = [
        json.dumps(samples.docket()),
        json.dumps(samples.page(samples.entry(1, "2025-03-24", "COMPLAINT by A. Doe."))),
    ]
    body = upload(editor, *pages).content.decode()
    assert "Merged from docket-1.txt, docket-2.txt" in body


def test_kind_of_an_unsure_entry_is_corrected_by_hand_and_stays_so(editor: Client) -> None:
    body = upload(editor, UNSURE).content.decode()
    choice = only().found[0]["choices"][0]
    assert UNKNOWN in body
    assert f'name="kind-0-{choice["key"]}"' in body
    confirm(editor, **{f"kind-0-{choice['key']}": "filing"})
    assert Event.objects.get().kind == "filing"
    upload(editor, UNSURE)
    assert only_latest().found[0]["changed"] == 0
    confirm(editor)
    assert Event.objects.get().kind == "filing"


def test_kind_of_any_new_entry_can_be_corrected(editor: Client) -> None:
    body = upload(editor, samples.CSV).content.decode()
    assert "3 new entries whose kind was recognised" in body
    assert "By kind:" in body
    choice = next(each for each in only().found[0]["choices"] if each["kind"] == "ruling")
    confirm(editor, **{f"kind-0-{choice['key']}": "event"})
    assert not Event.objects.filter(kind="ruling").exists()


def test_entries_beyond_those_that_fit_into_a_form_are_counted(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "MOST_CHOICES", 1)
    body = upload(editor, samples.CSV).content.decode()
    assert "1 new entry whose kind was recognised" in body
    assert "2 more new entries are not listed here" in body


def test_long_preview_is_confirmed_at_its_head_too(editor: Client) -> None:
    button = 'name="confirm"'
    assert upload(editor, samples.CSV).content.decode().count(button) == 1
    head, *_ = UNSURE.splitlines(keepends=True)
    lines = [f"mdd,8:25-cv-00951,Doe v. Ledger Office,2025-03-24,{number},ANSWER\r\n" for number in range(1, 31)]
    body = upload(editor, head + "".join(lines)).content.decode()
    assert body.count(button) == 2
    assert body.index(button) < body.index("By kind:")


def test_what_would_be_changed_is_named(editor: Client) -> None:
    upload(editor, samples.CSV)
    confirm(editor)
    body = upload(editor, samples.CSV.replace("COMPLAINT against", "COMPLAINT, AMENDED, against")).content.decode()
    assert "Changed: 1" in body
    assert "No. 1: title, text." in body


def only_latest() -> Import:
    return Import.objects.latest("pk")


def test_an_unsure_entry_may_be_a_ruling(editor: Client) -> None:
    upload(editor, UNSURE)
    confirm(editor, **{f"kind-0-{only().found[0]['choices'][0]['key']}": "ruling"})
    assert (Event.objects.get().kind, Event.objects.get().form) == ("ruling", "other")


@pytest.mark.parametrize("kind", ["", "nonsense", "\x00"])
def test_kind_that_is_none_is_left_as_it_was_read(editor: Client, kind: str) -> None:
    upload(editor, UNSURE)
    confirm(editor, **{f"kind-0-{only().found[0]['choices'][0]['key']}": kind, "kind-99-x": "ruling"})
    assert Event.objects.get().kind == "event"


def test_choices_made_stay_when_the_files_are_looked_at_once_more(editor: Client) -> None:
    upload(editor, UNSURE)
    name = f"kind-0-{only().found[0]['choices'][0]['key']}"
    body = editor.post(reverse("admin:import", args=[only().pk]), {"again": "1", name: "hearing"}).content.decode()
    assert '<option value="hearing" selected>' in body


def test_the_same_file_again_would_change_nothing(editor: Client) -> None:
    upload(editor, samples.CSV)
    confirm(editor)
    assert "0 would be new, 0 changed, 3 unchanged" in upload(editor, samples.CSV).content.decode()


def test_what_an_editor_changed_is_shown_as_in_conflict_and_kept(editor: Client) -> None:
    upload(editor, samples.CSV)
    confirm(editor)
    Event.objects.filter(docket_entries__number="1").update(title="Complaint, mended")
    body = upload(editor, samples.CSV.replace("COMPLAINT against", "COMPLAINT, AMENDED, against")).content.decode()
    assert "In conflict, kept as it is here: 1" in body
    told = body.casefold()
    assert "no. 1: title is otherwise in the file, “complaint, amended, against ledger office" in told
    assert "an editor changed it, so it was kept" in told
    confirm(editor)
    assert Event.objects.get(docket_entries__number="1").title == "Complaint, mended"


def test_confirmation_of_other_files_than_were_looked_at_is_refused(editor: Client, told: Told) -> None:
    upload(editor, samples.CSV)
    assert "not the files that you looked at" in told(confirm(editor, looked_at="0" * 64))
    Import.objects.update(data=b"something else")
    assert "not the files that you looked at" in told(confirm(editor))
    assert Event.objects.count() == 0


def test_cancelled_import_forgets_its_files_and_cannot_be_confirmed(editor: Client, told: Told) -> None:
    upload(editor, samples.CSV)
    path = reverse("admin:import", args=[only().pk])
    assert "Nothing was imported" in told(editor.post(path, {"cancel": "1"}, follow=True))
    assert (only().state, only().data) == (ImportState.CANCELLED, None)
    assert "closed" in told(confirm(editor))
    assert Event.objects.count() == 0


def test_files_that_nobody_confirmed_are_forgotten_after_a_day(editor: Client) -> None:
    upload(editor, samples.CSV)
    editor.get(IMPORTS)
    assert only().data is not None
    Import.objects.update(created_at=timezone.now() - datetime.timedelta(days=1, minutes=1))
    editor.get(IMPORTS)
    assert (only().state, only().data, only().found) == (ImportState.FORGOTTEN, None, [])


def test_bad_file_is_told_with_its_line_and_the_others_can_land(editor: Client) -> None:
    bad = samples.CSV.replace("04/04/2025", "the fourth of never")
    body = upload(editor, samples.CSV, bad).content.decode()
    assert "docket-2.txt: line 3: date" in body
    assert "Write one as 2025-04-10" in body
    confirm(editor)
    assert Event.objects.count() == 3
    assert "line 3" in only().problems[0]


@pytest.mark.parametrize("name", samples.bad_files())
def test_file_that_cannot_be_used_is_refused_with_place_and_mend_and_nothing_is_kept(editor: Client, name: str) -> None:
    content, named, message = samples.bad_files()[name]
    response = upload(editor, content, court=named)
    assert response.status_code == 200
    assert f"docket-1.txt: {message}" in html.unescape(response.content.decode())
    assert (Import.objects.count(), Event.objects.count(), Case.objects.count()) == (0, 0, 0)


def test_text_in_no_encoding_is_refused_by_name(editor: Client) -> None:
    response = upload(editor, "date,text\r\n\ud800".encode("utf-8", "surrogatepass"))
    assert "docket-1.txt: " in response.content.decode()
    assert (Import.objects.count(), Event.objects.count()) == (0, 0)


def test_nothing_chosen_is_told(editor: Client) -> None:
    assert "Choose a file, or paste a docket" in editor.post(IMPORTS, {}).content.decode()


def test_too_much_at_once_is_refused(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "MOST_ENTRIES", 2)
    assert "3 entries in 1 docket; the most are 2" in upload(editor, samples.CSV).content.decode()
    monkeypatch.setattr(uploads, "MOST_FILES", 1)
    assert "At most 1 files" in upload(editor, samples.CSV, samples.CSV).content.decode()
    monkeypatch.setattr("casetracker.admin.importing.MOST_BYTES", 10)
    assert "bytes; the most is" in upload(editor, samples.CSV).content.decode()
    assert Import.objects.count() == 0


def test_form_that_comes_back_after_a_new_sign_in_is_shown_and_imports_nothing(editor: Client) -> None:
    body = editor.post(IMPORTS, {"text": samples.CSV, "court": "mdd", "_show": "1"}).content.decode()
    assert "COMPLAINT against Ledger Office" in body
    assert Import.objects.count() == 0
    upload(editor, UNSURE)
    name = f"kind-0-{only().found[0]['choices'][0]['key']}"
    body = confirm(editor, **{name: "hearing", "_show": "1"}).content.decode()
    assert '<option value="hearing" selected>' in body
    assert Event.objects.count() == 0


# --- several dockets, one after the other --------------------------------------------------------------------------


def two() -> tuple[str, str]:
    return samples.CSV, samples.CSV.replace("8:25-cv-00951", "8:25-cv-00111").replace("Doe v.", "Roe v.")


def test_import_that_was_broken_off_goes_on_with_the_dockets_that_have_not_landed(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "STEP", 0.0)
    upload(editor, *two())
    body = confirm(editor).content.decode()
    assert "1 of 2 dockets have landed" in body
    assert "data-go-on" in body
    assert (Event.objects.count(), only().state) == (3, ImportState.LANDING)
    path = reverse("admin:import", args=[only().pk])
    editor.post(path, {"go_on": "1"})
    assert (Event.objects.count(), only().state) == (6, ImportState.LANDED)
    editor.post(path, {"go_on": "1"})
    assert Event.objects.count() == 6


def test_docket_that_is_refused_leaves_the_others(editor: Client, told: Told) -> None:
    upload(editor, *two())
    make.CourtFactory(id="other")
    twin = make.ProceedingFactory(court_id="mdd", caption="a")
    again = make.ProceedingFactory(court_id="mdd", caption="b")
    for row in (twin, again):
        row.numbers.create(number="8:25-cv-00951")
    response = confirm(editor)
    assert "Some dockets were refused" in told(response)
    assert "is there several times" in response.content.decode()
    assert Event.objects.count() == 3


# --- rights ---------------------------------------------------------------------------------------------------------


def test_who_may_not_add_entries_is_not_admitted(editor: Client, staff_client: Client) -> None:
    upload(editor, samples.CSV)
    for path in (IMPORTS, reverse("admin:import", args=[only().pk])):
        assert staff_client.get(path).status_code == 403
        assert staff_client.post(path, {"confirm": "1"}).status_code == 403


def test_only_who_uploaded_the_files_can_confirm_them(editor: Client, told: Told) -> None:
    upload(editor, samples.CSV)
    assert "Only who uploaded" in told(confirm(signed_in(CHIEF_EDITOR)))
    assert Event.objects.count() == 0


def test_contributor_imports_a_new_case_and_brings_it_up_to_date_but_not_a_case_of_others(editor: Client) -> None:
    contributor = signed_in(CONTRIBUTOR)
    upload(contributor, samples.CSV)
    confirm(contributor)
    assert Event.objects.count() == 3
    assert "0 would be new" in upload(contributor, samples.CSV).content.decode()
    other = signed_in(CONTRIBUTOR)
    refused = upload(other, samples.CSV).content.decode()
    assert "This docket is here already, in a case that is not yours" in refused
    assert Case.objects.get().name not in refused
    assert "0 would be new" in upload(editor, samples.CSV).content.decode()


@pytest.mark.parametrize("says_so", [False, True])
def test_into_a_public_case_only_entries_go_unless_an_editor_says_so(editor: Client, says_so: bool) -> None:
    case = make.CaseFactory(published=True)
    proceeding = make.ProceedingFactory(case=case, court_id="mdd")
    proceeding.numbers.create(number="8:25-cv-00951")
    upload(editor, samples.XML, **({"into_public": "on"} if says_so else {}))
    confirm(editor)
    assert Event.objects.filter(case=case, state=State.DRAFT).exists()
    assert Party.objects.filter(name="Cab Ledger").exists() == says_so


def test_contributor_is_not_offered_to_show_anything_to_readers() -> None:
    contributor = signed_in(CONTRIBUTOR)
    assert "into_public" not in contributor.get(IMPORTS).content.decode()
    upload(contributor, samples.CSV, into_public="on")
    assert not only().into_public


# --- where it is found ----------------------------------------------------------------------------------------------


def test_first_page_and_the_screen_of_a_case_lead_to_it(editor: Client) -> None:
    case = make.CaseFactory()
    assert f'href="{IMPORTS}"' in editor.get("/admin/").content.decode()
    screen = reverse("admin:casetracker_case_change", args=[case.pk])
    assert f'href="{IMPORTS}?case={case.pk}"' in editor.get(screen).content.decode()
    assert f'value="{case.pk}"' in editor.get(f"{IMPORTS}?case={case.pk}").content.decode()


def test_docket_lands_in_the_case_that_was_chosen(editor: Client) -> None:
    case = make.CaseFactory()
    upload(editor, samples.CSV, case=case.pk)
    confirm(editor)
    assert {entry.case for entry in Event.objects.all()} == {case}


@pytest.mark.parametrize("case", ["", "x", "-1", "99999999999999999999", "12345"])
def test_case_that_cannot_be_one_is_no_error_page(editor: Client, case: str) -> None:
    assert editor.get(IMPORTS, {"case": case}).status_code == 200
    assert upload(editor, samples.CSV, case=case).status_code == 200


def test_import_that_is_not_there_is_answered_with_404(editor: Client) -> None:
    for key in ("1", "99999999999999999999"):
        assert editor.get(f"{IMPORTS}{key}/").status_code == 404


def test_template_can_be_fetched_and_is_read_again(editor: Client) -> None:
    response = editor.get(IMPORTS, {"template": ""})
    assert response.headers["Content-Type"].startswith("text/csv")
    assert "2 would be new" in upload(editor, response.content).content.decode()


def test_handbook_has_the_part_to_which_the_screen_leads(editor: Client) -> None:
    assert 'handbook/#bring-in-a-docket"' in editor.get(IMPORTS).content.decode()
    assert 'id="bring-in-a-docket"' in editor.get(reverse("admin:handbook")).content.decode()


def test_number_of_queries_of_the_list_does_not_grow(editor: Client) -> None:
    upload(editor, samples.CSV)
    with CaptureQueriesContext(connection) as one:
        editor.get(IMPORTS)
    for _ in range(3):
        upload(editor, samples.CSV)
    with CaptureQueriesContext(connection) as many:
        editor.get(IMPORTS)
    assert len(many) == len(one)


# --- what is kept ---------------------------------------------------------------------------------------------------


def test_database_keeps_no_files_of_an_import_that_is_closed(editor: Client) -> None:
    upload(editor, samples.CSV)
    with pytest.raises(IntegrityError, match="import_keeps_files_only_while_open"):
        Import.objects.update(state=ImportState.LANDED, finished_at=timezone.now())


def test_redaction_forgets_files_that_wait(editor: Client) -> None:
    upload(editor, samples.CSV)
    chief = signed_in(CHIEF_EDITOR)
    make.EventFactory(title="Motion of Zorpquist")
    asked = {"words": "Zorpquist", "nature": "person", "authority": "Asked for", "confirmed": "1"}
    chief.post("/admin/redactions/words/", asked)
    assert (only().state, only().data) == (ImportState.FORGOTTEN, None)


def test_redacted_case_leaves_only_counts_in_the_report(editor: Client) -> None:
    upload(editor, samples.CSV)
    confirm(editor)
    with connection.cursor() as cursor:
        # A test is one transaction, in which the import has had them asked at once.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    case = publication.withhold(Case.objects.get(), actor=None, reason="sealed")
    chief = signed_in(CHIEF_EDITOR)
    chief.post(f"/admin/redactions/case/{case.pk}/", {"nature": "sealed", "authority": "Sealed by the court"})
    assert not Case.objects.exists()
    assert "Ledger" not in json.dumps(only().landed)
    assert only().new == 3
    assert editor.get(reverse("admin:import", args=[only().pk])).status_code == 200


# --- workbooks ------------------------------------------------------------------------------------------------------


def workbook(*rows: list[Any], title: str = "Docket") -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


HEAD = ["court", "docket_number", "case_name", "date", "number", "text"]


def test_workbook_is_read_with_dates_and_numbers_as_a_spreadsheet_has_them(editor: Client) -> None:
    first = ["mdd", "8:25-cv-00951", "Doe v. Ledger Office", datetime.datetime(2025, 3, 24), 1, "COMPLAINT by A. Doe."]
    upload(editor, workbook(HEAD, first, [None, None, None, "4/4/2025", 21.0, "ORDER granting 1 Motion."], []))
    confirm(editor)
    rows = Event.objects.in_order().values_list("date", "docket_entries__number", "kind")
    assert [(str(date and date.iso), number, kind) for date, number, kind in rows] == [
        ("2025-03-24", "1", "filing"),
        ("2025-04-04", "21", "ruling"),
    ]


def test_fault_in_a_workbook_names_sheet_and_line(editor: Client) -> None:
    body = upload(editor, workbook(HEAD, ["mdd", "1:25-cv-1", "", "never", 1, "x"], title="March")).content.decode()
    assert "sheet March, line 2: date" in body


def test_formula_is_no_text(editor: Client) -> None:
    upload(
        editor, workbook(HEAD, ["mdd", "1:25-cv-1", "A v. B", "2025-01-02", 1, '=HYPERLINK("http://x","COMPLAINT")'])
    )
    confirm(editor)
    assert "HYPERLINK" not in str(list(Event.objects.values_list("title", "docket_entries__text")))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (samples.archive(**{"xl/workbook.xml": b"0" * 5_000_000}), "packed more tightly"),
        (samples.archive(**{"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}), "declares entities"),
        (samples.archive(**{"xl/workbook.xml": b'<?xml version="1.0"?><x/>'}), "damaged"),
        (samples.archive(**{"other.txt": b"x"}), "no Excel workbook"),
        (workbook(HEAD)[:-200], "cut off or damaged"),
        (workbook(["a", "b"]), "No sheet has our columns"),
        (workbook(), "No sheet has our columns"),
    ],
)
def test_workbook_that_cannot_be_used_is_refused(editor: Client, content: bytes, told: str) -> None:
    assert told in upload(editor, content).content.decode()
    assert Event.objects.count() == 0


def test_workbook_that_would_burst_is_refused_before_it_is_unpacked(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = samples.archive(**{f"xl/{number}.xml": b"0" * 50_000 for number in range(3)})
    monkeypatch.setattr(workbooks, "LARGEST", 100_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert "Unpacked, the workbook would have 150,000 bytes" in upload(editor, packed).content.decode()
