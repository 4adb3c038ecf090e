"""Which sum of money in a text was paid for which hire."""

from __future__ import annotations

from talent.intake.reader.drafts import Draft
from talent.intake.reader.values import Amount

# Money of another kind: what a company is worth, raises, earns or is sued for.
OTHER_AFTER = (
    "startup", "start-up", "valuation", "round", "seed", "funding", "fund ", "revenue",
    "market", "company", "lawsuit", "fine", "data cent", "lab", "math", "loss",
    "估值", "市值", "融资", "营收", "投资", "诉讼",
)  # fmt: skip
OTHER_BEFORE = (
    "valued at", "valuation of", "raise", "raising", "turning down", "turned down",
    "turns down", "declin", "reject", "refus", "spurn", "passed on", "revenue",
    "worth of", "lost", "losing", "估值", "融资", "拒绝", "放弃", "市值", "募资",
)  # fmt: skip
AFTER, BEFORE = 22, 26


def pay_among(sums: list[Amount], folded: str) -> list[Amount]:
    """The sums that can be somebody's pay, in reading order."""
    return [amount for amount in sums if is_pay(amount, folded)]


def assign(drafts: list[Draft], pay: list[Amount]) -> None:
    """Give each hire the first sum that can have been what it cost."""
    for draft in drafts:
        if draft.paid:
            fitting = (a for a in pay if draft.paid == "anywhere" or follows(a, draft))
            draft.amount = next(fitting, None)


def is_pay(amount: Amount, folded: str) -> bool:
    if amount.span is None:
        return False
    after = folded[amount.span.end : amount.span.end + AFTER]
    before = folded[max(amount.span.start - BEFORE, 0) : amount.span.start]
    return not (
        any(word in after for word in OTHER_AFTER)
        or any(word in before for word in OTHER_BEFORE)
    )


def follows(amount: Amount, draft: Draft) -> bool:
    if amount.span is None or draft.verb is None:
        return False
    return amount.span.start > draft.verb.start
