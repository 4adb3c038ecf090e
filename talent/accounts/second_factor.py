"""The second factor: codes from an app, and ten recovery codes for a lost phone."""

from __future__ import annotations

import re
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from time import time

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils import timezone
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from talent.accounts.models import User

RECOVERY_CODES = 10
APP_CODE = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class Check:
    """What became of a code: the device that took it, seconds to wait, or neither."""

    device: Device | None = None
    wait: int = 0


@dataclass(frozen=True)
class Enrolment:
    device: Device
    recovery_codes: list[str]


class AlreadyEnrolled(Exception):
    """Another tab or another person set up the second factor meanwhile."""


def app_of(user: User) -> TOTPDevice | None:
    return TOTPDevice.objects.devices_for_user(user, confirmed=True).first()


def recovery_codes_left(user: User) -> int:
    left: int = StaticToken.objects.filter(device__user=user).count()
    return left


@transaction.atomic
def check(user: User, code: str) -> Check:
    """Take a code of the app or a recovery code, once.

    Each wrong code doubles the time until the next one is looked at. Codes of the two
    sorts are told apart by their form, so a wrong code delays only its own sort.
    """
    code = plain(code)
    devices = TOTPDevice if APP_CODE.fullmatch(code) else StaticDevice
    # The lock lets two requests with one code succeed once, and counts every wrong one.
    device = devices.objects.devices_for_user(user, confirmed=True).select_for_update()
    device = device.first()
    if device is None:
        return Check()
    allowed, refusal = device.verify_is_allowed()
    if not allowed:
        return Check(wait=seconds_until(refusal["locked_until"]))
    return Check(device=device if device.verify_token(code) else None)


def plain(code: str) -> str:
    """As stored: people copy codes with the spaces and hyphens they are shown with."""
    return re.sub(r"[\s-]", "", code).lower()


def seconds_until(moment: datetime) -> int:
    left = (moment - timezone.now()).total_seconds()
    return max(1, ceil(left))


def new_secret() -> str:
    return str(random_hex(20))


@transaction.atomic
def enrol(
    user: User, *, secret: str, code: str, replaces: bool = False
) -> Enrolment | None:
    """Make the app that knows the secret the second factor; None for a wrong code.

    Raises AlreadyEnrolled unless it is to replace the app there is. Replacing and
    enrolling both end the earlier recovery codes.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if not replaces and app_of(user):
        raise AlreadyEnrolled
    step = TOTP(bytes.fromhex(secret))
    step.time = time()
    code = plain(code)
    if not (APP_CODE.fullmatch(code) and step.verify(int(code), tolerance=1)):
        return None
    reset(user)
    device = TOTPDevice.objects.create(
        user=user,
        name="app",
        key=secret,
        drift=step.drift,
        last_t=step.t(),  # this code does not sign in again
    )
    return Enrolment(device=device, recovery_codes=renew_recovery_codes(user))


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """Ten new codes; the old ones end. Shown now or never: the pages keep no copy."""
    device, _created = StaticDevice.objects.get_or_create(
        user=user, defaults={"name": "recovery codes"}
    )
    device.token_set.all().delete()
    device.throttle_reset()
    tokens = StaticToken.objects.bulk_create(
        StaticToken(device=device, token=StaticToken.random_token())
        for _number in range(RECOVERY_CODES)
    )
    return [f"{token.token[:4]}-{token.token[4:]}" for token in tokens]


def reset(user: User) -> None:
    """Forget app and recovery codes: sessions are cut off, the next sign-in enrols."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def note(user: User, text: str) -> None:
    """Say in the history of the account what its owner did with the second factor."""
    LogEntry.objects.log_actions(
        user_id=user.pk,
        queryset=User.objects.filter(pk=user.pk),
        action_flag=CHANGE,
        change_message=text,
        single_object=True,
    )


@dataclass(frozen=True)
class Key:
    """A secret in the three forms an app takes it in: picture, text, link."""

    text: str
    link: str
    path: str
    side: int

    @classmethod
    def of(cls, secret: str, *, user: User) -> Key:
        link = str(TOTPDevice(user=user, key=secret).config_url)
        drawing = QRCode(border=4, error_correction=ERROR_CORRECT_M)
        drawing.add_data(link)
        rows = drawing.get_matrix()
        path = "".join(
            f"M{x} {y}h1v1h-1z"
            for y, row in enumerate(rows)
            for x, dark in enumerate(row)
            if dark
        )
        text = b32encode(bytes.fromhex(secret)).decode()
        spaced = " ".join(text[i : i + 4] for i in range(0, len(text), 4))
        return cls(text=spaced, link=link, path=path, side=len(rows))
