"""Mail providers whose webhooks django-anymail reads, and what each one's are checked by."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

# By the provider's name in addresses of webhooks: the setting that the key they sign with, or
# are checked with, goes into; "" where they sign nothing that django-anymail checks.
PROVIDERS = {
    "amazon_ses": "",
    "brevo": "",
    "mailersend": "MAILERSEND_SIGNING_SECRET",
    "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY",
    "mailjet": "",
    "mailtrap": "MAILTRAP_TRACKING_SECRET",
    "mandrill": "MANDRILL_WEBHOOK_KEY",
    "postal": "POSTAL_WEBHOOK_KEY",
    "postmark": "",
    "resend": "RESEND_SIGNING_SECRET",
    "sendgrid": "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",
    "sendinblue": "",
    "sparkpost": "",
    "unisender_go": "UNISENDER_GO_API_KEY",
}
# Without the key each report ends in an error. Mandrill only tells its own once it has found
# the address alive.
NEED_KEY = {"mailersend", "mailgun", "postal", "unisender_go"}


def key_setting(provider: str, key: str) -> dict[str, str]:
    """The setting of django-anymail that holds the key; none where none was given.

    Raises ImproperlyConfigured for an unknown provider, for a key that nobody would read, and
    for one that is missing.
    """
    if provider not in PROVIDERS:
        raise ImproperlyConfigured(
            f"MAIL_PROVIDER is {provider!r}: use one of {', '.join(PROVIDERS)}."
        )
    setting = PROVIDERS[provider]
    if key and not setting:
        raise ImproperlyConfigured(
            f"MAIL_WEBHOOK_SIGNING_KEY is set, but webhooks of {provider} are checked "
            "by MAIL_WEBHOOK_SECRET alone: unset it."
        )
    if provider in NEED_KEY and not key:
        raise ImproperlyConfigured(
            f"MAIL_WEBHOOK_SIGNING_KEY is not set: give the key with which {provider} "
            "signs its webhooks."
        )
    return {setting: key} if key else {}
