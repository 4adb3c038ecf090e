import logging

import pytest
from django.http import HttpResponse
from django.urls import reverse

from config import middleware
from config.robots import SECRET


def answer_with(status=200):
    return lambda request: HttpResponse(status=status)


class TestReference:
    def test_gives_each_request_another_number(self, rf):
        requests = [rf.get("/"), rf.get("/")]

        for request in requests:
            middleware.reference(answer_with())(request)

        assert requests[0].reference != requests[1].reference

    def test_names_the_number_in_the_answer_to_an_error(self, rf):
        request = rf.get("/")

        response = middleware.reference(answer_with(500))(request)

        assert response["X-Reference"] == request.reference

    def test_is_known_to_the_log_only_during_the_request(self, rf):
        seen = []

        def view(request):
            seen.append(middleware.current_reference.get())
            return HttpResponse()

        request = rf.get("/")
        middleware.reference(view)(request)

        assert seen == [request.reference]
        assert middleware.current_reference.get() == "-"


class TestAddressLength:
    def test_refuses_an_address_longer_than_any_link(self, rf):
        long, fine = rf.get("/?q=" + "x" * 5000), rf.get("/?q=" + "x" * 500)

        assert middleware.address_length(answer_with())(long).status_code == 414
        assert middleware.address_length(answer_with())(fine).status_code == 200


class TestClientAddress:
    @pytest.mark.parametrize(
        ("proxies", "header", "expected"),
        [
            (0, "6.6.6.6", "10.0.0.1"),  # nobody asked to believe the header
            (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
            (2, "6.6.6.6, 203.0.113.7, 10.0.0.9", "203.0.113.7"),
            (1, "", "10.0.0.1"),
            (1, "nonsense", "10.0.0.1"),
            (3, "203.0.113.7", "10.0.0.1"),  # fewer entries than proxies: forged
        ],
    )
    def test_believes_only_what_our_proxies_wrote(
        self, rf, settings, proxies, header, expected
    ):
        settings.TRUSTED_PROXIES = proxies
        request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=header)

        middleware.client_address(answer_with())(request)

        assert request.META["REMOTE_ADDR"] == expected


class TestAddressOf:
    @pytest.mark.parametrize(
        ("address", "counted_as"),
        [
            ("203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("", "0.0.0.0"),
        ],
    )
    def test_counts_an_ipv6_network_as_one_visitor(self, rf, address, counted_as):
        assert middleware.address_of(rf.get("/", REMOTE_ADDR=address)) == counted_as


class TestLogLines:
    @pytest.mark.parametrize(
        ("said", "hidden"),
        [
            ("wrote to ada@example.org", "ada@"),
            ("refused 203.0.113.7 at the door", "203.0.113.7"),
            ("connecting to postgres://tw:hunter2@db/tw", "hunter2"),
            ("GET /x?token=abc123&page=2", "abc123"),
            ("{'password': 'hunter2'}", "hunter2"),
        ],
    )
    def test_hold_no_personal_data_and_no_secret(self, said, hidden):
        from config.logs import DiscreetFormatter, ReferenceFilter

        record = logging.LogRecord("x", logging.INFO, "", 0, said, None, None)
        ReferenceFilter().filter(record)

        line = DiscreetFormatter().format(record)

        assert hidden not in line
        assert said.split()[0].split("?")[0][:4] in line

    @pytest.mark.parametrize("name", SECRET)
    def test_hide_every_link_that_is_a_secret(self, name):
        from config.logs import DiscreetFormatter

        token = "8a61f0b2c9d7e3a4wYwY8"
        where = reverse(name, args=[token])
        said = f"Internal Server Error: {where}"
        record = logging.LogRecord("x", logging.ERROR, "", 0, said, None, None)
        record.reference = "-"

        assert token not in DiscreetFormatter().format(record)
