"""Pages of a list, by number in the address."""

import re
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest


def rows_of(page: Page[Any]) -> Any:
    """The rows of a page, as the sliced queryset that they are."""
    return page.object_list


def page_of(request: HttpRequest, rows: QuerySet[Any] | list[Any], size: int, *, count: int | None = None) -> Page[Any]:
    """
    The page that `page` in the address asks for. Anything but the number of an existing page is a 404: a wrong number
    in a shared address should not quietly show something else. `count` is how many rows there are, if that is known.
    """
    written = request.GET.get("page") or "1"
    if not re.fullmatch(r"[1-9][0-9]{0,8}", written, re.ASCII):
        raise Http404
    paginator = Paginator(rows, size)
    if count is not None:
        paginator.count = count
    try:
        return paginator.page(int(written))
    except EmptyPage:
        raise Http404 from None
