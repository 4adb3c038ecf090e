"""What PostgreSQL keeps right by itself, so that no writer has to remember it.

Row triggers fill in the company of an organization and of an event; statement triggers count
sources, origins and events from what a statement changed, so that loading a million rows
costs one count and not a million.
"""

from __future__ import annotations

from functools import partial

import pgtrigger

Statement = partial(pgtrigger.Trigger, level=pgtrigger.Statement)


def plain(sql: str) -> str:
    """One line: trigger bodies are compared as text with what a migration holds."""
    return " ".join(sql.split())


def generation() -> list[pgtrigger.Trigger]:
    """Raise the number of the record before the statement touches any row (see Generation)."""
    return [
        Statement(
            name="generation",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            func=plain("""
                INSERT INTO registry_generation (id, number) VALUES (1, 1)
                ON CONFLICT (id) DO UPDATE SET number = registry_generation.number + 1,
                    changed_at = clock_timestamp();
                RETURN NULL;
            """),
        )
    ]


def organization() -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Trigger(
            name="own_company",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
            declare=[("above", "bigint")],
            func=plain("""
                above := NEW.parent_id;
                NEW.company_id := NEW.id;
                WHILE above IS NOT NULL LOOP
                    IF above = NEW.id THEN
                        RAISE EXCEPTION 'organization % would be a unit of itself', NEW.slug
                            USING ERRCODE = 'check_violation';
                    END IF;
                    NEW.company_id := above;
                    SELECT parent_id INTO above FROM registry_organization WHERE id = above;
                END LOOP;
                RETURN NEW;
            """),
        ),
        Statement(
            name="pass_company_down",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
            declare=[("moved", "bigint[]")],
            func=pass_company_down(),
        ),
        pgtrigger.Trigger(
            name="move_seat",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition("OLD.seat IS DISTINCT FROM NEW.seat"),
            func=move_seat(),
        ),
    ]


def pass_company_down() -> str:
    """Units below follow level by level, since this trigger fires for each. The events of all
    that moved are written in one statement, found by the two indexes of their ends.
    """

    def company(of: str) -> str:
        return f"""(
            SELECT above.company_id FROM registry_organization AS above WHERE above.id = {of}
        )"""

    tallies = "".join(
        f"""
        UPDATE {tally} SET company_id = {company("organization_id")}
            WHERE organization_id = ANY(moved);
        """
        for tally in WITH_COMPANY
    )
    return plain(f"""
        SELECT array_agg(id) INTO moved FROM new_rows JOIN old_rows USING (id)
            WHERE old_rows.company_id IS DISTINCT FROM new_rows.company_id;
        IF moved IS NULL THEN
            RETURN NULL;
        END IF;
        UPDATE registry_organization AS unit SET company_id = {company("unit.parent_id")}
            WHERE parent_id = ANY(moved);
        UPDATE registry_event SET company_id = {company("organization_id")},
                counterpart_company_id = {company("counterpart_id")}
            WHERE organization_id = ANY(moved) OR counterpart_id = ANY(moved);
        {tallies}
        RETURN NULL;
    """)


SORT = "kind, standing, background, corroborated, year"
# Each tally of events and of their reasons, and what it counts by.
BY_EVENT = {
    "registry_eventtally": f"organization_id, {SORT}",
    "registry_seateventtally": f"seat, {SORT}",
    "registry_companytally": "company_id",
}
BY_REASON = {
    "registry_reasontally": f"reason_id, organization_id, {SORT}",
    "registry_seatreasontally": f"reason_id, seat, {SORT}",
}
# Their rows name the company as well; it follows from the organization.
WITH_COMPANY = ("registry_eventtally", "registry_reasontally")


def sorts(events: str, sign: str, *, company: str = "event") -> str:
    """The published ones of these events, with what the tallies tell apart.

    `company`: of which row.
    """
    return f"""
        SELECT event.id, event.organization_id, {company}.company_id, organization.seat,
            event.kind, event.standing, event.background,
            event.origin_count >= 2 AS corroborated,
            extract(year FROM event.happened_on)::smallint AS year, {sign}1 AS step
        FROM {events} AS event
        JOIN registry_organization AS organization
            ON organization.id = event.organization_id
        WHERE event.status = 'published'
    """


def add(changed: str, *, to: str, key: str) -> str:
    more, most = (
        (", company_id", ", max(company_id)") if to in WITH_COMPANY else ("", "")
    )
    # Sorted, so that two statements lock the counts in the same order.
    return f"""
        INSERT INTO {to} AS tally ({key}{more}, events)
        SELECT {key}{most}, sum(step) FROM {changed}
        GROUP BY {key} HAVING sum(step) <> 0 ORDER BY {key}
        ON CONFLICT ({key}) DO UPDATE SET events = tally.events + excluded.events
    """


def add_to_all(tallies: dict[str, str], changed: str) -> str:
    """One statement, so that what changed is looked at once and not for each tally."""
    adding = [add("changed", to=to, key=key) for to, key in tallies.items()]
    others = "".join(f", tally_{n} AS ({one})" for n, one in enumerate(adding[:-1]))
    return f"WITH changed AS MATERIALIZED ({changed}){others} {adding[-1]};"


def union(*parts: str) -> str:
    return " UNION ALL ".join(parts)


def net(columns: str, rows: str) -> str:
    """Without those that went and came again as they were."""
    return f"""
        SELECT {columns}, sum(step) AS step FROM ({rows}) AS each
        GROUP BY {columns} HAVING sum(step) <> 0
    """


