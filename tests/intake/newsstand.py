"""Feeds and pages of invented papers, and a loopback server that hands them out."""

from __future__ import annotations

from datetime import UTC, datetime

from talent.intake.models import Feed

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def item(title="Vale Labs hires Ada Quill", link="/1", day="Sun, 01 Mar 2026", text=""):
    return (
        f"<item><title>{title}</title><link>{link}</link>"
        f"<pubDate>{day} 08:00:00 GMT</pubDate>"
        f"<description><![CDATA[{text}]]></description></item>"
    )


def rss(*items, encoding="utf-8", head=""):
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>{head}<rss version="2.0"><channel>'
        f"<title>Gazette</title>{''.join(items)}</channel></rss>"
    )
    return text.encode("gb18030" if encoding == "gb2312" else encoding)


def feed_at(url, **columns):
    columns = {"name": "Gazette", "is_on": True, "next_at": NOON, **columns}
    return Feed.objects.create(url=url, **columns)
