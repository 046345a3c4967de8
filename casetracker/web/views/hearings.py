"""The calendar of hearings."""

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ... import hearings, timeline
from ...dates import DateError, Point, parse_bound
from ...language import refusal
from ..paging import page_of, rows_of

HEARINGS_PER_PAGE = 200
# More than these were never postponed into one month; it bounds what one page can cost.
MOST_POSTPONED = 50


class MonthField(forms.CharField):
    """A month as a reader types it: 2026-12, December 2026, or a day in it. The value is its first day."""

    def __init__(self) -> None:
        super().__init__(max_length=40, required=False, label=_("Month"))
        self.widget.attrs.update({"placeholder": "2026-12", "autocomplete": "off", "size": "11"})

    def clean(self, value: Any) -> datetime.date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            if written := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", text, re.ASCII):
                return Point(int(written[1]), int(written[2])).first_day
            first, last = parse_bound(text)
        except DateError as error:
            raise ValidationError(refusal(error), code="invalid") from error
        if (first.year, first.month) != (last.year, last.month):
            raise ValidationError(_("Name the month too: 2026-12."), code="invalid")
        return first.replace(day=1)


class MonthForm(forms.Form):
    month = MonthField()


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    form = MonthForm(request.GET)
    # With a month that cannot be read, the page says so and shows the present one.
    month = (form.cleaned_data["month"] if form.is_valid() else None) or today.replace(day=1)
    page = page_of(request, hearings.of_month(month), HEARINGS_PER_PAGE)
    before, after = hearings.months_beside(month)
    context = {
        "form": form,
        "month": month,
        "is_present_month": month == today.replace(day=1),
        "before": before,
        "after": after,
        "page": page,
        "days": hearings.by_day(timeline.entries(rows_of(page)), today),
        "moved": timeline.entries(hearings.postponed_into(month)[:MOST_POSTPONED]),
        "noindex": bool(request.GET.get("month")),
        "section": "calendar",
    }
    return render(request, "pages/calendar.html", context)
