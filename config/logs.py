"""Log lines: one plain line each, with the request's number, without personal data."""

import logging
import re

from config.middleware import current_reference

LINE = "%(asctime)s %(levelname)s %(reference)s %(name)s: %(message)s"
# Whatever a library or a traceback puts into a line: mail and network addresses,
# passwords in URLs, values named like a secret, links that are a secret.
SECRETS = (
    (
        re.compile(r"(/(?:(?:subscribe|digests|webhooks)/\w+|tips)/)[\w.=-]{16,}"),
        r"\1[hidden]",
    ),
    (re.compile(r"(\w+://[^\s:/@]*):[^\s@/]+@"), r"\1:[hidden]@"),
    (re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"), "[mail address]"),
    (
        re.compile(
            r"(?i)\b(\w*(?:token|secret|password|signature|api_?key|session)\w*)"
            r"(['\"]?\s*[=:]\s*['\"]?)[^\s'\"&,;)]+"
        ),
        r"\1\2[hidden]",
    ),
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b(?!\.)"), "[address]"),
)


class ReferenceFilter(logging.Filter):
    """Adds the number of the request being answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.reference = current_reference.get()
        return True


class DiscreetFormatter(logging.Formatter):
    """Formats the line with its traceback, then takes out what must not be kept."""

    def __init__(self) -> None:
        super().__init__(LINE)

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for pattern, replacement in SECRETS:
            text = pattern.sub(replacement, text)
        return text
