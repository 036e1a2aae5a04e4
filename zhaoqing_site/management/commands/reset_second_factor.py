"""For the installer: lets a person in again whose telephone is lost and whom nobody else may help, such as the only administrator."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from bureaus import second_factor, sessions
from bureaus.audit import Action, record


class Command(BaseCommand):
    help = "Resets the second factor of a person and signs them out everywhere; at the next sign-in they set up a new one."

    def add_arguments(self, parser):
        parser.add_argument("username", help="the name that the person signs in with")

    @transaction.atomic
    def handle(self, *, username, **options):
        person = get_user_model().objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"Nobody signs in as “{username}”.")
        second_factor.reset(person)
        sessions.end_all(person)
        record(Action.SECOND_FACTOR_RESET, thing=person)
        self.stdout.write(f"The second factor of {username} is reset.")
