"""
Addresses of the public pages, each in every language: /cases/ and /es/cases/; and those of the site for machines. They
are stable.
"""

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_safe

from ..models import PUBLIC_ID_ALPHABET, PUBLIC_ID_LENGTH
from .sitemaps import SITEMAPS
from .views import cases, courts, entries, files, hearings, pages, people, printing, searching, tryout

_ENTRY = rf"(?P<public_id>[{PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}})"

urlpatterns = [
    path("", pages.home, name="home"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/<slug:slug>/", cases.case, name="case"),
    path("cases/<slug:slug>/standing/", cases.standing, name="standing"),
    # No identifier of an entry is a word: they have no vowels.
    path("cases/<slug:slug>/print/", printing.chronology, name="print"),
    re_path(rf"^cases/(?P<slug>[-a-zA-Z0-9_]+)/{_ENTRY}/$", entries.entry, name="entry"),
    re_path(rf"^cases/(?P<slug>[-a-zA-Z0-9_]+)/{_ENTRY}/said/$", entries.said, name="said"),
    path("courts/", courts.court_list, name="courts"),
    path("courts/<slug:court_id>/", courts.court, name="court"),
    path("parties/<slug:slug>/", people.party, name="party"),
    path("judges/<slug:slug>/", people.judge, name="judge"),
    path("suggest/", searching.suggest, name="suggest"),
    path("entries/", entries.entry_list, name="entries"),
    path("rulings/", entries.ruling_list, name="rulings"),
    path("calendar/", hearings.calendar, name="calendar"),
    path("about/", pages.about, name="about"),
    path("corrections/", pages.corrections, name="corrections"),
    path("glossary/", pages.terms, name="glossary"),
]

# Files, addresses for machines and for the try-out's terminal: these have no language, or one.
machine_patterns: list[URLPattern] = [
    path("documents/<uuid:uuid>/", files.public, name="file"),
    path("livez", pages.livez, name="livez"),
    path("readyz", pages.readyz, name="readyz"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
]

if settings.TRYOUT:
    machine_patterns.append(path("try-out/<slug:token>/", tryout.sign_in, name="tryout"))
