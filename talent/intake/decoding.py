"""Bytes from elsewhere to text: what they claim to be written in is tried, never trusted."""

from __future__ import annotations

import codecs
import re

from django.utils.translation import gettext as _

OF_THE_WEB = re.compile(
    r"utf-(8|16|32)|ascii|iso8859|latin|cp(125\d|932|949|950)|gb|big5|shift_jis|euc|koi8|mac"
)
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
IN_XML = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
IN_HTML = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)


def decoded(body: bytes, *, content_type: str, chinese: bool) -> tuple[str, str]:
    """The text, and a sentence where it is not written in what it claims to be.

    `chinese` says what an undeclared or wrongly declared text is taken for.
    """
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace"), ""
    claims = claimed(body, content_type)
    for encoding in [*claims, "utf-8", "gb18030" if chinese else "cp1252"]:
        try:
            text = body.decode(encoding)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
        if claims and encoding != claims[0]:
            return text, _("It says it is written in %(claim)s, but is not.") % {
                "claim": claims[0]
            }
        return text, ""
    return body.decode("utf-8", "replace"), _("It has characters that cannot be read.")


def claimed(body: bytes, content_type: str) -> list[str]:
    found = [IN_HEADER.search(content_type)]
    names = [match[1] for match in found if match]
    head = body[:2048]
    names += [m[1].decode("ascii") for m in (IN_XML.search(head),) if m]
    names += [m[1].decode("ascii") for m in (IN_HTML.search(head),) if m]
    return [known for name in names if (known := text_encoding(name))]


def text_encoding(name: str) -> str:
    """Its usual name, if it is one the web is written in ("punycode" and "zip" are none).

    GB2312 is declared where GBK is meant.
    """
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    if not OF_THE_WEB.match(known):
        return ""
    return "gb18030" if known in ("gb2312", "gbk") else known
