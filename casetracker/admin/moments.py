"""How the desk tells a moment, and a day."""

import datetime


def in_words(moment: datetime.datetime) -> str:
    """Such as "4 April 2025, 14:30 UTC"."""
    moment = moment.astimezone(datetime.UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def day_in_words(day: datetime.date | None) -> str | None:
    """Such as "4 April 2025", as the dates of entries are told; None for none, which a list shows in its own way."""
    return f"{day.day} {day:%B %Y}" if day is not None else None
