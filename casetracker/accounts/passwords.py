"""What a password must be, beside Django's own rules."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_PASSWORD = 1_000


class LengthBoundValidator:
    """Refuses what is too long to be a password; a sentence, or two, is welcome."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LONGEST_PASSWORD:
            raise ValidationError(
                _("This password has %(length)d characters; the most is %(most)d."),
                code="password_too_long",
                params={"length": len(password), "most": LONGEST_PASSWORD},
            )

    def get_help_text(self) -> str:
        return _("Long ones are welcome: a sentence is easy to remember. The most is %(most)d characters.") % {
            "most": LONGEST_PASSWORD
        }