def add_events(*changes: tuple[str, str]) -> str:
    """Count events that came (+) and went (-), and their reasons with them."""
    columns = f"organization_id, company_id, seat, {SORT}"
    events = net(columns, union(*(sorts(rows, sign) for rows, sign in changes)))
    # Another company is no change to them: then none is looked for.
    stating = union(
        *(sorts(rows, sign, company="organization") for rows, sign in changes)
    )
    if len(changes) > 1:
        stating = net(f"id, {columns}", stating)
    reasons = f"""
        SELECT reason.reason_id, stating.* FROM ({stating}) AS stating
        JOIN registry_eventreason AS reason ON reason.event_id = stating.id
    """
    return plain(
        add_to_all(BY_EVENT, events) + add_to_all(BY_REASON, reasons) + "RETURN NULL;"
    )


def add_reasons(*changes: tuple[str, str]) -> str:
    """Count reasons that came and went, of events that stay."""
    reasons = union(
        *(
            f"""
            SELECT reason.reason_id, event.*
            FROM {rows} AS reason JOIN ({sorts("registry_event", sign)}) AS event
                ON event.id = reason.event_id
            """
            for rows, sign in changes
        )
    )
    return plain(add_to_all(BY_REASON, reasons) + "RETURN NULL;")


def move_seat() -> str:
    """Count the events of an organization under its new seat instead of the old one."""
    moved = {
        "registry_seateventtally": ("registry_eventtally", ""),
        "registry_seatreasontally": ("registry_reasontally", "reason_id, "),
    }
    keys = BY_EVENT | BY_REASON
    body = ""
    for to, (counted, of) in moved.items():
        rows = union(
            *(
                f"""SELECT {of}{row}.seat, {SORT}, {sign}events AS step
                FROM {counted} WHERE organization_id = NEW.id"""
                for row, sign in (("OLD", "-"), ("NEW", "+"))
            )
        )
        body += add(f"({rows}) AS changed", to=to, key=keys[to]) + ";"
    return plain(body + "RETURN NULL;")


def event_reason() -> list[pgtrigger.Trigger]:
    return [
        Statement(
            name="tally_insert",
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_rows"),
            func=add_reasons(("new_rows", "+")),
        ),
        Statement(
            name="tally_update",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
            func=add_reasons(("old_rows", "-"), ("new_rows", "+")),
        ),
        Statement(
            name="tally_delete",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            referencing=pgtrigger.Referencing(old="old_rows"),
            func=add_reasons(("old_rows", "-")),
        ),
    ]


def event() -> list[pgtrigger.Trigger]:
    old, new = ("old_rows", "-"), ("new_rows", "+")
    return [
        pgtrigger.Trigger(
            name="companies",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert
            | pgtrigger.UpdateOf("organization_id", "counterpart_id"),
            func=plain("""
                SELECT company_id INTO NEW.company_id
                    FROM registry_organization WHERE id = NEW.organization_id;
                NEW.counterpart_company_id := NULL;
                IF NEW.counterpart_id IS NOT NULL THEN
                    SELECT company_id INTO NEW.counterpart_company_id
                        FROM registry_organization WHERE id = NEW.counterpart_id;
                END IF;
                RETURN NEW;
            """),
        ),
        Statement(
            name="tally_insert",
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_rows"),
            func=add_events(new),
        ),
        Statement(
            name="tally_update",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
            func=add_events(old, new),
        ),
        Statement(
            name="tally_delete",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            referencing=pgtrigger.Referencing(old="old_rows"),
            func=add_events(old),
        ),
    ]


def count_citations(events: str) -> str:
    """Sources, origins and newest source of these events.

    A source that repeats another has that one's origin. Only supporting citations count: a page
    that contradicts an event is no source for it.
    """
    return plain(f"""
        UPDATE registry_event AS event
        SET source_count = counted.sources, origin_count = counted.origins,
            newest_source_on = counted.newest
        FROM (
            SELECT touched.id, least(count(source.id), 32767)::smallint AS sources,
                least(count(DISTINCT coalesce(source.repeats_id, source.id)), 32767)::smallint
                    AS origins,
                max(source.published_on) AS newest
            FROM ({events}) AS touched (id)
            LEFT JOIN registry_citation AS citation
                ON citation.event_id = touched.id AND citation.stance = 'supports'
            LEFT JOIN registry_source AS source ON source.id = citation.source_id
            GROUP BY touched.id
        ) AS counted
        WHERE event.id = counted.id
            AND (event.source_count, event.origin_count, event.newest_source_on)
                IS DISTINCT FROM (counted.sources, counted.origins, counted.newest);
        RETURN NULL;
    """)


def citation() -> list[pgtrigger.Trigger]:
    return [
        Statement(
            name="count_insert",
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_rows"),
            func=count_citations("SELECT DISTINCT event_id FROM new_rows"),
        ),
        Statement(
            name="count_update",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
            func=count_citations(
                "SELECT event_id FROM old_rows UNION SELECT event_id FROM new_rows"
            ),
        ),
        Statement(
            name="count_delete",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            referencing=pgtrigger.Referencing(old="old_rows"),
            func=count_citations("SELECT DISTINCT event_id FROM old_rows"),
        ),
    ]


def source() -> list[pgtrigger.Trigger]:
    return [
        Statement(
            name="count_origins",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
            func=count_citations("""
                SELECT DISTINCT citation.event_id
                FROM registry_citation AS citation
                JOIN new_rows ON new_rows.id = citation.source_id
                JOIN old_rows ON old_rows.id = new_rows.id
                WHERE (new_rows.repeats_id, new_rows.published_on)
                    IS DISTINCT FROM (old_rows.repeats_id, old_rows.published_on)
            """),
        )
    ]
