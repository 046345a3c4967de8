"""Importing this registers every screen. `casetracker.apps` does so once the models are loaded."""

from django.contrib import admin
from procrastinate.contrib.django.models import ProcrastinateJob

from . import accounts, cases, courts, documents, events, parties, proceedings, rulings, sources

__all__ = ["accounts", "cases", "courts", "documents", "events", "parties", "proceedings", "rulings", "sources"]

# The queue brings a screen of its own. What waits is told where it matters: by the page of the import, and at the head
# of what needs work.
admin.site.unregister(ProcrastinateJob)
