"""What two editors approved covers the one change it was approved for."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models
from talent.common.grouped import GroupedMigration


class Migration(GroupedMigration):
    dependencies = [
        ("registry", "0008_set_wise_tallies"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="dealreading",
            name="denied_by_two",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="event",
            name="denied_by_two",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="package",
            name="withdrawn_by_two",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="reading",
            name="denied_by_two",
        ),
        migrations.AddField(
            model_name="approval",
            name="used",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="It was carried out, and covers no later change of the row.",
            ),
        ),
        # Each was carried out in the transaction that approved it.
        migrations.RunSQL(
            "UPDATE registry_approval SET used = true WHERE state = 'approved'",
            migrations.RunSQL.noop,
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dealreading",
            trigger=pgtrigger.compiler.Trigger(
                name="denied_by_two",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.standing = 'denied' AND OLD.standing <> 'denied')",
                    func="UPDATE registry_approval SET used = true WHERE deal_reading_id = NEW.id AND state = 'approved' AND act = 'deny_deal_figure' AND NOT used; IF NOT FOUND THEN RAISE EXCEPTION '% % is denied only with a second editor', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
                    hash="853dcf9379ddf5d1a7983ac75a26f20552c71933",
                    operation='UPDATE OF "standing"',
                    pgid="pgtrigger_denied_by_two_864e5",
                    table="registry_dealreading",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="denied_by_two",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.standing = 'denied' AND OLD.standing <> 'denied')",
                    func="UPDATE registry_approval SET used = true WHERE event_id = NEW.id AND state = 'approved' AND act = 'deny_event' AND NOT used; IF NOT FOUND THEN RAISE EXCEPTION '% % is denied only with a second editor', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
                    hash="11505c4a1b924b2d2f2572f0e94d53dba80ba490",
                    operation='UPDATE OF "standing"',
                    pgid="pgtrigger_denied_by_two_d9146",
                    table="registry_event",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="package",
            trigger=pgtrigger.compiler.Trigger(
                name="withdrawn_by_two",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.status <> OLD.status AND (OLD.status = 'published' OR NEW.status = 'withdrawn'))",
                    func="IF OLD.status <> 'published' AND NOT EXISTS ( SELECT FROM registry_packagehistory WHERE pgh_obj_id = NEW.id AND status = 'published' ) THEN RETURN NEW; END IF; IF NEW.status = 'draft' AND EXISTS ( SELECT FROM registry_event WHERE id = NEW.event_id AND status <> 'published' ) THEN RETURN NEW; END IF; UPDATE registry_approval SET used = true WHERE package_id = NEW.id AND state = 'approved' AND act = CASE NEW.status WHEN 'withdrawn' THEN 'withdraw_pay' ELSE 'pay_to_draft' END AND NOT used; IF NOT FOUND THEN RAISE EXCEPTION 'package % is withdrawn only with a second editor', NEW.id USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
                    hash="e01515dcd7aec0ee9b5316b39f76a501480c2c0b",
                    operation='UPDATE OF "status"',
                    pgid="pgtrigger_withdrawn_by_two_d6ad8",
                    table="registry_package",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reading",
            trigger=pgtrigger.compiler.Trigger(
                name="denied_by_two",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.standing = 'denied' AND OLD.standing <> 'denied')",
                    func="UPDATE registry_approval SET used = true WHERE reading_id = NEW.id AND state = 'approved' AND act = 'deny_figure' AND NOT used; IF NOT FOUND THEN RAISE EXCEPTION '% % is denied only with a second editor', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
                    hash="42da9ecff826e04de386a56f66c2ac05b780bc75",
                    operation='UPDATE OF "standing"',
                    pgid="pgtrigger_denied_by_two_806ae",
                    table="registry_reading",
                    when="BEFORE",
                ),
            ),
        ),
    ]
