"""Providers of mail: whose webhooks are read, and that they are checked by the key."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from anymail.exceptions import (
    AnymailConfigurationError,
    AnymailImproperlyInstalled,
    AnymailWebhookValidationFailure,
)
from anymail.urls import urlpatterns
from django.core.exceptions import ImproperlyConfigured

from config.mail_providers import NEED_KEY, PROVIDERS, key_setting

VIEWS = {
    each.name.removesuffix("_tracking_webhook"): each.callback
    for each in urlpatterns
    if each.name.endswith("_tracking_webhook")
}


class Read(dict[str, str]):
    """Settings of django-anymail of which none is set, and the names it asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __missing__(self, name: str) -> Any:
        self.names.add(name)
        raise KeyError(name)


def read_by(provider: str, settings) -> tuple[set[str], bool]:
    """Keys and secrets that the provider's view reads, and whether it cannot do without."""
    settings.ANYMAIL = read = Read()
    needs = False
    try:
        VIEWS[provider].view_class()
    except AnymailImproperlyInstalled:
        pass  # Amazon's library
    except AnymailConfigurationError:
        needs = True
    return {name for name in read.names if name.endswith(("KEY", "SECRET"))}, needs


class TestProviders:
    def test_are_those_whose_reports_django_anymail_reads(self):
        assert set(PROVIDERS) == set(VIEWS)

    @pytest.mark.filterwarnings("ignore::Warning")
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_read_the_key_under_this_name(self, provider, settings):
        read, needs = read_by(provider, settings)

        name = PROVIDERS[provider]
        assert name in read if name else read <= {"WEBHOOK_SECRET"}
        assert needs is (provider in NEED_KEY)

    @pytest.mark.parametrize("provider", ["mailtrap", "mandrill", "mailersend"])
    def test_refuse_a_report_that_is_not_signed(self, provider, settings, rf):
        settings.ANYMAIL = {
            "WEBHOOK_SECRET": "user:password",
            **key_setting(provider, "key"),
        }
        password = b64encode(b"user:password").decode()
        report = rf.post(
            "/mail-events/",
            {"events": []},
            content_type="application/json",
            headers={"Authorization": f"Basic {password}"},
        )

        with pytest.raises(AnymailWebhookValidationFailure, match="(?i)signature"):
            VIEWS[provider](report)


class TestKeySetting:
    @pytest.mark.parametrize(
        ("provider", "key", "said"),
        [
            ("pigeon", "", r"^MAIL_PROVIDER is 'pigeon': use one of amazon_ses, "),
            ("Mailgun", "key", r"^MAIL_PROVIDER is 'Mailgun': use one of "),
            ("postmark", "key", r"webhooks of postmark are checked .* alone: unset"),
            ("mailgun", "", r"^MAIL_WEBHOOK_SIGNING_KEY is not set: .* mailgun signs"),
        ],
    )
    def test_refuses_what_would_not_be_checked(self, provider, key, said):
        with pytest.raises(ImproperlyConfigured, match=said):
            key_setting(provider, key)

    def test_is_none_without_a_key(self):
        assert key_setting("postmark", "") == key_setting("resend", "") == {}
