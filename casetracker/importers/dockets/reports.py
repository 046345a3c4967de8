"""What loading a docket did, or would do."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from .meaning import Line


@dataclass(slots=True)
class Report:
    """
    Of one docket. `docket` and `case` name it; `entries` counts the lines of the file, of which `new` were added,
    `changed` brought up to date and `unchanged` there already.

    `updated` are the lines that were brought up to date, each with what of it; `conflicts` are lines that the file has
    otherwise and that were kept, since an editor changed or published them;
    `gone` lines that the file no longer has; `unsure` lines whose kind a person should look at; `left` what was not
    written, and why, `left_lines` those of these that are lines of the file; `notes` what else should be known, of
    which `deleted` tell of lines that an editor deleted. `lines` are all of the file, read when they are asked for by
    `read`; `added` those that were new.
    """

    docket: str = ""
    case: str = ""
    case_key: int = 0
    is_new_case: bool = False
    entries: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    other_rows: int = 0
    deleted: int = 0
    updated: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    left_lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    by_kind: Counter[str] = field(default_factory=Counter)
    read: Callable[[], list[Line]] = list
    added: list[Line] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        return self.read()

    @property
    def wrote_nothing(self) -> bool:
        return not (self.new or self.changed or self.other_rows)
