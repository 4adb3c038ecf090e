"""The whole way in and out in a real browser, under the policy that forbids inline code."""

from __future__ import annotations

import re
from base64 import b32decode
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.accounts.desk import account, code_of, wrong_code
from tests.accounts.visit import Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(page, live_server):
    return Visit(page, live_server.url)


def test_enrolling_signing_out_and_in_again(visit):
    user = account(username="polly", is_superuser=True)
    page = visit.page

    visit.open("index")
    visit.look("password")
    visit.password(user, "wrong")
    visit.look("password-wrong")
    visit.password(user)
    visit.look("enrol")
    page.get_by_text("No camera?").click()
    link = page.get_by_text("Open in an app").get_attribute("href")
    key = parse_qs(urlsplit(link).query)["secret"][0]
    assert key == page.locator("code.key").inner_text().replace(" ", "")
    secret = secret_of(user, page)
    visit.code(wrong_code(secret), "Confirm")
    visit.look("enrol-wrong")
    visit.code(code_of(secret), "Confirm")
    visit.look("recovery-codes")
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="go on").click()
    assert page.url == visit.site + reverse("admin:index")

    page.get_by_role("button", name="Log out").click()
    page.get_by_text("You are signed out.").wait_for()
    visit.look("signed-out")
    page.go_back()
    assert "/login/" in page.url  # nothing of the desk is left to go back to
    visit.open("login")

    visit.password(user)
    visit.look("code")
    visit.code(wrong_code(secret), "Sign in")
    visit.look("code-wrong")
    page.get_by_role("link", name="Use a recovery code").click()
    visit.look("code-recovery")
    page.get_by_label("Recovery code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    assert page.url == visit.site + reverse("admin:index")
    page.get_by_text("9 are left").wait_for()

    visit.open("second_factor")
    visit.look("second-factor")
    assert not visit.complaints, "\n".join(visit.complaints)


def secret_of(user, page):
    """The key the page shows, as hexadecimal digits."""
    text = page.locator("code.key").inner_text().replace(" ", "")
    assert re.fullmatch(r"[A-Z2-7]{32}", text)
    assert not TOTPDevice.objects.filter(user=user).exists()
    return b32decode(text).hex()


def test_the_page_of_the_lock(visit):
    user = account("editor", username="polly")
    visit.open("login")

    for _try in range(5):
        visit.password(user, "wrong")

    visit.page.get_by_role("heading", name="Too many failed sign-ins").wait_for()
    visit.look("locked")
    assert not visit.complaints, "\n".join(visit.complaints)
