"""Addresses for the parties and judges that an import adds."""

from collections.abc import Iterable

from django.utils.text import slugify

from casetracker.models import Judge, Party
from casetracker.models.events import new_public_id


class Slugs:
    """
    Addresses for new rows of `model`: from the name, with letters made at random where it is taken. `also` are taken.
    """

    def __init__(self, model: type[Judge] | type[Party], names: Iterable[str], *, also: Iterable[str] = ()) -> None:
        wanted = {self.of(name) for name in names}
        there = model._default_manager.filter(slug__in=wanted).values_list("slug", flat=True) if wanted else ()
        self.taken = {*also, *there}

    def take(self, name: str) -> str:
        slug = self.of(name)
        if slug in self.taken:
            slug = f"{slug}-{new_public_id()}"
        self.taken.add(slug)
        return slug

    @staticmethod
    def of(name: str) -> str:
        return slugify(name)[:100].strip("-") or "party"
