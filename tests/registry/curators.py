"""Curators signed in at the desk with both factors, and the forms they post."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.contrib import admin
from django.contrib.messages import get_messages
from django.test import Client, RequestFactory
from django.urls import reverse

from talent.accounts.models import User
from tests.accounts.desk import account, enter


class Curator(Client):
    """A browser in which somebody has passed both factors."""

    user: User


def signed_in(role: str, **columns: Any) -> Curator:
    client = Curator()
    client.user = enter(client, account(role, **columns))
    return client


def address(row: Any, page: str = "change") -> str:
    """Of a row's page, or of a model's list or form."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}"
    return reverse(name, args=None if isinstance(row, type) else [row.pk])


def form_of(client: Curator, row: Any) -> dict[str, Any]:
    """What the form of a row (or of a new one) sends back if nobody touches it.

    Asks the view without drawing the page, which takes most of the time.
    """
    new = isinstance(row, type)
    request = RequestFactory().get("/")
    request.user = client.user
    screen = admin.site.get_model_admin(row if new else type(row))
    return as_posted(
        screen.add_view(request) if new else screen.change_view(request, str(row.pk))
    )


def as_posted(response: Any) -> dict[str, Any]:
    forms = [response.context_data["adminform"].form]
    for inline in response.context_data["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    posted: dict[str, Any] = {}
    for field in (field for form in forms for field in form):
        value = field.value()
        if value is not None and value is not False and not field.field.disabled:
            posted[field.html_name] = "on" if value is True else value
    return posted


def edit(client: Curator, row: Any, **typed: Any) -> Any:
    """Open the form of a row (or of a new one), type and save. `a__0__b` is field a-0-b."""
    typed = {name.replace("__", "-"): value for name, value in typed.items()}
    url = address(row, "add" if isinstance(row, type) else "change")
    return client.post(url, form_of(client, row) | typed)


def told(response: Any) -> list[str]:
    """The messages as a person reads them."""
    return [
        unescape(re.sub(r"<[^>]+>", "", str(message)))
        for message in get_messages(response.wsgi_request)
    ]


def errors(response: Any) -> list[str]:
    """The sentences beside the fields of a refused form."""
    return [
        str(error)
        for beside in response.context_data["errors"]
        for error in listed(beside)
    ]


def listed(errors: Any) -> list[Any]:
    return [errors] if isinstance(errors, str) else list(errors)
