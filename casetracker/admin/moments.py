"""How the desk tells a moment."""

import datetime


def in_words(moment: datetime.datetime) -> str:
    """Such as "4 April 2025, 14:30 UTC"."""
    moment = moment.astimezone(datetime.UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"
