"""Invented dockets in each format that is read."""

import functools
import io
import json
import zipfile
from typing import Any

CSV = (
    "court,docket_number,case_name,date,entered,number,text,kind\r\n"
    'mdd,8:25-cv-00951,Doe v. Ledger Office,2025-03-24,,1,"COMPLAINT against Ledger Office, filed by A. Doe.",\r\n'
    ",,,04/04/2025,2025-04-05,21,ORDER granting 6 Motion for Preliminary Injunction. Signed by Judge Ada Bench.,\r\n"
    ",,,2025-04-07,,,Minute Entry: Status Conference held before Judge Ada Bench on 4/7/2025.,\r\n"
)

XML = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE gov_uscourts_docket SYSTEM "docket.dtd">
<gov_uscourts_docket>
  <nonce>x</nonce>
  <case_details>
    <court>mdd</court>
    <docket_num>8:25-cv-00951</docket_num>
    <case_name>Doe v. Ledger Office</case_name>
    <pacer_case_num>574644</pacer_case_num>
    <date_case_filed>2025-03-24</date_case_filed>
    <assigned_to>Judge Ada Bench</assigned_to>
  </case_details>
  <party_list>
    <party><name>Ledger Office</name><type>Defendant</type><extra_info>TERMINATED: 05/17/2025</extra_info>
      <attorney_list><attorney><attorney_name>Bea Bar</attorney_name>
        <contact>Quill &amp; Ink LLP
1 Paper Street
Email: bea@example.org</contact>
        <attorney_role>LEAD ATTORNEY
PRO HAC VICE</attorney_role></attorney></attorney_list></party>
    <party><name>Cab Ledger</name><type>Defendant</type>
      <attorney_list><attorney><attorney_name>Bea Bar</attorney_name><contact>(See above for address)</contact>
      </attorney></attorney_list></party>
  </party_list>
  <document_list>
    <document doc_num="1" attachment_num="0"><date_filed>2025-03-24</date_filed>
      <date_entered>2025-03-25</date_entered><long_desc>COMPLAINT against Ledger Office.</long_desc></document>
    <document doc_num="1" attachment_num="2"><short_desc>Summons</short_desc></document>
    <document doc_num="2" attachment_num="0"><date_filed>0000-00-00</date_filed></document>
  </document_list>
</gov_uscourts_docket>
"""


def docket(**more: Any) -> dict[str, Any]:
    """A docket of CourtListener's REST interface."""
    return {
        "resource_uri": "https://www.courtlistener.com/api/rest/v4/dockets/77/",
        "id": 77,
        "court": "https://www.courtlistener.com/api/rest/v4/courts/mdd/",
        "court_id": "mdd",
        "docket_number": "8:25-cv-00951",
        "case_name": "Doe v. Ledger Office",
        "date_filed": "2025-03-24",
        "pacer_case_id": "574644",
        "assigned_to_str": "Ada Bench",
        "blocked": False,
        **more,
    }


def page(*results: dict[str, Any]) -> dict[str, Any]:
    return {"count": "https://example.org/?count=on", "next": None, "previous": None, "results": list(results)}


def entry(number: int | None, filed: str, text: str, **more: Any) -> dict[str, Any]:
    """An entry of CourtListener."""
    return {
        "docket": "https://www.courtlistener.com/api/rest/v4/dockets/77/",
        "date_filed": filed,
        "entry_number": number,
        "description": text,
        "recap_documents": [],
        **more,
    }


def party(name: str, role: str) -> dict[str, Any]:
    """A party of CourtListener, who stands on another docket too."""
    return {
        "id": 1,
        "name": name,
        "attorneys": [],
        "party_types": [
            {"docket": "https://www.courtlistener.com/api/rest/v4/dockets/77/", "docket_id": 77, "name": role},
            {"docket": "https://www.courtlistener.com/api/rest/v4/dockets/88/", "docket_id": 88, "name": "Movant"},
        ],
    }


def juriscraper(**more: Any) -> dict[str, Any]:
    """A docket as juriscraper writes it."""
    return {
        "court_id": "mdd",
        "docket_number": "8:25-cv-00951",
        "case_name": "Doe v. Ledger Office",
        "date_filed": "2025-03-24",
        "date_terminated": None,
        "assigned_to_str": "Ada Bench",
        "referred_to_str": "",
        "parties": [{"name": "A. Doe", "type": "Plaintiff", "extra_info": "", "date_terminated": None}],
        "docket_entries": [
            {"date_filed": "2025-03-24", "date_entered": "2025-03-25", "document_number": "1",
             "description": "COMPLAINT against Ledger Office.", "pacer_seq_no": "4"},
            {"date_filed": "2025-04-04", "date_entered": None, "document_number": None,
             "description": "PAPERLESS ORDER denying Motion to Dismiss.", "pacer_seq_no": None},
        ],
        **more,
    }  # fmt: skip


APPEAL: dict[str, Any] = {
    "court_id": "ca4",
    "docket_number": "25-1345",
    "case_name": "A. Doe v. Ledger Office",
    "date_filed": "2025-04-05",
    "appeal_from": "United States District Court for the District of Maryland at Greenbelt",
    "panel": ["Cab Robe"],
    "originating_court_information": {"court_id": "mdd", "docket_number": "8:25-cv-00951", "date_filed": "2025-03-24"},
    "parties": [{"name": "A. Doe", "type": "Plaintiff\xa0-\xa0Appellee", "extra_info": ""}],
    "docket_entries": [
        {"date_filed": "2025-04-05", "date_entered": "2025-04-05", "document_number": "1",
         "description": "Case docketed. Originating case number: 8:25-cv-00951."},
    ],
}  # fmt: skip

