import pytest

from config.addresses import broker_url, cache_url


@pytest.mark.parametrize(
    ("given", "broker", "cache"),
    [
        ("redis://host:6379", "redis://host:6379/0", "redis://host:6379/1"),
        ("redis://:pw@host/4", "redis://:pw@host/4", "redis://:pw@host/5"),
        (
            "rediss://host/0?ssl_cert_reqs=required",
            "rediss://host/0?ssl_cert_reqs=required",
            "rediss://host/1?ssl_cert_reqs=required",
        ),
        (
            "unix:///run/r.sock?db=2",
            "redis+socket:///run/r.sock?virtual_host=2",
            "unix:///run/r.sock?db=3",
        ),
        (
            "redis+socket:///run/r.sock?virtual_host=0",
            "redis+socket:///run/r.sock?virtual_host=0",
            "unix:///run/r.sock?db=1",
        ),
    ],
)
def test_each_library_gets_its_own_form(given, broker, cache):
    assert broker_url(given) == broker
    assert cache_url(given) == cache
