"""Print the address of a one-time sign-in; `dev.py run` calls it."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from casetracker.web.views.tryout import new_token


class Command(BaseCommand):
    help = "Print an address that signs in once as an editor. Only for a try-out on this machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.TRYOUT:
            raise CommandError("Only a try-out has a one-time sign-in. On a real site use: manage.py createsuperuser")
        path = reverse("tryout", args=[new_token()])
        self.stdout.write(f"http://127.0.0.1:{options['port']}{path}")
