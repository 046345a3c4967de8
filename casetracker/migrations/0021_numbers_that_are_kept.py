
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


from casetracker.migrations._together import together
from casetracker.models.counted_sql import COUNTING_SQL, DROP_COUNTING_SQL


class Migration(migrations.Migration):

    dependencies = [
        ('casetracker', '0026_former_judges_and_documents'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.BigIntegerField(db_column='case_id')),
                ('transaction', models.BigIntegerField()),
                ('is_tried', models.BooleanField(db_default=False)),
            ],
            options={
                'verbose_name': 'change of a counted case',
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CountedCase',
            fields=[
                ('case', models.BigIntegerField(db_column='case_id', primary_key=True, serialize=False)),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('due', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'counted case',
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(max_length=8)),
                ('given', models.CharField(max_length=16)),
                ('given_value', models.CharField(max_length=30)),
                ('facet', models.CharField(max_length=16)),
                ('value', models.CharField(max_length=30)),
                ('n', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'number',
                'abstract': False,
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='TallyChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(max_length=8)),
                ('given', models.CharField(max_length=16)),
                ('given_value', models.CharField(max_length=30)),
                ('facet', models.CharField(max_length=16)),
                ('value', models.CharField(max_length=30)),
                ('n', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'change of a number',
                'abstract': False,
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='counted_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT r.id FROM new_rows r) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='78bbf6636034974344acb82aa3f64d15d62effab', level='STATEMENT', operation='INSERT', pgid='pgtrigger_counted_insert_91028', referencing='REFERENCING NEW TABLE AS new_rows ', table='casetracker_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='counted_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT r.id FROM (\n    SELECT o.id, o.state, o.published_from, o.status FROM old_rows o JOIN new_rows n USING (id) WHERE (o.id, o.state, o.published_from, o.status) IS DISTINCT FROM (n.id, n.state, n.published_from, n.status)\n    UNION ALL SELECT n.id, n.state, n.published_from, n.status FROM old_rows o JOIN new_rows n USING (id) WHERE (o.id, o.state, o.published_from, o.status) IS DISTINCT FROM (n.id, n.state, n.published_from, n.status)\n) r\n    UNION SELECT act.case_id FROM (\n    SELECT o.id, o.state, o.published_from, o.status FROM old_rows o JOIN new_rows n USING (id) WHERE (o.id, o.state, o.published_from, o.status) IS DISTINCT FROM (n.id, n.state, n.published_from, n.status)\n    UNION ALL SELECT n.id, n.state, n.published_from, n.status FROM old_rows o JOIN new_rows n USING (id) WHERE (o.id, o.state, o.published_from, o.status) IS DISTINCT FROM (n.id, n.state, n.published_from, n.status)\n) r JOIN casetracker_event e ON e.case_id = r.id\n    JOIN casetracker_treatment t ON t.target_id = e.id JOIN casetracker_event act ON act.id = t.act_id\n) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='15e1bcab5ec763627d57e6d9964de4bd9a871017', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_counted_update_27242', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='casetracker_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='counted_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT r.id FROM old_rows r\n    UNION SELECT act.case_id FROM old_rows r JOIN casetracker_event e ON e.case_id = r.id\n    JOIN casetracker_treatment t ON t.target_id = e.id JOIN casetracker_event act ON act.id = t.act_id\n) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='d0726823c227d8ae7f2bb3de41ae737a22697f59', level='STATEMENT', operation='DELETE', pgid='pgtrigger_counted_delete_7e881', referencing='REFERENCING OLD TABLE AS old_rows ', table='casetracker_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='is_counted', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            INSERT INTO casetracker_countedcase (case_id, facts) SELECT id, '{}' FROM new_rows\n            ON CONFLICT (case_id) DO NOTHING;\n            RETURN NULL;\n        ", hash='e7617d97653aa75b61f420fc9a807ab3633da3db', level='STATEMENT', operation='INSERT', pgid='pgtrigger_is_counted_06ba0', referencing='REFERENCING NEW TABLE AS new_rows ', table='casetracker_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='casetopic',
            trigger=pgtrigger.compiler.Trigger(name='counted_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT r.case_id FROM new_rows r) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='7e706375e2a115f4ea963d9fcba6104ac3983b71', level='STATEMENT', operation='INSERT', pgid='pgtrigger_counted_insert_a6f31', referencing='REFERENCING NEW TABLE AS new_rows ', table='casetracker_case_topics', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='casetopic',
            trigger=pgtrigger.compiler.Trigger(name='counted_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT r.case_id FROM (\n    SELECT o.case_id, o.topic_id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.case_id, o.topic_id) IS DISTINCT FROM (n.case_id, n.topic_id)\n    UNION ALL SELECT n.case_id, n.topic_id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.case_id, o.topic_id) IS DISTINCT FROM (n.case_id, n.topic_id)\n) r) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='0129c1bb220931d5d6f601aa7a52cf847505682b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_counted_update_144db', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='casetracker_case_topics', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='casetopic',
            trigger=pgtrigger.compiler.Trigger(name='counted_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT r.case_id FROM old_rows r) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='7d15814f3db58ca773af0181c258ec97ce6a5970', level='STATEMENT', operation='DELETE', pgid='pgtrigger_counted_delete_2f9f2', referencing='REFERENCING OLD TABLE AS old_rows ', table='casetracker_case_topics', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='court',
            trigger=pgtrigger.compiler.Trigger(name='counted_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT e.case_id FROM (\n    SELECT o.id, o.level FROM old_rows o JOIN new_rows n USING (id) WHERE (o.id, o.level) IS DISTINCT FROM (n.id, n.level)\n    UNION ALL SELECT n.id, n.level FROM old_rows o JOIN new_rows n USING (id) WHERE (o.id, o.level) IS DISTINCT FROM (n.id, n.level)\n) r JOIN casetracker_event e ON e.court_id = r.id UNION SELECT p.case_id FROM (\n    SELECT o.id, o.level FROM old_rows o JOIN new_rows n USING (id) WHERE (o.id, o.level) IS DISTINCT FROM (n.id, n.level)\n    UNION ALL SELECT n.id, n.level FROM old_rows o JOIN new_rows n USING (id) WHERE (o.id, o.level) IS DISTINCT FROM (n.id, n.level)\n) r JOIN casetracker_proceeding p ON p.court_id = r.id) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='1445701f6daeeedf85491645c2c108cc1c65dc12', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_counted_update_b2448', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='casetracker_court', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='counted_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT r.case_id FROM new_rows r) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='9218edd841e152700bd1db9066611b8bf4fe7bb6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_counted_insert_c7678', referencing='REFERENCING NEW TABLE AS new_rows ', table='casetracker_event', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='counted_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT r.case_id FROM (\n    SELECT o.id, o.case_id, o.court_id, o.kind, o.date, o.outcome, o.state, o.published_from FROM old_rows o JOIN new_rows n USING (id) WHERE (o.id, o.case_id, o.court_id, o.kind, o.date, o.outcome, o.state, o.published_from) IS DISTINCT FROM (n.id, n.case_id, n.court_id, n.kind, n.date, n.outcome, n.state, n.published_from)\n    UNION ALL SELECT n.id, n.case_id, n.court_id, n.kind, n.date, n.outcome, n.state, n.published_from FROM old_rows o JOIN new_rows n USING (id) WHERE (o.id, o.case_id, o.court_id, o.kind, o.date, o.outcome, o.state, o.published_from) IS DISTINCT FROM (n.id, n.case_id, n.court_id, n.kind, n.date, n.outcome, n.state, n.published_from)\n) r\n    UNION SELECT act.case_id FROM (\n    SELECT o.id, o.case_id, o.court_id, o.kind, o.date, o.outcome, o.state, o.published_from FROM old_rows o JOIN new_rows n USING (id) WHERE (o.id, o.case_id, o.court_id, o.kind, o.date, o.outcome, o.state, o.published_from) IS DISTINCT FROM (n.id, n.case_id, n.court_id, n.kind, n.date, n.outcome, n.state, n.published_from)\n    UNION ALL SELECT n.id, n.case_id, n.court_id, n.kind, n.date, n.outcome, n.state, n.published_from FROM old_rows o JOIN new_rows n USING (id) WHERE (o.id, o.case_id, o.court_id, o.kind, o.date, o.outcome, o.state, o.published_from) IS DISTINCT FROM (n.id, n.case_id, n.court_id, n.kind, n.date, n.outcome, n.state, n.published_from)\n) r\n    JOIN casetracker_treatment t ON t.target_id = r.id JOIN casetracker_event act ON act.id = t.act_id\n) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='a90e50c93cf3500ddd87ab39d323e0eb39d1f498', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_counted_update_b029f', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='casetracker_event', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='counted_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT r.case_id FROM old_rows r\n    UNION SELECT act.case_id FROM old_rows r\n    JOIN casetracker_treatment t ON t.target_id = r.id JOIN casetracker_event act ON act.id = t.act_id\n) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='1231816e339cf4f2d7eba0219bfc53f143a7cd2b', level='STATEMENT', operation='DELETE', pgid='pgtrigger_counted_delete_9b238', referencing='REFERENCING OLD TABLE AS old_rows ', table='casetracker_event', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='party',
            trigger=pgtrigger.compiler.Trigger(name='counted_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT p.case_id FROM (\n    SELECT o.id, o.kind FROM old_rows o JOIN new_rows n USING (id) WHERE (o.id, o.kind) IS DISTINCT FROM (n.id, n.kind)\n    UNION ALL SELECT n.id, n.kind FROM old_rows o JOIN new_rows n USING (id) WHERE (o.id, o.kind) IS DISTINCT FROM (n.id, n.kind)\n) r JOIN casetracker_partyrole role ON role.party_id = r.id JOIN casetracker_proceeding p ON p.id = role.proceeding_id) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='b249e9700ceff22f1add9709e5c9b3ca376ddc01', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_counted_update_89e89', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='casetracker_party', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partyrole',
            trigger=pgtrigger.compiler.Trigger(name='counted_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT p.case_id FROM new_rows r JOIN casetracker_proceeding p ON p.id = r.proceeding_id) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='b76b0d0d4641eeb8531371a14f906c0f988002e4', level='STATEMENT', operation='INSERT', pgid='pgtrigger_counted_insert_0771f', referencing='REFERENCING NEW TABLE AS new_rows ', table='casetracker_partyrole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partyrole',
            trigger=pgtrigger.compiler.Trigger(name='counted_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT p.case_id FROM (\n    SELECT o.proceeding_id, o.party_id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.proceeding_id, o.party_id) IS DISTINCT FROM (n.proceeding_id, n.party_id)\n    UNION ALL SELECT n.proceeding_id, n.party_id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.proceeding_id, o.party_id) IS DISTINCT FROM (n.proceeding_id, n.party_id)\n) r JOIN casetracker_proceeding p ON p.id = r.proceeding_id) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='05bad3e8d63f079df1858cf109bbb966c98b471e', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_counted_update_07dec', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='casetracker_partyrole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partyrole',
            trigger=pgtrigger.compiler.Trigger(name='counted_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT p.case_id FROM old_rows r JOIN casetracker_proceeding p ON p.id = r.proceeding_id) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='2dabfdcd0553f9b4a8059242ccfb848985a96134', level='STATEMENT', operation='DELETE', pgid='pgtrigger_counted_delete_75dd0', referencing='REFERENCING OLD TABLE AS old_rows ', table='casetracker_partyrole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proceeding',
            trigger=pgtrigger.compiler.Trigger(name='counted_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT r.case_id FROM new_rows r) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='0b39db2557d4886cdeb827d679febb5ea85d2758', level='STATEMENT', operation='INSERT', pgid='pgtrigger_counted_insert_40148', referencing='REFERENCING NEW TABLE AS new_rows ', table='casetracker_proceeding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proceeding',
            trigger=pgtrigger.compiler.Trigger(name='counted_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT r.case_id FROM (\n    SELECT o.case_id, o.court_id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.case_id, o.court_id) IS DISTINCT FROM (n.case_id, n.court_id)\n    UNION ALL SELECT n.case_id, n.court_id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.case_id, o.court_id) IS DISTINCT FROM (n.case_id, n.court_id)\n) r) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='e806d6778e4cf55a6ade466cf4178077a20b3748', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_counted_update_748cc', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='casetracker_proceeding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proceeding',
            trigger=pgtrigger.compiler.Trigger(name='counted_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT r.case_id FROM old_rows r) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='1dd9483b8933d662dd588f8802f6a5f7723a2443', level='STATEMENT', operation='DELETE', pgid='pgtrigger_counted_delete_5135e', referencing='REFERENCING OLD TABLE AS old_rows ', table='casetracker_proceeding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rulingjudge',
            trigger=pgtrigger.compiler.Trigger(name='counted_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT e.case_id FROM new_rows r JOIN casetracker_event e ON e.id = r.ruling_id) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='ed59fdf118ab3afe319aded40732d501d7fed505', level='STATEMENT', operation='INSERT', pgid='pgtrigger_counted_insert_8009e', referencing='REFERENCING NEW TABLE AS new_rows ', table='casetracker_rulingjudge', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rulingjudge',
            trigger=pgtrigger.compiler.Trigger(name='counted_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT e.case_id FROM (\n    SELECT o.ruling_id, o.judge_id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.ruling_id, o.judge_id) IS DISTINCT FROM (n.ruling_id, n.judge_id)\n    UNION ALL SELECT n.ruling_id, n.judge_id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.ruling_id, o.judge_id) IS DISTINCT FROM (n.ruling_id, n.judge_id)\n) r JOIN casetracker_event e ON e.id = r.ruling_id) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='1df171d6f70c20b10d702a0ab68f420b97c6ebf2', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_counted_update_34e2f', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='casetracker_rulingjudge', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rulingjudge',
            trigger=pgtrigger.compiler.Trigger(name='counted_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT e.case_id FROM old_rows r JOIN casetracker_event e ON e.id = r.ruling_id) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='db143decd04322f00cbfed2097788647538bf962', level='STATEMENT', operation='DELETE', pgid='pgtrigger_counted_delete_35886', referencing='REFERENCING OLD TABLE AS old_rows ', table='casetracker_rulingjudge', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='treatment',
            trigger=pgtrigger.compiler.Trigger(name='counted_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT e.case_id FROM new_rows r JOIN casetracker_event e ON e.id = r.act_id) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='b14709c0460e3581315c0ff432d20ff744e3fe8a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_counted_insert_d5c6e', referencing='REFERENCING NEW TABLE AS new_rows ', table='casetracker_treatment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='treatment',
            trigger=pgtrigger.compiler.Trigger(name='counted_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT e.case_id FROM (\n    SELECT o.act_id, o.verb, o.target_id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.act_id, o.verb, o.target_id) IS DISTINCT FROM (n.act_id, n.verb, n.target_id)\n    UNION ALL SELECT n.act_id, n.verb, n.target_id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.act_id, o.verb, o.target_id) IS DISTINCT FROM (n.act_id, n.verb, n.target_id)\n) r JOIN casetracker_event e ON e.id = r.act_id) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='5ab82e00f2d679af170a77f56960cfc4d488034c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_counted_update_6e329', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='casetracker_treatment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='treatment',
            trigger=pgtrigger.compiler.Trigger(name='counted_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO casetracker_casechange (case_id, transaction)\n    SELECT DISTINCT touched.case_id, pg_current_xact_id()::text::bigint FROM (SELECT e.case_id FROM old_rows r JOIN casetracker_event e ON e.id = r.act_id) touched (case_id)\n    WHERE touched.case_id IS NOT NULL\n    ON CONFLICT (transaction, case_id) DO NOTHING;\nRETURN NULL;', hash='54b7fb442d4efbba84f5db5170c310828b8fead8', level='STATEMENT', operation='DELETE', pgid='pgtrigger_counted_delete_3bffd', referencing='REFERENCING OLD TABLE AS old_rows ', table='casetracker_treatment', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='casechange',
            constraint=models.UniqueConstraint(fields=('transaction', 'case'), name='case_change_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='casechange',
            trigger=pgtrigger.compiler.Trigger(name='settle', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func='\n                    IF EXISTS (SELECT 1 FROM casetracker_casechange WHERE id = NEW.id AND NOT is_tried) THEN\n                        PERFORM casetracker_settle();\n                    END IF;\n                    RETURN NULL;\n                ', hash='128439dd8def21184260dcb18e268e9343b1a0b8', operation='INSERT', pgid='pgtrigger_settle_63141', table='casetracker_casechange', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='countedcase',
            index=models.Index(condition=models.Q(('due__isnull', False)), fields=['due'], name='counted_case_due'),
        ),
        migrations.AddIndex(
            model_name='tally',
            index=models.Index(condition=models.Q(('facet', 'judge')), fields=['unit', 'given', 'given_value', '-n', 'value'], name='tally_judges'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.UniqueConstraint(fields=('unit', 'given', 'given_value', 'facet', 'value'), include=('n',), name='tally_once'),
        ),
        migrations.AddIndex(
            model_name='tallychange',
            index=models.Index(fields=['unit', 'given', 'given_value'], name='tally_change_given'),
        ),
        migrations.RunSQL(COUNTING_SQL, DROP_COUNTING_SQL),
        # What is there already. A minute or more for a hundred thousand cases.
        migrations.RunSQL("SELECT casetracker_recount_all()", migrations.RunSQL.noop),
    ]


Migration.operations = together(Migration.operations)
