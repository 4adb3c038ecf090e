"""The page that says how the record is kept."""

from __future__ import annotations

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


class TestAbout:
    @pytest.mark.parametrize(
        "section",
        [
            "method",
            "inclusion",
            "standing",
            "dates",
            "pay",
            "careers",
            "seats",
            "corrections",
            "removals",
            "licence",
        ],
    )
    def test_has_the_section_its_contents_and_other_pages_link_to(
        self, client, section
    ):
        html = client.get(reverse("dashboard:about")).content.decode()

        assert f'id="{section}"' in html
        assert f'href="#{section}"' in html

    def test_explains_each_standing(self, client):
        html = client.get(reverse("dashboard:about")).content.decode()

        for standing in ("confirmed", "reported", "rumoured", "denied"):
            assert f"standing-{standing}" in html

    def test_names_no_address_that_is_not_this_sites(self, client):
        assert "@" not in client.get(reverse("dashboard:about")).content.decode()