DOCKET_PAGE = """<!DOCTYPE html><html><head><title>Invented</title></head><body><form action="/login.jsf">
<input type="password"></form></body></html>"""


def pacer_page(court: str = "U.S. District Court", place: str = "District of New Jersey [LIVE] (Newark)") -> str:
    """A docket report with one entry, as far as it takes to be read as one."""
    return f"""<!DOCTYPE html><html><head><title>CM/ECF</title></head><body><div id="cmecfMainContent">
<h3 align="center">{court}<br>{place}<br>CIVIL DOCKET FOR CASE #: 2:25-cv-00951</h3>
<table width="100%" border="0" cellspacing="5"><tbody><tr><td valign="top" width="60%"><br>DOE v. LEDGER OFFICE<br></td>
<td valign="top" width="40%"><br>Date Filed: 03/24/2025<br></td></tr></tbody></table>
<table align="center" width="99%" border="1" rules="all" cellpadding="5" cellspacing="0"><tbody>
<tr><td width="94" nowrap><b>Date Filed</b></td><th>#</th><td align="center"><b>Docket Text</b></td></tr>
<tr><td width="94" nowrap valign="top">03/24/2025</td><td valign="top" align="right">1&nbsp;</td>
<td valign="top">COMPLAINT against Ledger Office by A. Doe. (Entered: 03/24/2025)</td></tr>
</tbody></table></div></body></html>"""


def as_bytes(value: Any) -> bytes:
    return json.dumps(value).encode()


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def bomb_of_entities() -> bytes:
    levels = [f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 9)]
    bomb = f'<!DOCTYPE gov_uscourts_docket [<!ENTITY a0 "aaaaaaaaaa">{"".join(levels)}'
    return f"{bomb}]><gov_uscourts_docket>&a8;</gov_uscourts_docket>".encode()


@functools.cache
def bad_files() -> dict[str, tuple[bytes, str, str]]:
    """Files that are none to import, each with the court that is named beside it and all that is to be said of it."""
    head = "court,docket_number,date,text\n"
    page = pacer_page()
    return {
        "empty": (b"", "", "The file is empty. Save it again."),
        "truncated JSON": (b'{"docket_entries": [', "", "line 1, column 21: The file is cut off here. Save it again."),
        "truncated page": (
            page[: page.index("</tbody></table></div></body>")].encode(),
            "",
            "line 8: The page is cut off: it has no end. Save it again.",
        ),
        "page to sign in at": (
            DOCKET_PAGE.encode(),
            "mdd",
            "This is a page to sign in at, not a docket. Sign in there and save the docket itself.",
        ),
        "error page": (
            b"<html><head><title>404 Not Found</title></head></html>",
            "mdd",
            "This is an error page of the court's server, not a docket. Save the docket again.",
        ),
        "error of a server": (
            b'{"detail": "Throttled."}',
            "",
            "The server answered with an error: Throttled. Save the page once it answers with the docket.",
        ),
        "another court": (
            f"{head}mdd,1,2025-01-01,x".encode(),
            "ca4",
            "The docket is of the court mdd, and ca4 was named. Name none or the right one, or give another file.",
        ),
        "court that is none": (
            f"{head}xyz,1,2025-01-01,x".encode(),
            "",
            "There is no court xyz. Courts come first: manage.py load_courts; or give another one: --court, or the "
            "box Court at the desk.",
        ),
        "PDF of a person": (
            b"%PDF-1.7 Medical record of somebody",
            "",
            "This is a PDF. Save the docket itself: in PACER as a web page, in CourtListener as JSON.",
        ),
        "picture": (
            b"\x89PNG\r\n",
            "",
            "This is a picture. Save the docket itself, in PACER as a web page, in CourtListener as JSON.",
        ),
        "archive": (
            archive(**{"docket.txt": b"x"}),
            "",
            "This is an archive and no Excel workbook. Unpack it, and give the files in it.",
        ),
        "bomb of zeros": (
            archive(**{"xl/workbook.xml": b"0" * 50_000_000}),
            "",
            "A part of the workbook is packed more tightly than text can be. Save the sheet as CSV.",
        ),
        "bomb of entities": (
            bomb_of_entities(),
            "",
            "line 1: This XML declares entities of its own, as no docket does. Save it again from the Internet "
            "Archive.",
        ),
        "half a character": (
            "date,text".encode("utf-16")[:-1],
            "",
            "The file is cut off in the middle of a character. Save it again.",
        ),
        "zero byte": (
            f"{head}mdd,1,2025-01-01,a\x00b".encode(),
            "",
            "line 2: A zero byte stands here, as in no text. Save the file again as plain text.",
        ),
        "day that is none": (
            f"{head}mdd,1,2025-02-30,x".encode(),
            "",
            "line 2: date: “2025-02-30” is no date: February 2025 has 28 days, so no day 30. Write one as 2025-04-10.",
        ),
        "year out of range": (
            f"{head}mdd,1,0999-01-01,x".encode(),
            "",
            "line 2: date: “0999-01-01” is no date: Write a year from 1000 to 2199, with four digits. Write one as "
            "2025-04-10.",
        ),
        "formula": (
            f'{head}mdd,1,2025-01-01,"=HYPERLINK(""http://x"",""Order"")"'.encode(),
            "",
            'line 2: text: “=HYPERLINK("http://x","Order")” is a formula. Write what it comes to, or an apostrophe '
            "before it if these are the words.",
        ),
        "number of a zero byte": (
            as_bytes(juriscraper(docket_number="\x00")),
            "",
            "The docket has no number. Write it into the file, or save the docket again.",
        ),
    }
