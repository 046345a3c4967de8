"""
The words between what is told of entries. They stand up to a thousand times on a page, so they are translated once for
each language, and templates take them from `say`.
"""

from collections.abc import Mapping

from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ..language import per_language


@per_language
def of_entries() -> Mapping[str, str]:
    """Each word by the name that templates know it by, ready to stand in HTML."""
    return {name: conditional_escape(text) for name, text in _words().items()}


def _words() -> dict[str, str]:
    return {
        "about": pgettext("what was said here", "About"),
        "addressed_to": pgettext("a part of a ruling, and whom it commands", "addressed to"),
        "all_beside_event": _("All of it beside what happened"),
        "all_beside_ruling": _("All of it beside what the court ruled"),
        "answered_by": _("Answered by"),
        "as_to": pgettext("a part of a ruling", "as to"),
        "because_of": pgettext("so many steps", "Why, in"),
        "by": pgettext("an act that did something to a ruling", "by"),
        "counsel": _("Counsel"),
        "date_not_known": _("date not known"),
        "document": _("Document"),
        "documents": _("Documents"),
        "ends": pgettext("a part of a ruling, and a date", "ends"),
        "entries": _("entries"),
        "from_day": pgettext("a date follows", "from"),
        "held": pgettext("what a court held", "Held"),
        "in_answer_to": _("In answer to"),
        "in_case": pgettext("the name of a case follows", "In"),
        "in_part": _("in part"),
        "its_parts": _("Its parts"),
        "last": pgettext("the latest of several steps", "Last"),
        "later": pgettext("what was done to a ruling later", "Later"),
        "link": pgettext("the permanent address of an entry", "Link"),
        "no_number": _("Docket number not recorded"),
        "no_source": _("No source is recorded yet"),
        "no_source_aside": _("no source is recorded yet"),
        "not_recorded_here": _("not recorded here"),
        "note_on_the_record": _("Note on the record"),
        "outside_court": _("Outside court"),
        "page": _("page"),
        "pages": _("pages"),
        "per_curiam": _("Per curiam or unsigned"),
        "permanent_link_to": _("Permanent link to"),
        "read": pgettext("a source, and a date", "read"),
        "related": pgettext("entries", "Related"),
        "reported": pgettext("a ruling in law reports", "Reported"),
        "said_about_this": _("Said about this"),
        "said_at": _("Said at"),
        "said_at_entry": pgettext("where something was said", "at"),
        "said_by": pgettext("a speaker follows", "Said by"),
        "said_here_about": _("Said here about"),
        "show_thread_alone": _("Show this thread alone"),
        "since": pgettext("a date follows", "since"),
        "source": pgettext("of a fact", "Source"),
        "sources": pgettext("of a fact", "Sources"),
        "steps": _("steps"),
        "thread": _("Thread"),
        "to_day": pgettext("postponed, and a date", "to"),
        "under_seal": _("Filed under seal"),
        "unsealed": pgettext("a filing, and a date", "unsealed"),
        "until": pgettext("a date follows", "until"),
        "with_effect_from": _("With effect from"),
    }
