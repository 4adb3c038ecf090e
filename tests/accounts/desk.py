"""Getting into the desk in tests, by the front door or past it."""

from __future__ import annotations

from time import time

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from talent.accounts.models import User
from talent.registry.roles import grant_roles
from tests.factories import UserFactory

PASSWORD = "correct horse battery staple"


def account(role: str = "", **columns: object) -> User:
    """Somebody with a password; with the role, if one is named."""
    user: User = UserFactory(password=make_password(PASSWORD), **columns)
    if role:
        user.groups.add(group_of(role))
    return user


def group_of(role: str) -> Group:
    group = Group.objects.get(name=role)
    if not group.permissions.exists():
        # A flushed database gets its permissions only after its roles.
        grant_roles(using="default")
    return group


def app_for(user: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=user, name="app")


def enter(client: Client, user: User) -> User:
    """Past the door: signed in with both factors."""
    session = SessionStore()
    session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[DEVICE_ID_SESSION_KEY] = app_for(user).persistent_id
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return user


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an app shows now, or some steps of 30 seconds from now."""
    clock = TOTP(bytes.fromhex(secret))
    clock.time = time() + 30 * steps
    return f"{clock.token():06d}"


def wrong_code(secret: str) -> str:
    """Six digits that no code near now has."""
    near = {code_of(secret, steps=steps) for steps in range(-2, 4)}
    return next(f"{n:06d}" for n in range(100) if f"{n:06d}" not in near)


def type_password(client: Client, user: User, password: str = PASSWORD, **sent: str):
    return client.post(
        reverse("admin:login"),
        {"username": user.username, "password": password, **sent},
    )


def type_code(client: Client, user: User, code: str, step: str = "code"):
    return client.post(
        reverse(f"admin:login_{step}"), {"otp_token": code, "account": user.username}
    )
