import pytest
from django.db import OperationalError

from config import health


class TestHealthz:
    def test_asks_nobody(self, client, queries_of):
        assert queries_of(lambda: client.get("/healthz")) == 0
        assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
class TestReadyz:
    def test_is_ready_with_everything_there(self, client):
        response = client.get("/readyz")

        assert response.status_code == 200
        assert response.json() == {"status": "ok", "redis": "up"}

    def test_is_degraded_and_ready_without_redis(self, client, settings, tmp_path):
        location = {**settings.CACHES["default"], "LOCATION": f"unix://{tmp_path}/no"}
        settings.CACHES = {"default": location}

        response = client.get("/readyz")

        assert response.status_code == 200
        assert response.json() == {"status": "degraded", "redis": "away"}

    def test_is_not_ready_without_the_database(self, client, monkeypatch):
        def refuse():
            raise OperationalError("connection refused by 10.0.0.1")

        monkeypatch.setattr(health.connection, "cursor", refuse)

        response = client.get("/readyz")

        assert response.status_code == 503
        assert response.json()["reason"] == "the database does not answer"

    def test_is_not_ready_before_migrating(self, client, monkeypatch):
        monkeypatch.setattr(health, "_migrated", False)
        monkeypatch.setattr(
            health.MigrationExecutor, "migration_plan", lambda self, targets: ["one"]
        )

        response = client.get("/readyz")

        assert response.status_code == 503
        assert "manage.py migrate" in response.json()["reason"]
