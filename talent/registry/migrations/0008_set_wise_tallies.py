"""Look once at what a statement changed, for all tallies; move a unit with all its events at once."""

import pgtrigger.compiler
import pgtrigger.migrations
from talent.common.grouped import GroupedMigration


class Migration(GroupedMigration):
    dependencies = [
        ("registry", "0007_two_eyes"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="event",
            name="tally_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="event",
            name="tally_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="event",
            name="tally_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="eventreason",
            name="tally_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="eventreason",
            name="tally_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="eventreason",
            name="tally_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="organization",
            name="pass_company_down",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="organization",
            name="move_seat",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="tally_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH changed AS MATERIALIZED ( SELECT organization_id, company_id, seat, kind, standing, background, corroborated, year, sum(step) AS step FROM ( SELECT event.id, event.organization_id, event.company_id, organization.seat, event.kind, event.standing, event.background, event.origin_count >= 2 AS corroborated, extract(year FROM event.happened_on)::smallint AS year, +1 AS step FROM new_rows AS event JOIN registry_organization AS organization ON organization.id = event.organization_id WHERE event.status = 'published' ) AS each GROUP BY organization_id, company_id, seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ), tally_0 AS ( INSERT INTO registry_eventtally AS tally (organization_id, kind, standing, background, corroborated, year, company_id, events) SELECT organization_id, kind, standing, background, corroborated, year, max(company_id), sum(step) FROM changed GROUP BY organization_id, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY organization_id, kind, standing, background, corroborated, year ON CONFLICT (organization_id, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ), tally_1 AS ( INSERT INTO registry_seateventtally AS tally (seat, kind, standing, background, corroborated, year, events) SELECT seat, kind, standing, background, corroborated, year, sum(step) FROM changed GROUP BY seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY seat, kind, standing, background, corroborated, year ON CONFLICT (seat, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ) INSERT INTO registry_companytally AS tally (company_id, events) SELECT company_id, sum(step) FROM changed GROUP BY company_id HAVING sum(step) <> 0 ORDER BY company_id ON CONFLICT (company_id) DO UPDATE SET events = tally.events + excluded.events ;WITH changed AS MATERIALIZED ( SELECT reason.reason_id, stating.* FROM ( SELECT event.id, event.organization_id, organization.company_id, organization.seat, event.kind, event.standing, event.background, event.origin_count >= 2 AS corroborated, extract(year FROM event.happened_on)::smallint AS year, +1 AS step FROM new_rows AS event JOIN registry_organization AS organization ON organization.id = event.organization_id WHERE event.status = 'published' ) AS stating JOIN registry_eventreason AS reason ON reason.event_id = stating.id ), tally_0 AS ( INSERT INTO registry_reasontally AS tally (reason_id, organization_id, kind, standing, background, corroborated, year, company_id, events) SELECT reason_id, organization_id, kind, standing, background, corroborated, year, max(company_id), sum(step) FROM changed GROUP BY reason_id, organization_id, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY reason_id, organization_id, kind, standing, background, corroborated, year ON CONFLICT (reason_id, organization_id, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ) INSERT INTO registry_seatreasontally AS tally (reason_id, seat, kind, standing, background, corroborated, year, events) SELECT reason_id, seat, kind, standing, background, corroborated, year, sum(step) FROM changed GROUP BY reason_id, seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY reason_id, seat, kind, standing, background, corroborated, year ON CONFLICT (reason_id, seat, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ;RETURN NULL;",
                    hash="a21a39ae0d85d741c16135329470b9c9e9b7207c",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_tally_insert_269d1",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="registry_event",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="tally_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH changed AS MATERIALIZED ( SELECT organization_id, company_id, seat, kind, standing, background, corroborated, year, sum(step) AS step FROM ( SELECT event.id, event.organization_id, event.company_id, organization.seat, event.kind, event.standing, event.background, event.origin_count >= 2 AS corroborated, extract(year FROM event.happened_on)::smallint AS year, -1 AS step FROM old_rows AS event JOIN registry_organization AS organization ON organization.id = event.organization_id WHERE event.status = 'published' UNION ALL SELECT event.id, event.organization_id, event.company_id, organization.seat, event.kind, event.standing, event.background, event.origin_count >= 2 AS corroborated, extract(year FROM event.happened_on)::smallint AS year, +1 AS step FROM new_rows AS event JOIN registry_organization AS organization ON organization.id = event.organization_id WHERE event.status = 'published' ) AS each GROUP BY organization_id, company_id, seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ), tally_0 AS ( INSERT INTO registry_eventtally AS tally (organization_id, kind, standing, background, corroborated, year, company_id, events) SELECT organization_id, kind, standing, background, corroborated, year, max(company_id), sum(step) FROM changed GROUP BY organization_id, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY organization_id, kind, standing, background, corroborated, year ON CONFLICT (organization_id, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ), tally_1 AS ( INSERT INTO registry_seateventtally AS tally (seat, kind, standing, background, corroborated, year, events) SELECT seat, kind, standing, background, corroborated, year, sum(step) FROM changed GROUP BY seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY seat, kind, standing, background, corroborated, year ON CONFLICT (seat, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ) INSERT INTO registry_companytally AS tally (company_id, events) SELECT company_id, sum(step) FROM changed GROUP BY company_id HAVING sum(step) <> 0 ORDER BY company_id ON CONFLICT (company_id) DO UPDATE SET events = tally.events + excluded.events ;WITH changed AS MATERIALIZED ( SELECT reason.reason_id, stating.* FROM ( SELECT id, organization_id, company_id, seat, kind, standing, background, corroborated, year, sum(step) AS step FROM ( SELECT event.id, event.organization_id, organization.company_id, organization.seat, event.kind, event.standing, event.background, event.origin_count >= 2 AS corroborated, extract(year FROM event.happened_on)::smallint AS year, -1 AS step FROM old_rows AS event JOIN registry_organization AS organization ON organization.id = event.organization_id WHERE event.status = 'published' UNION ALL SELECT event.id, event.organization_id, organization.company_id, organization.seat, event.kind, event.standing, event.background, event.origin_count >= 2 AS corroborated, extract(year FROM event.happened_on)::smallint AS year, +1 AS step FROM new_rows AS event JOIN registry_organization AS organization ON organization.id = event.organization_id WHERE event.status = 'published' ) AS each GROUP BY id, organization_id, company_id, seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ) AS stating JOIN registry_eventreason AS reason ON reason.event_id = stating.id ), tally_0 AS ( INSERT INTO registry_reasontally AS tally (reason_id, organization_id, kind, standing, background, corroborated, year, company_id, events) SELECT reason_id, organization_id, kind, standing, background, corroborated, year, max(company_id), sum(step) FROM changed GROUP BY reason_id, organization_id, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY reason_id, organization_id, kind, standing, background, corroborated, year ON CONFLICT (reason_id, organization_id, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ) INSERT INTO registry_seatreasontally AS tally (reason_id, seat, kind, standing, background, corroborated, year, events) SELECT reason_id, seat, kind, standing, background, corroborated, year, sum(step) FROM changed GROUP BY reason_id, seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY reason_id, seat, kind, standing, background, corroborated, year ON CONFLICT (reason_id, seat, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ;RETURN NULL;",
                    hash="294a70afa709ecfb0cbcecd75efcc529e110a680",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_tally_update_be8af",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="registry_event",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="tally_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH changed AS MATERIALIZED ( SELECT organization_id, company_id, seat, kind, standing, background, corroborated, year, sum(step) AS step FROM ( SELECT event.id, event.organization_id, event.company_id, organization.seat, event.kind, event.standing, event.background, event.origin_count >= 2 AS corroborated, extract(year FROM event.happened_on)::smallint AS year, -1 AS step FROM old_rows AS event JOIN registry_organization AS organization ON organization.id = event.organization_id WHERE event.status = 'published' ) AS each GROUP BY organization_id, company_id, seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ), tally_0 AS ( INSERT INTO registry_eventtally AS tally (organization_id, kind, standing, background, corroborated, year, company_id, events) SELECT organization_id, kind, standing, background, corroborated, year, max(company_id), sum(step) FROM changed GROUP BY organization_id, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY organization_id, kind, standing, background, corroborated, year ON CONFLICT (organization_id, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ), tally_1 AS ( INSERT INTO registry_seateventtally AS tally (seat, kind, standing, background, corroborated, year, events) SELECT seat, kind, standing, background, corroborated, year, sum(step) FROM changed GROUP BY seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY seat, kind, standing, background, corroborated, year ON CONFLICT (seat, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ) INSERT INTO registry_companytally AS tally (company_id, events) SELECT company_id, sum(step) FROM changed GROUP BY company_id HAVING sum(step) <> 0 ORDER BY company_id ON CONFLICT (company_id) DO UPDATE SET events = tally.events + excluded.events ;WITH changed AS MATERIALIZED ( SELECT reason.reason_id, stating.* FROM ( SELECT event.id, event.organization_id, organization.company_id, organization.seat, event.kind, event.standing, event.background, event.origin_count >= 2 AS corroborated, extract(year FROM event.happened_on)::smallint AS year, -1 AS step FROM old_rows AS event JOIN registry_organization AS organization ON organization.id = event.organization_id WHERE event.status = 'published' ) AS stating JOIN registry_eventreason AS reason ON reason.event_id = stating.id ), tally_0 AS ( INSERT INTO registry_reasontally AS tally (reason_id, organization_id, kind, standing, background, corroborated, year, company_id, events) SELECT reason_id, organization_id, kind, standing, background, corroborated, year, max(company_id), sum(step) FROM changed GROUP BY reason_id, organization_id, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY reason_id, organization_id, kind, standing, background, corroborated, year ON CONFLICT (reason_id, organization_id, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ) INSERT INTO registry_seatreasontally AS tally (reason_id, seat, kind, standing, background, corroborated, year, events) SELECT reason_id, seat, kind, standing, background, corroborated, year, sum(step) FROM changed GROUP BY reason_id, seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY reason_id, seat, kind, standing, background, corroborated, year ON CONFLICT (reason_id, seat, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ;RETURN NULL;",
                    hash="7aa62e997ae491e912f00179760ff9aab5221dc0",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_tally_delete_de7ae",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="registry_event",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eventreason",
            trigger=pgtrigger.compiler.Trigger(
                name="tally_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH changed AS MATERIALIZED ( SELECT reason.reason_id, event.* FROM new_rows AS reason JOIN ( SELECT event.id, event.organization_id, event.company_id, organization.seat, event.kind, event.standing, event.background, event.origin_count >= 2 AS corroborated, extract(year FROM event.happened_on)::smallint AS year, +1 AS step FROM registry_event AS event JOIN registry_organization AS organization ON organization.id = event.organization_id WHERE event.status = 'published' ) AS event ON event.id = reason.event_id ), tally_0 AS ( INSERT INTO registry_reasontally AS tally (reason_id, organization_id, kind, standing, background, corroborated, year, company_id, events) SELECT reason_id, organization_id, kind, standing, background, corroborated, year, max(company_id), sum(step) FROM changed GROUP BY reason_id, organization_id, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY reason_id, organization_id, kind, standing, background, corroborated, year ON CONFLICT (reason_id, organization_id, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ) INSERT INTO registry_seatreasontally AS tally (reason_id, seat, kind, standing, background, corroborated, year, events) SELECT reason_id, seat, kind, standing, background, corroborated, year, sum(step) FROM changed GROUP BY reason_id, seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY reason_id, seat, kind, standing, background, corroborated, year ON CONFLICT (reason_id, seat, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ;RETURN NULL;",
                    hash="633aa3fa42bc37671704afaea148c381ee0a863e",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_tally_insert_73b16",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="registry_eventreason",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eventreason",
            trigger=pgtrigger.compiler.Trigger(
                name="tally_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH changed AS MATERIALIZED ( SELECT reason.reason_id, event.* FROM old_rows AS reason JOIN ( SELECT event.id, event.organization_id, event.company_id, organization.seat, event.kind, event.standing, event.background, event.origin_count >= 2 AS corroborated, extract(year FROM event.happened_on)::smallint AS year, -1 AS step FROM registry_event AS event JOIN registry_organization AS organization ON organization.id = event.organization_id WHERE event.status = 'published' ) AS event ON event.id = reason.event_id UNION ALL SELECT reason.reason_id, event.* FROM new_rows AS reason JOIN ( SELECT event.id, event.organization_id, event.company_id, organization.seat, event.kind, event.standing, event.background, event.origin_count >= 2 AS corroborated, extract(year FROM event.happened_on)::smallint AS year, +1 AS step FROM registry_event AS event JOIN registry_organization AS organization ON organization.id = event.organization_id WHERE event.status = 'published' ) AS event ON event.id = reason.event_id ), tally_0 AS ( INSERT INTO registry_reasontally AS tally (reason_id, organization_id, kind, standing, background, corroborated, year, company_id, events) SELECT reason_id, organization_id, kind, standing, background, corroborated, year, max(company_id), sum(step) FROM changed GROUP BY reason_id, organization_id, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY reason_id, organization_id, kind, standing, background, corroborated, year ON CONFLICT (reason_id, organization_id, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ) INSERT INTO registry_seatreasontally AS tally (reason_id, seat, kind, standing, background, corroborated, year, events) SELECT reason_id, seat, kind, standing, background, corroborated, year, sum(step) FROM changed GROUP BY reason_id, seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY reason_id, seat, kind, standing, background, corroborated, year ON CONFLICT (reason_id, seat, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ;RETURN NULL;",
                    hash="1f1b929f19afb873a3474a4c19a9494319398261",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_tally_update_9a60a",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="registry_eventreason",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eventreason",
            trigger=pgtrigger.compiler.Trigger(
                name="tally_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH changed AS MATERIALIZED ( SELECT reason.reason_id, event.* FROM old_rows AS reason JOIN ( SELECT event.id, event.organization_id, event.company_id, organization.seat, event.kind, event.standing, event.background, event.origin_count >= 2 AS corroborated, extract(year FROM event.happened_on)::smallint AS year, -1 AS step FROM registry_event AS event JOIN registry_organization AS organization ON organization.id = event.organization_id WHERE event.status = 'published' ) AS event ON event.id = reason.event_id ), tally_0 AS ( INSERT INTO registry_reasontally AS tally (reason_id, organization_id, kind, standing, background, corroborated, year, company_id, events) SELECT reason_id, organization_id, kind, standing, background, corroborated, year, max(company_id), sum(step) FROM changed GROUP BY reason_id, organization_id, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY reason_id, organization_id, kind, standing, background, corroborated, year ON CONFLICT (reason_id, organization_id, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ) INSERT INTO registry_seatreasontally AS tally (reason_id, seat, kind, standing, background, corroborated, year, events) SELECT reason_id, seat, kind, standing, background, corroborated, year, sum(step) FROM changed GROUP BY reason_id, seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY reason_id, seat, kind, standing, background, corroborated, year ON CONFLICT (reason_id, seat, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ;RETURN NULL;",
                    hash="ec53ca4700074d96decfcf589ad824ee5962f423",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_tally_delete_0b8c6",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="registry_eventreason",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="pass_company_down",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE moved bigint[];",
                    func="SELECT array_agg(id) INTO moved FROM new_rows JOIN old_rows USING (id) WHERE old_rows.company_id IS DISTINCT FROM new_rows.company_id; IF moved IS NULL THEN RETURN NULL; END IF; UPDATE registry_organization AS unit SET company_id = ( SELECT above.company_id FROM registry_organization AS above WHERE above.id = unit.parent_id ) WHERE parent_id = ANY(moved); UPDATE registry_event SET company_id = ( SELECT above.company_id FROM registry_organization AS above WHERE above.id = organization_id ), counterpart_company_id = ( SELECT above.company_id FROM registry_organization AS above WHERE above.id = counterpart_id ) WHERE organization_id = ANY(moved) OR counterpart_id = ANY(moved); UPDATE registry_eventtally SET company_id = ( SELECT above.company_id FROM registry_organization AS above WHERE above.id = organization_id ) WHERE organization_id = ANY(moved); UPDATE registry_reasontally SET company_id = ( SELECT above.company_id FROM registry_organization AS above WHERE above.id = organization_id ) WHERE organization_id = ANY(moved); RETURN NULL;",
                    hash="5c3118e653116e81427550db52f55487e1e3faa2",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_pass_company_down_30b5d",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="registry_organization",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="move_seat",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.seat IS DISTINCT FROM NEW.seat)",
                    func="INSERT INTO registry_seateventtally AS tally (seat, kind, standing, background, corroborated, year, events) SELECT seat, kind, standing, background, corroborated, year, sum(step) FROM (SELECT OLD.seat, kind, standing, background, corroborated, year, -events AS step FROM registry_eventtally WHERE organization_id = NEW.id UNION ALL SELECT NEW.seat, kind, standing, background, corroborated, year, +events AS step FROM registry_eventtally WHERE organization_id = NEW.id) AS changed GROUP BY seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY seat, kind, standing, background, corroborated, year ON CONFLICT (seat, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ; INSERT INTO registry_seatreasontally AS tally (reason_id, seat, kind, standing, background, corroborated, year, events) SELECT reason_id, seat, kind, standing, background, corroborated, year, sum(step) FROM (SELECT reason_id, OLD.seat, kind, standing, background, corroborated, year, -events AS step FROM registry_reasontally WHERE organization_id = NEW.id UNION ALL SELECT reason_id, NEW.seat, kind, standing, background, corroborated, year, +events AS step FROM registry_reasontally WHERE organization_id = NEW.id) AS changed GROUP BY reason_id, seat, kind, standing, background, corroborated, year HAVING sum(step) <> 0 ORDER BY reason_id, seat, kind, standing, background, corroborated, year ON CONFLICT (reason_id, seat, kind, standing, background, corroborated, year) DO UPDATE SET events = tally.events + excluded.events ;RETURN NULL;",
                    hash="e0bf02781a0504305bb5182f87bddff6d02eebba",
                    operation="UPDATE",
                    pgid="pgtrigger_move_seat_c67c5",
                    table="registry_organization",
                    when="AFTER",
                ),
            ),
        ),
    ]
