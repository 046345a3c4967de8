"""Pairs that look like one and are two: noted by an editor, listed, and taken back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from casetracker import duplicates, rights
from casetracker.duplicates import GoneError, Likeness
from casetracker.models import NotTheSame

from . import typed
from .fields import keys_in
from .labels import label
from .numbers import page_number
from .screens import screen_of

PAGE = 50
# What a page that leads on from a list of what needs work sends along, to come back to it.
FROM_WORK = "work"


def came_from(request: HttpRequest) -> dict[str, str]:
    """What the request says of the list from which the editor came; nothing if that was none."""
    sent = request.POST if request.method == "POST" else request.GET
    if sent.get("from") != FROM_WORK:
        return {}
    numbers = {name: sent.get(name, "") for name in ("case", "p")}
    return {"from": FROM_WORK, **{name: text for name, text in numbers.items() if _is_number(text)}}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def back(request: HttpRequest, kind: str) -> str:
    """The address of the list from which the editor came; empty if that was none."""
    query = came_from(request)
    if not query:
        return ""
    del query["from"]
    return reverse("admin:quality_list", args=[duplicates.BY_KIND[kind].slug], query=query or None)


def pairs() -> QuerySet[NotTheSame]:
    names = [f"{other}{kind}" for kind in duplicates.BY_KIND for other in ("", "other_")]
    return NotTheSame.objects.select_related("noted_by", *names)


def find(kind: str, rows: Sequence[Any]) -> NotTheSame | None:
    """What was noted of these two rows."""
    keys = [row.pk for row in rows]
    return pairs().filter(**{f"{kind}__in": keys, f"other_{kind}__in": keys}).first()


def tell(request: HttpRequest, kind: Likeness, rows: Sequence[Any]) -> HttpResponse | None:
    """Note that the two are not the same, and go on; None if the note is refused, which a message then tells."""
    if not rights.may_tell_apart(request.user):
        raise PermissionDenied
    first, second = rows
    names = {"first": label(first), "second": label(second)}
    try:
        is_new = duplicates.tell_apart(kind, first.pk, second.pk, note=request.POST.get("note", ""), actor=request.user)
    except ValidationError as error:
        messages.error(request, _("The note cannot be kept. %(why)s") % {"why": " ".join(error.messages)})
        return None
    except GoneError:
        messages.warning(request, _("One of the two is not there any more. Perhaps somebody merged or deleted it."))
    else:
        if is_new:
            messages.success(
                request, _("Noted: “%(first)s” and “%(second)s” are not the same. They are not told of again.") % names
            )
        else:
            messages.info(
                request, _("It was noted already that “%(first)s” and “%(second)s” are not the same.") % names
            )
    return redirect(back(request, kind.kind) or screen_of(first))


def listing(request: HttpRequest, site: Any) -> HttpResponse:
    """All pairs that were told apart, the newest first; each can be taken back."""
    is_allowed = request.user.has_perm("casetracker.view_case") and request.user.has_perm("casetracker.view_notthesame")
    # Cases that others keep hidden are among them.
    if not is_allowed or rights.is_bound_to_own(request.user):
        raise PermissionDenied
    if request.method == "POST" and not typed.is_only_shown(request):
        return _take_back(request)
    page = Paginator(pairs().order_by("-pk"), PAGE).get_page(page_number(request.GET.get("p", "")))
    context = {
        "title": _("Not the same"),
        "subtitle": None,
        "page": page,
        "count": page.paginator.count,
        "lines": [(row, [(label(each), screen_of(each)) for each in row.pair], _kind(row)) for row in page],
        "may_take_back": rights.may_take_back(request.user),
    }
    return TemplateResponse(request, "admin/told_apart.html", {**site.each_context(request), **context})


def _kind(row: NotTheSame) -> str:
    """What the two are: parties, courts, cases."""
    return str(row.pair[0]._meta.verbose_name_plural)


def _take_back(request: HttpRequest) -> HttpResponse:
    if not rights.may_take_back(request.user):
        raise PermissionDenied
    keys = keys_in([request.POST.get("pair", "")], NotTheSame)
    row = pairs().filter(pk__in=keys).first()
    if row is None:
        messages.warning(request, _("This was taken back already, or one of the two is gone."))
    else:
        told = _("Taken back: “%(first)s” and “%(second)s” may be one again.")
        names = [label(each) for each in row.pair]
        row.delete()
        messages.success(request, told % {"first": names[0], "second": names[1]})
    return redirect("admin:told_apart")
