#!/usr/bin/env python3
"""Django's commands, against the database of DATABASE_URL. `python3 dev.py manage` is the same with one of its own."""

import os
import sys


def main() -> None:
    if not os.environ.get("DATABASE_URL", "").strip():
        sys.exit(
            "DATABASE_URL is not set: run `python3 dev.py manage ...`, which brings its own PostgreSQL, "
            "or set it to postgresql://USER:PASSWORD@HOST:5432/NAME."
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casetracker.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed in this Python: run `python3 dev.py manage ...`, which installs it in .venv.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
