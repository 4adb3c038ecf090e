"""What PostgreSQL lets nobody do alone, whichever way it is written.

A row is marked as denied, and pay that readers have seen is withdrawn, only where an approved
request of `registry_approval` says so: forms, bulk actions and plain SQL alike. The change uses
the request up: it covers no later one of the same row. What is loaded as a data set comes as its
editors left it: see talent.registry.starter.
"""

from __future__ import annotations

import pgtrigger

from talent.registry.models.triggers import plain

REFUSED = "USING ERRCODE = 'check_violation'"
# Their names, for what two editors decided elsewhere.
GUARDS = (
    "registry.Event:denied_by_two",
    "registry.Reading:denied_by_two",
    "registry.DealReading:denied_by_two",
    "registry.Package:withdrawn_by_two",
)


def guards() -> str:
    """As the setting `pgtrigger.ignore` wants them: without these."""
    found = pgtrigger.registered(*GUARDS)
    return f"{{{','.join(trigger.get_pgid(model) for model, trigger in found)}}}"


def use_up(column: str, act: str) -> str:
    """Sets FOUND. `act`: an expression."""
    return f"""
        UPDATE registry_approval SET used = true
        WHERE {column}_id = NEW.id AND state = 'approved' AND act = {act} AND NOT used;
    """


def denied(column: str, act: str) -> pgtrigger.Trigger:
    """`column`: of the approval, for this table's rows."""
    return pgtrigger.Trigger(
        name="denied_by_two",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("standing"),  # type: ignore[no-untyped-call]  # of pgtrigger
        condition=pgtrigger.Condition(
            "NEW.standing = 'denied' AND OLD.standing <> 'denied'"
        ),
        func=plain(f"""
            {use_up(column, f"'{act}'")}
            IF NOT FOUND THEN
                RAISE EXCEPTION '% % is denied only with a second editor',
                    TG_TABLE_NAME, NEW.id {REFUSED};
            END IF;
            RETURN NEW;
        """),
    )


WHICH = "CASE NEW.status WHEN 'withdrawn' THEN 'withdraw_pay' ELSE 'pay_to_draft' END"


def pay_withdrawn() -> pgtrigger.Trigger:
    """A package follows its event off the record; by itself it takes two editors."""
    return pgtrigger.Trigger(
        name="withdrawn_by_two",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]  # of pgtrigger
        condition=pgtrigger.Condition(
            "NEW.status <> OLD.status AND "
            "(OLD.status = 'published' OR NEW.status = 'withdrawn')"
        ),
        func=plain(f"""
            IF OLD.status <> 'published' AND NOT EXISTS (
                SELECT FROM registry_packagehistory
                WHERE pgh_obj_id = NEW.id AND status = 'published'
            ) THEN
                RETURN NEW;
            END IF;
            IF NEW.status = 'draft' AND EXISTS (
                SELECT FROM registry_event
                WHERE id = NEW.event_id AND status <> 'published'
            ) THEN
                RETURN NEW;
            END IF;
            {use_up("package", WHICH)}
            IF NOT FOUND THEN
                RAISE EXCEPTION 'package % is withdrawn only with a second editor',
                    NEW.id {REFUSED};
            END IF;
            RETURN NEW;
        """),
    )
