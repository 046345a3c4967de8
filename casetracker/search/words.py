"""What a reader types into a search box, made fit to be looked for."""

# Longer than any sensible question, far shorter than what it costs the database to read one.
LONGEST_QUERY = 200


def clean_words(words: str) -> str:
    """What can be searched for: without control characters and surplus space, at most `LONGEST_QUERY` characters."""
    visible = "".join(" " if not character.isprintable() else character for character in words[: LONGEST_QUERY * 4])
    return " ".join(visible.split())[:LONGEST_QUERY].strip()
