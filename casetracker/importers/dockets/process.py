"""
The beginning of a process that another one has started. It imports nothing of Django, which is not set up when it is
imported there.
"""

import multiprocessing
import os
import signal
import threading


def begin(database: str) -> None:
    """Set Django up, to speak with the database of this name."""
    # Ctrl-C reaches every process of a terminal: the one that gives out the work says what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database


def _end_with_parent() -> None:
    """Whoever is left over would wait for work for ever. What it was at is taken back by the database."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
