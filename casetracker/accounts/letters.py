"""The e-mails that the desk sends, where `CASETRACKER_EMAIL_URL` says through what."""

import logging
import threading

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


def are_sent() -> bool:
    """Whether this site sends e-mail at all."""
    return bool(settings.SENDS_EMAIL)


def invitation(to: str, *, username: str, inviter: str, site: str, address: str, until: str) -> EmailMessage:
    """To somebody for whom an account was made. `address` works once, until `until`."""
    body = _(
        "%(inviter)s invites you to the editors' desk at %(site)s.\n\n"
        "Your user name is: %(username)s\n\n"
        "Choose your password here. The address works once, until %(until)s UTC:\n%(address)s\n\n"
        "You will then set up a second factor: have a phone with an authenticator app at hand.\n\n"
        "If you do not know why you get this, leave it; nothing happens without you.\n"
    ) % {"inviter": inviter, "site": site, "username": username, "until": until, "address": address}
    return _letter(to, _("Your account at the desk of %s") % site, body)


def new_password(to: str, *, username: str, site: str, address: str, until: str) -> EmailMessage:
    """To the owner of an account for which a new password was asked for."""
    body = _(
        "Somebody, perhaps you, asked for a new password for the account %(username)s at %(site)s.\n\n"
        "Choose it here. The address works once, until %(until)s UTC:\n%(address)s\n\n"
        "If it was not you, leave it: your password stays as it is.\n"
    ) % {"username": username, "site": site, "until": until, "address": address}
    return _letter(to, _("A new password for the desk of %s") % site, body)


def _letter(to: str, subject: str, body: str) -> EmailMessage:
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to])


def send(message: EmailMessage) -> bool:
    """Send it now; False, and a line in the log, if it could not be sent."""
    try:
        return message.send() == 1
    except Exception:
        # Whatever a mail server or a network does wrong; the address is a person's and stays out of the log.
        logger.exception("An e-mail could not be sent.")
        return False


def send_aside(message: EmailMessage) -> threading.Thread:
    """Send it while the answer goes out, so that how long the answer takes does not tell whether one was sent."""
    thread = threading.Thread(target=send, args=[message], name="letter")
    thread.start()
    return thread
