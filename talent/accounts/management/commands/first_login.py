from __future__ import annotations

from typing import Any

from axes.utils import reset as forget_failures
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction
from django.urls import reverse

from talent.accounts import passwords, second_factor
from talent.accounts.models import User
from talent.accounts.roles import may_use_desk

USERNAME = "curator"


class Command(BaseCommand):
    help = (
        "Makes the first administrator and prints the password once; does nothing if "
        "there is one. With --reset NAME: a new password and no second factor for "
        "somebody who lost both."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--username", help=f"of the first administrator (default: {USERNAME})"
        )
        parser.add_argument(
            "--reset",
            metavar="NAME",
            help="give this account a new password and let it set up a new app",
        )

    def handle(
        self,
        *args: Any,
        username: str | None = None,
        reset: str | None = None,
        **options: Any,
    ) -> None:
        if reset is not None:
            self.show(*rescued(reset))
            self.stdout.write("The old app and the old recovery codes are forgotten.")
        elif made := first_administrator(username):
            self.show(*made)

    def show(self, user: User, password: str) -> None:
        address = settings.SITE_URL + reverse("admin:index")
        self.stdout.write(
            f"Sign in at {address}\n"
            f"  user name  {user.username}\n"
            f"  password   {password}\n"
            "The password is shown this once and stored nowhere.\n"
            "The second factor, an app on your phone, is set up when you sign in."
        )
        if not may_use_desk(user):
            self.stdout.write(
                "This account cannot sign in yet: an administrator has to make it "
                "active and give it a role."
            )


@transaction.atomic
def first_administrator(username: str | None) -> tuple[User, str] | None:
    """The new account and its password; None if an active superuser exists."""
    if User.objects.filter(is_superuser=True, is_active=True).exists():
        return None
    wanted = username or free_name()
    password = passwords.readable()
    try:
        with transaction.atomic():
            user = User.objects.create_superuser(wanted, password=password)
    except IntegrityError:
        if User.objects.filter(is_superuser=True, is_active=True).exists():
            return None  # another process was first
        raise CommandError(
            f"There is an account {wanted!r} already, and it is no administrator: "
            "choose another name with --username."
        ) from None
    return user, password


def free_name() -> str:
    taken = set(
        User.objects.filter(username__startswith=USERNAME).values_list(
            "username", flat=True
        )
    )
    numbered = (f"{USERNAME}{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (USERNAME, *numbered) if name not in taken)


@transaction.atomic
def rescued(username: str) -> tuple[User, str]:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no account named {username!r}.")
    second_factor.reset(user)
    forget_failures(username=username)
    password = passwords.give_new(user)
    second_factor.note(user, "Password and second factor reset on the server.")
    return user, password
