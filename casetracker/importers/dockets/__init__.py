"""Dockets of real courts: read from files, then written to the tables as drafts. docs/importing.md."""
