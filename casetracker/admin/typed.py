"""
What was typed into a form of the desk and could not be taken: it goes back to whoever sent it.

The session may have ended, the token against forged forms may be that of an earlier sign-in, the database may be down,
or the program may have failed. The answer then is a page that holds what was sent and can send it again. Nothing is
stored on the server: the text goes back to the very browser that sent it, in a page that is kept nowhere.

A form says in a hidden field, signed, to whom it was given; only that person gets the text back. While signing in again
the text waits in the page itself, signed and for a limited time. Passwords and one-time codes are never part of it.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.middleware.csrf import get_token
from django.template import loader
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .uploads import had_files

# To whom the form was given; what waits for a sign-in; that a form is to be shown with what was typed, not saved.
GIVEN_TO = "_given_to"
WAITS = "_waits"
SHOW = "_show"

_FILES_ARE_LEFT_OUT = gettext_lazy("A file is not part of it: choose it once more.")

# How long a form may lie open, and how long what was typed waits for its author to sign in.
LONGEST_OPEN = 30 * 24 * 3600
LONGEST_WAIT = 12 * 3600
# What waits is sent again with the password, and must fit into a request.
LONGEST_WAITING = 2_000_000

# Names of fields whose values never go back: passwords, one-time codes, and what proves somebody.
_IS_SECRET = re.compile(r"password|secret|token|(?:^|[-_])(?:code|otp)(?:$|[-_])", re.IGNORECASE)

# What is typed here is what must not be kept anywhere, and goes back to nobody.
_NEVER_BACK = "/admin/redactions/"

_FORMS = "casetracker.desk.given_to"
_WAITING = "casetracker.desk.waits"


def given_to(request: HttpRequest) -> str:
    """For a hidden field of a form: to whom it is given."""
    return signing.TimestampSigner(salt=_FORMS).sign(str(request.user.pk))


def is_anothers(request: HttpRequest) -> bool:
    """Whether the form in the request was given to another account than the one that is signed in and sends it now."""
    if request.method == "POST" and not request.POST:
        # Also where it cannot be read: asked here first, what is wrong with it is told as it would be by its form.
        return False
    author = _sent_by(request)
    return author is not None and author != request.user.pk


def is_only_shown(request: HttpRequest) -> bool:
    """Whether what was sent is to be shown in its form once more, and nothing is to be done."""
    return SHOW in request.POST


def _sent_by(request: HttpRequest) -> int | None:
    """The key of the account to which the form in the request was given; None if it is no form of ours."""
    if request.method != "POST" or not _comes_from_here(request):
        return None
    try:
        signed = request.POST.get(GIVEN_TO, "")
        return int(signing.TimestampSigner(salt=_FORMS).unsign(signed, max_age=LONGEST_OPEN))
    except (signing.BadSignature, ValueError, RequestDataTooBig, TooManyFieldsSent):
        return None
    except (UnreadablePostError, MultiPartParserError):
        return None


def _comes_from_here(request: HttpRequest) -> bool:
    """Not from another site, as far as the browser tells: nobody may plant a text that an editor then sends."""
    origin = request.headers.get("Origin", "")
    if origin:
        host = f"{request.scheme}://{request.get_host()}"
        return origin == host or origin in settings.CSRF_TRUSTED_ORIGINS
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


def _kept(data: QueryDict) -> dict[str, list[str]]:
    left_out = {"csrfmiddlewaretoken", WAITS, SHOW}
    return {
        name: data.getlist(name)
        for name in data
        if name not in left_out and not _IS_SECRET.search(name) and "__prefix__" not in name
    }


# --- the page that holds what was typed -----------------------------------------------------------------------------


def _page(
    request: HttpRequest, path: str, data: Mapping[str, list[str]], *, heading: str, text: str, status: int, sends: bool
) -> HttpResponse:
    """`sends` offers to send it as it was, besides going back to the form."""
    fields = [(name, value) for name, values in data.items() for value in values]
    if _had_files(request):
        text = f"{text} {_FILES_ARE_LEFT_OUT}"
    context = {
        "status": status,
        "heading": heading,
        "text": text,
        "path": path,
        "fields": [(name, value, _label(name)) for name, value in fields if _is_text(name, value)],
        "hidden": [(name, value) for name, value in fields if not _is_text(name, value)],
        "sends": sends,
        "show": SHOW,
        "token": get_token(request),
    }
    # No context processors: the user and the session may be what failed.
    return HttpResponse(loader.get_template("admin/typed.html").render(context), status=status)


def _had_files(request: HttpRequest) -> bool:
    try:
        return had_files(request)
    except (UnreadablePostError, MultiPartParserError, RequestDataTooBig, TooManyFieldsSent):
        return False


def _is_text(name: str, value: str) -> bool:
    """Worth showing in the open, to be copied if all else fails."""
    return not name.startswith("_") and (len(value) > 40 or "\n" in value)


def _label(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()


def page_after_failure(request: HttpRequest, status: int) -> HttpResponse | None:
    """
    For a form that met a database which does not answer (503), a failure of the program (500), or a right that has been
    taken away (403). Asks no database. None if it is no form of ours.
    """
    if _sent_by(request) is None or request.path_info.startswith(_NEVER_BACK):
        return None
    heading, text = {
        503: (
            _("Not saved: the database does not answer"),
            _("This is known to pass. What you typed is in this page: wait half a minute and send it again."),
        ),
        403: (
            _("Not saved: you have no right to change this"),
            _("What you typed is in this page, to be copied."),
        ),
    }.get(
        status,
        (
            _("Not saved: something went wrong here"),
            _("What you typed is in this page. Go back to the form and try again, or copy it before you leave."),
        ),
    )
    path = request.get_full_path()
    return _page(request, path, _kept(request.POST), heading=heading, text=text, status=status, sends=status == 503)


def page_after_refusal(request: HttpRequest, site: Any) -> HttpResponse | None:
    """For a form whose session or token does not hold any more; None if it is none of ours."""
    author = _sent_by(request)
    if author is None or request.path_info.startswith(_NEVER_BACK):
        return None
    path, data = request.get_full_path(), _kept(request.POST)
    if site.has_permission(request) and request.user.pk == author:
        heading = _("Not saved yet")
        text = _("You have signed in again since this form was opened. What you typed is kept: go back to the form.")
        return _page(request, path, data, heading=heading, text=text, status=403, sends=False)
    waiting = {"path": path, "author": author, "data": data, "files": _had_files(request)}
    waits = signing.dumps(waiting, salt=_WAITING, compress=True)
    if len(waits) > LONGEST_WAITING:
        heading = _("Not saved: you are not signed in")
        text = _("Copy what you need from here, sign in, and enter it again. It is too long to be carried over.")
        return _page(request, path, data, heading=heading, text=text, status=403, sends=False)
    context = {
        **site.each_context(request),
        "title": _("Sign in"),
        "app_path": reverse("admin:login"),
        "next": path,
        "form": _sign_in_form(request),
        "waits": waits,
        "waits_name": WAITS,
        "username": request.user.get_username(),
        "is_anothers": request.user.is_authenticated and request.user.pk != author,
    }
    return TemplateResponse(request, "admin/login.html", context, status=403)


def _sign_in_form(request: HttpRequest) -> Any:
    # It needs the models, which are not there yet when this module is read.
    from .signing_in_forms import SignInForm

    return SignInForm(request)


def page_after_sign_in(request: HttpRequest) -> HttpResponse | None:
    """The page that leads back to the form; None if nothing waits, or it has waited too long."""
    try:
        kept = signing.loads(request.POST.get(WAITS, ""), salt=_WAITING, max_age=LONGEST_WAIT)
    except signing.BadSignature:
        return None
    if kept["author"] != request.user.pk:
        author = get_user_model()._default_manager.filter(pk=kept["author"]).first()
        name = author.get_username() if author is not None else _("an account that is gone")
        heading = _("That was another account's form")
        text = _("What waited here was typed by %(name)s, and only that account gets it back.") % {"name": name}
        return _page(request, reverse("admin:index"), {}, heading=heading, text=text, status=403, sends=False)
    heading = _("You are signed in again")
    text = _("What you typed before is kept. Nothing of it is saved yet: go back to the form, look it over, and save.")
    if kept.get("files"):
        text = f"{text} {_FILES_ARE_LEFT_OUT}"
    return _page(request, _own(kept["path"]), kept["data"], heading=heading, text=text, status=200, sends=False)


def _own(path: str) -> str:
    """The path, if it leads into this site."""
    parts = urlsplit(path)
    return path if not parts.scheme and not parts.netloc and path.startswith("/") else reverse("admin:index")
