"""Forms of the sign-in, and of accounts in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from talent.accounts.models import User
from talent.accounts.roles import EDITOR, PUBLISHER, ROLES, may_use_desk

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm


def count_failure(request: HttpRequest, username: str) -> None:
    """Tell django-axes of a failure it did not see: it locks after five of any sort."""
    user_login_failed.send(
        sender=__name__, credentials={"username": username}, request=request
    )


class PasswordForm(AuthenticationForm):
    """User name and password: one answer for every failure, so that none tells who has
    an account.
    """

    error_messages = {
        "invalid_login": _(
            "User name and password do not belong to an account that may sign in here. "
            "Both are case-sensitive."
        ),
        "inactive": "",  # never said: see the class
    }

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        assert isinstance(user, User)
        assert self.request is not None
        if not may_use_desk(user):
            count_failure(self.request, user.username)
            raise self.get_invalid_login_error()


class CodeForm(forms.Form):
    # axes masks the field of this name in what it records.
    otp_token = forms.CharField(
        label=_("Code"),
        max_length=40,
        error_messages={"required": _("Type the code.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )
    # Whose code it is: another tab may have begun to sign in as somebody else.
    account = forms.CharField(widget=forms.HiddenInput, max_length=150, required=False)


class OwnPasswordForm(forms.Form):
    """Asks somebody who is signed in for the password again."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        self.request = request

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        name = self.request.user.get_username()
        user = authenticate(self.request, username=name, password=password)
        if user is None or user.pk != self.request.user.pk:
            raise ValidationError(_("This is not your password."))
        return password


class AccountForm(UserForm):
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            ("", _("None: only an administrator may sign in without one")),
            *ROLES,
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = User
        fields = (
            "username",
            "first_name",
            "last_name",
            "email",
            "is_superuser",
            "is_active",
        )
        field_classes = {"username": UsernameField}
        labels = {"is_superuser": _("Administrator")}
        help_texts = {
            "username": _("Typed at sign-in. Letters, digits and @ . + - _ only."),
            "email": _("For colleagues to find. Nothing is sent to it."),
            "is_superuser": _(
                "May do everything a publisher may, and looks after the accounts."
            ),
            "is_active": _(
                "Take this off instead of deleting: what they did stays theirs."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            names = self.instance.groups.filter(name__in=(EDITOR, PUBLISHER))
            # Somebody in both groups is a publisher.
            held = max(names.values_list("name", flat=True), default="")
            self.fields["role"].initial = held
