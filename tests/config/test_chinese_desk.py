"""The lists of the desk and its longest forms in Chinese: what is left in English is data."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils import translation

from talent.opendata.models import HookDelivery
from talent.registry.models import (
    Event,
    Organization,
    Package,
    Person,
    Reason,
)
from tests.accounts.desk import account, enter
from tests.config.test_chinese_pages import data_of_the_record, english_in

__all__ = ["data_of_the_record"]  # a fixture

# Of templates of Django's that do not ask the catalogue.
OF_DJANGO = {"Search", "True"}


def test_nothing_but_data_is_left_in_english(client, data_of_the_record: Any):
    enter(client, account("publisher", username="root", is_superuser=True))
    known = shown_as_they_are() | {*OF_DJANGO, "root"}

    left = {
        (address, text)
        for address in addresses()
        for text in english_in(client.get(address).text, data_of_the_record)
        if text.rpartition(" - ")[2] not in known
    }

    assert not left


def addresses() -> list[str]:
    with translation.override("zh-hans"):
        lists = [
            reverse(
                f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            )
            for model in admin.site._registry
        ]
        forms = [
            reverse(
                f"admin:registry_{model._meta.model_name}_change",
                args=[model.objects.order_by("pk").first().pk],
            )
            for model in (Event, Person, Organization, Package)
        ]
        return [reverse("admin:index"), *lists, *forms]


def shown_as_they_are() -> set[str]:
    """Parts of addresses, codes of programs, and reasons: editors name these in English."""
    return {
        *Person.objects.values_list("slug", flat=True),
        *Organization.objects.values_list("slug", flat=True),
        *HookDelivery.Kind.values,
        *Reason.objects.values_list("name", flat=True),
    }
