"""Take the second factor from an account, for when nobody is left who could do it at the desk."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from casetracker.accounts import second_factor, sessions


class Command(BaseCommand):
    help = "Take the second factor from an account and end its sessions; it sets up a new one at its next sign-in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']!r}.")
        had_one = second_factor.remove(user)
        ended = sessions.end_all(user)
        self.stdout.write(
            f"{'Its second factor is taken away' if had_one else 'It had no second factor'}; sessions ended: {ended}."
        )
