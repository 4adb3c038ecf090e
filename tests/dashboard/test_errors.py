"""Pages for what went wrong: they say what it was and where to go from there."""

from __future__ import annotations

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.test import RequestFactory
from django.urls import reverse

from talent.dashboard.views import errors


@pytest.fixture
def request_for(rf: RequestFactory):
    def make(path: str = "/events/", **headers: str):
        request = rf.get(path, headers=headers)
        request.reference = "ab12cd34"
        return request

    return make


class TestPageNotFound:
    def test_offers_a_search_for_the_words_of_the_address(self, client, db):
        response = client.get("/people/ada-lovelace/")

        assert response.status_code == 404
        assert 'value="ada lovelace"' in response.content.decode()

    def test_shows_a_hostile_address_as_text(self, client, db):
        response = client.get("/<script>alert(1)</script>/")

        assert "<script>alert" not in response.content.decode()

    def test_asks_the_database_nothing(self, client, queries_of):
        assert queries_of(lambda: client.get("/nowhere/")) == 0


class TestBadRequest:
    def test_says_our_reason(self, request_for):
        response = errors.bad_request(request_for(), BadRequest("“x” is no span."))

        assert response.status_code == 400
        assert "“x” is no span." in response.content.decode()

    def test_keeps_other_reasons_to_itself(self, request_for):
        secret = SuspiciousOperation("You may need to add 'x' to ALLOWED_HOSTS.")

        assert (
            "ALLOWED_HOSTS"
            not in errors.bad_request(request_for(), secret).content.decode()
        )

    def test_fits_into_the_part_htmx_asked_for(self, request_for):
        request = request_for(**{"HX-Request": "true", "HX-Target": "event-table"})

        html = errors.bad_request(request, BadRequest("No.")).content.decode()

        assert 'id="event-table"' in html
        assert "<html" not in html


class TestPermissionDenied:
    def test_leads_to_the_public_record(self, request_for):
        response = errors.permission_denied(request_for(), PermissionDenied())

        assert response.status_code == 403
        assert f'href="{reverse("dashboard:home")}"' in response.content.decode()


class TestServerError:
    def test_shows_the_reference_that_is_in_the_log(self, request_for):
        response = errors.server_error(request_for())

        assert response.status_code == 500
        assert "ab12cd34" in response.content.decode()

    def test_is_made_without_the_database(self, client, monkeypatch, queries_of):
        def broken(*_args: object) -> None:
            raise RuntimeError

        monkeypatch.setattr("talent.dashboard.caching.state_of_record", broken)
        client.raise_request_exception = False
        answers = []

        queries = queries_of(
            lambda: answers.append(client.get(reverse("dashboard:home")))
        )

        assert queries == 0
        assert answers[0].status_code == 500
        assert "Something broke" in answers[0].content.decode()
