"""The desk's inlet: feeds, the articles they bring, and the inbox of proposals."""

from talent.intake.admin import articles, feeds, imports, inbox, tips

__all__ = ["articles", "feeds", "imports", "inbox", "tips"]
