import logging

import pytest
from django.db import OperationalError, connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(caplog):
    caplog.set_level(logging.CRITICAL)

    def fail(*_args):
        raise OperationalError("canceling statement due to statement timeout")

    with connection.execute_wrapper(fail):
        yield


class TestPostgresqlAwayOrTooSlow:
    @pytest.mark.parametrize(
        ("page", "says"),
        [
            ("/about/", "Not just now"),
            ("/zh-hans/about/", "暂时打不开"),
            ("/search/?q=ada", "Not just now"),
        ],
    )
    def test_is_said_with_when_to_come_back(self, client, away, page, says):
        response = client.get(page)

        assert response.status_code == 503
        assert response["Retry-After"] == "30"
        assert says in response.content.decode()
        assert "timeout" not in response.content.decode()

    def test_is_told_to_programs_in_their_form(self, client, away):
        response = client.get("/api/v1/events")

        assert response.status_code == 503
        assert response["Retry-After"] == "30"
        assert response["Content-Type"] == "application/problem+json"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response.json()["title"] == "Too busy to answer just now"
