"""Signatures: checked by others' code, never by our own."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from datetime import timedelta

import pytest

from talent.opendata.hooks import guide, owning, signing
from talent.opendata.hooks.signing import secrets_of, signature, written
from tests.factories import NOON, EventFactory

BODY = '{"type":"event.changed","name":"庞若鸣"}'.encode()


def headers_of(hook, *, at) -> dict[str, str]:
    return signing.headers_for(hook, message_id="msg_1", body=BODY, at=at)


def verified_by_python(secret, headers, body, **options) -> bool:
    sample = {}
    exec(guide.context()["python"], sample)
    return sample["verify"](secret, headers, body, **options)


def verified_by_javascript(tmp_path, secret, headers, body) -> bool:
    tmp_path.joinpath("verify.mjs").write_text(guide.context()["javascript"])
    given = ", ".join(json.dumps(each) for each in (secret, headers, body.decode()))
    script = f"""
        import {{ verify }} from "./verify.mjs";
        process.stdout.write(String(await verify({given})));
    """
    run = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    return run.stdout == b"true"


class TestSignature:
    def test_is_that_of_standard_webhooks(self):
        """The example of its libraries (standard-webhooks/standard-webhooks)."""
        secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        import base64

        assert (
            signature(
                base64.b64decode(secret),
                message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
                timestamp=1614265330,
                body=b'{"test": 2432232314}',
            )
            == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        )

    def test_is_accepted_by_the_sample_in_python(self, new_hook):
        hook = new_hook()
        (secret,) = map(written, secrets_of(hook, at=NOON))
        headers = headers_of(hook, at=NOON)
        age = int(time.time() - NOON.timestamp()) + 10

        assert verified_by_python(secret, headers, BODY, tolerance=age)
        assert not verified_by_python(secret, headers, BODY + b" ", tolerance=age)
        assert not verified_by_python(secret, headers, BODY)  # too old
        assert not verified_by_python(written(b"x" * 32), headers, BODY, tolerance=age)

    @pytest.mark.skipif(not shutil.which("node"), reason="Node is not installed")
    def test_is_accepted_by_the_sample_in_javascript(self, new_hook, tmp_path):
        from django.utils import timezone

        hook, now = new_hook(), timezone.now()
        (secret,) = map(written, secrets_of(hook, at=now))
        headers = headers_of(hook, at=now)

        assert verified_by_javascript(tmp_path, secret, headers, BODY)
        assert not verified_by_javascript(tmp_path, secret, headers, BODY + b" ")

    def test_is_made_with_both_secrets_for_a_day(self, new_hook):
        hook = new_hook()
        (old,) = secrets_of(hook, at=NOON)

        owning.rotate_secret(hook, at=NOON)
        hook.refresh_from_db()

        both = headers_of(hook, at=NOON)["webhook-signature"].split()
        alone = headers_of(hook, at=NOON + timedelta(days=1, seconds=1))
        assert len(both) == 2
        assert both[1] == signature(
            old, message_id="msg_1", timestamp=int(NOON.timestamp()), body=BODY
        )
        assert len(alone["webhook-signature"].split()) == 1

    def test_cannot_be_made_with_the_database_alone(self, new_hook, settings):
        hook = new_hook()
        before = secrets_of(hook, at=NOON)

        settings.DIGEST_KEY = "another"

        assert secrets_of(hook, at=NOON) != before

    def test_covers_what_is_sent(self, new_hook, receiver, tell):
        hook = new_hook()
        EventFactory(published=True)

        tell()

        (message,) = receiver.received
        (secret,) = map(written, secrets_of(hook, at=NOON))
        age = int(time.time() - NOON.timestamp()) + 10
        assert verified_by_python(secret, message.headers, message.body, tolerance=age)
