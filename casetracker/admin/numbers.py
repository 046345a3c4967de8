"""Numbers that stand in addresses."""


def page_number(text: str) -> int:
    """A page from 1 on; whatever is none is the first, and a number too large is one without changes."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
