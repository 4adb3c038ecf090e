"""Between the password and the code: known to the session, signed in to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from talent.accounts import second_factor
from talent.accounts.models import User
from talent.accounts.roles import may_use_desk

LASTS = timedelta(minutes=10)
KEY = "half_login"


class NotBegun(Exception):
    """Says to the visitor why the password is asked again."""


@dataclass(frozen=True)
class HalfLogin:
    user: User
    backend: str
    next: str
    secret: str  # of the app to be enrolled; empty where there is one already
    replaces: bool = False

    @property
    def must_enrol(self) -> bool:
        return bool(self.secret)


def begin(
    request: HttpRequest,
    user: User,
    *,
    backend: str,
    at: datetime,
    next: str = "",
    replaces: bool = False,
) -> HalfLogin:
    """Remember for ten minutes that the password was right.

    Each half-login has a secret of its own, so that one seen by a stranger who knew the
    first password is worth nothing in the owner's.
    """
    enrols = replaces or second_factor.app_of(user) is None
    half = HalfLogin(
        user=user,
        backend=backend,
        next=next,
        secret=second_factor.new_secret() if enrols else "",
        replaces=replaces,
    )
    request.session.flush()  # a new key: nobody can have planted this session
    request.session[KEY] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "backend": backend,
        "at": at.timestamp(),
        "next": next,
        "secret": half.secret,
        "replaces": replaces,
    }
    return half


def resume(request: HttpRequest, *, at: datetime) -> HalfLogin:
    """The half-login of this session, or NotBegun with the reason."""
    stored = request.session.get(KEY)
    if stored is None:
        raise NotBegun(_("Enter your user name and password first."))
    if at.timestamp() - stored["at"] > LASTS.total_seconds():
        end(request)
        raise NotBegun(
            _(
                "More than %(minutes)d minutes have passed since you entered the "
                "password. Enter it once more."
            )
            % {"minutes": LASTS.total_seconds() // 60}
        )
    user = User.objects.filter(pk=stored["user"]).first()
    if user is None or not still_good(user, stored["password"]):
        end(request)
        raise NotBegun(
            _("The account was changed meanwhile. Enter your user name and password.")
        )
    return HalfLogin(
        user=user,
        backend=stored["backend"],
        next=stored["next"],
        secret=stored["secret"],
        replaces=stored["replaces"],
    )


def still_good(user: User, password: str) -> bool:
    unchanged = constant_time_compare(password, user.get_session_auth_hash())
    return unchanged and may_use_desk(user)


def end(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
