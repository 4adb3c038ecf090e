"""Mail addresses that strangers type: which ones we write to, and the mailbox behind them."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

# Of RFC 5321: of the whole, and of the part before the @.
LONGEST = 254
LONGEST_LOCAL = 64
SHOWN = 60
# Control and line characters, and those that turn the direction of writing: none belongs
# into an address, and each can forge a header or what a reader sees.
UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"}
# Letters that the two standards of international domains send to different domains.
DEVIANT = set("ßςẞ")
# One mailbox under two domains.
ALIASES = {"googlemail.com": "gmail.com"}


def read(typed: str) -> str:
    """The address to write to. ValidationError says what is wrong with what was typed.

    The domain comes in ASCII and lower case; the part before the @ stays as it was typed.
    """
    if any(unicodedata.category(character) in UNSEEN for character in typed):
        raise ValidationError(
            _(
                "The address holds a line break or another character that cannot be seen."
            ),
            code="unseen",
        )
    text = typed.strip()
    if not text:
        raise ValidationError(_("Write your e-mail address."), code="required")
    if len(text) > LONGEST:
        raise ValidationError(
            _("“%(value)s” is longer than %(most)s characters.")
            % {"value": shown(text), "most": LONGEST},
            code="long",
        )
    if any(character in text for character in ",; ") or text.count("@") > 1:
        raise ValidationError(
            _("“%(value)s” is more than one address: write one.")
            % {"value": shown(text)},
            code="several",
        )
    if any(character in text for character in '"<(['):
        raise ValidationError(
            _("“%(value)s” holds quotes or brackets: write the address alone.")
            % {"value": shown(text)},
            code="quotes",
        )
    local, at, domain = text.partition("@")
    if not (local and at and domain):
        raise ValidationError(
            _("“%(value)s” is not an e-mail address, like name@example.org.")
            % {"value": shown(text)},
            code="invalid",
        )
    return checked(text, local, ascii_domain(domain))


def checked(text: str, local: str, domain: str) -> str:
    if not local.isascii():
        raise ValidationError(
            _("“%(value)s” has letters before the @ that our mail cannot be sent to.")
            % {"value": shown(text)},
            code="local",
        )
    address = f"{local}@{domain}"
    try:
        EmailValidator()(address)
    except ValidationError:
        wrong = True
    else:
        wrong = len(local) > LONGEST_LOCAL or len(address) > LONGEST
    if wrong:
        raise ValidationError(
            _("“%(value)s” is not an e-mail address, like name@example.org.")
            % {"value": shown(text)},
            code="invalid",
        )
    return address


def ascii_domain(domain: str) -> str:
    if DEVIANT & set(domain):
        raise ValidationError(
            _("Write the domain “%(value)s” in its form that begins with xn--.")
            % {"value": shown(domain)},
            code="domain",
        )
    try:
        return punycode(domain).lower()
    except UnicodeError as unreadable:
        raise ValidationError(
            _("“%(value)s” is not the name of a domain.") % {"value": shown(domain)},
            code="domain",
        ) from unreadable


def shown(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def masked(address: str) -> str:
    """What may be shown of somebody else's address: a…@e…"""
    local, _at, domain = address.partition("@")
    return f"{local[:1]}…@{domain[:1]}…"


def mailbox_of(address: str) -> str:
    """The mailbox behind an address, as most providers see it.

    For counting only: where dots do make two mailboxes, the two share one allowance.
    """
    local, _at, domain = address.lower().rpartition("@")
    local = local.partition("+")[0].replace(".", "")
    return f"{local}@{ALIASES.get(domain, domain)}"
