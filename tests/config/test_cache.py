import pytest
from redis.exceptions import RedisError

from config.cache import ForgivingRedisCache


@pytest.fixture
def away(tmp_path, monkeypatch):
    """The cache of a Redis that is not there."""
    monkeypatch.setattr(ForgivingRedisCache, "_paused_until", 0.0)
    return ForgivingRedisCache(f"unix://{tmp_path}/none.sock?db=0", {})


class TestWithoutRedis:
    def test_finds_nothing(self, away):
        assert away.get("key", "default") == "default"
        assert away.get_many(["key"]) == {}
        assert "key" not in away

    def test_stores_nothing_and_goes_on(self, away):
        away.set("key", 1)

        assert away.set_many({"key": 1}) == ["key"]
        assert away.delete("key") is False

    def test_computes_what_it_cannot_keep(self, away):
        assert away.get("key") is None
        away.set("key", 1)

    @pytest.mark.parametrize("count", ["add", "incr"])
    def test_refuses_to_count(self, away, count):
        with pytest.raises(RedisError):
            getattr(away, count)("key", 1)

    def test_leaves_an_unreachable_server_alone_for_a_while(self, away, monkeypatch):
        away.get("key")
        monkeypatch.setattr(
            "django.core.cache.backends.redis.RedisCache.get",
            lambda *args: pytest.fail("asked again"),
        )

        assert away.get("key", "default") == "default"
