"""What came in about somebody who is removed from the record is forgotten with them."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from talent.intake.models import Address, Article, Proposal

FORGOTTEN = "[removed]"


def forget_articles(*, events: list[int], names: list[str], **_signal: Any) -> None:
    """The words of every article that names them go, and what was proposed about them.

    The keys of its addresses stay: what was removed must not come in again.
    """
    named = Q(pk=None)
    for name in filter(None, names):
        named |= Q(title__icontains=name) | Q(text__icontains=name)
        named |= Q(proposals__person__icontains=name)
    articles = list(Article.objects.filter(named).values_list("pk", flat=True))
    about = Q(event__in=events)
    for name in filter(None, names):
        about |= Q(person__icontains=name)
    Proposal.objects.filter(about).delete()
    Proposal.objects.filter(article__in=articles).update(evidence={})
    Article.objects.filter(pk__in=articles).update(
        title=FORGOTTEN, text="", title_key="", sketch=[]
    )
    Address.objects.filter(article__in=articles).update(
        url=Concat(
            Value("https://removed.invalid/"), Cast(F("pk"), output_field=CharField())
        )
    )
