"""Importing this registers every screen. `casetracker.apps` does so once the models are loaded."""

from . import accounts, cases, courts, documents, events, parties, proceedings, rulings, sources

__all__ = ["accounts", "cases", "courts", "documents", "events", "parties", "proceedings", "rulings", "sources"]
