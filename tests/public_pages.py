"""Every kind of public page of the demonstration data, by what it shows."""

import datetime

CASE = "/cases/abrego-garcia-v-noem/"
# The invented case has hearings in the weeks after it was loaded, and it is loaded today.
NEXT_HEARINGS = datetime.date.today() + datetime.timedelta(days=14)
RULING = "5rs4v73843"  # the Supreme Court's of 10 April 2025; the demonstration data keeps its address

PUBLIC = {
    "home": "/",
    "cases": "/cases/",
    "cases, filtered, nothing found": "/cases/?court=mdd&decided_after=1900&decided_before=1901",
    "cases, with an error": "/cases/?after=2024-02-30&q=Abrego",
    "case": CASE,
    "case, newest first, filtered": f"{CASE}?order=newest&kind=ruling&court=scotus",
    "case, invented": "/cases/a-v-b/",
    "entry": "ENTRY",
    "courts": "/courts/",
    "court": "/courts/mdd/",
    "party": "/parties/kilmar-armando-abrego-garcia/",
    "judge": "/judges/paula-xinis/",
    "court, filtered, nothing found": "/courts/mdd/?kind=ruling&after=2199",
    "party, filtered, with an error": "/parties/united-states/?court=scotus&after=2024-02-30",
    "judge, filtered, oldest first": "/judges/antonin-scalia/?outcome=reversed&order=oldest",
    "rulings": "/rulings/?court=scotus",
    "cases, found by words": "/cases/?q=facilitate",
    "rulings, found by words": "/rulings/?q=facilitate+return&court=scotus",
    "entries": "/entries/?kind=hearing",
    "entries, found by nothing that says something": "/entries/?q=in+re",
    "cases, perhaps misspelt": "/cases/?q=abergo",
    "about": "/about/",
    "every ruling's standing": f"{CASE}standing/?on=2025-04-08",
    "a part of a timeline": f"{CASE}?at=2025-04-10&kind=ruling&since=2020",
    "said and held": f"{CASE}{RULING}/said/",
    "case, one thread": f"{CASE}?thread={RULING}",
    "chronology for printing": f"{CASE}print/",
    "chronology for printing, with an error": f"{CASE}print/?kind=ruling&after=2024-02-30&on=2025",
    "calendar": "/calendar/?month=2025-04",
    "calendar, of hearings to come": f"/calendar/?month={NEXT_HEARINGS:%Y-%m}",
    "calendar, with an error": "/calendar/?month=2025-13",
    "corrections": "/corrections/",
    "glossary": "/glossary/#stay",
    "400": "/?q=%00",
    "404": "/nowhere/",
}
