import casetracker.models.files
import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from casetracker.migrations._together import together
from django.conf import settings
from django.db import migrations, models

# Parts of a file are read from its middle, and it is compressed already.
STORAGE_SQL = """
ALTER TABLE casetracker_storedfile ALTER COLUMN content SET STORAGE EXTERNAL;
"""

# What the history says of a document is said of the one address that it has now; a document that is gone has one too,
# with which it comes back. The history may only grow, but for this.
ADDRESSES_SQL = """
ALTER TABLE casetracker_documentrevision DISABLE TRIGGER USER;
UPDATE casetracker_documentrevision r SET uuid = a.uuid
FROM (
    SELECT o.pgh_obj_id, COALESCE(d.uuid, gen_random_uuid()) AS uuid
    FROM (SELECT DISTINCT pgh_obj_id FROM casetracker_documentrevision) o
    LEFT JOIN casetracker_document d ON d.id = o.pgh_obj_id
) a WHERE a.pgh_obj_id = r.pgh_obj_id;
ALTER TABLE casetracker_documentrevision ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('casetracker', '0013_redactions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[0-9a-f]{64}$')], verbose_name='checksum (SHA-256)')),
                ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                ('media_type', models.CharField(choices=[('application/pdf', 'PDF'), ('text/plain; charset=utf-8', 'plain text'), ('text/plain; charset=windows-1252', 'plain text')], max_length=40, verbose_name='kind of file')),
                ('uploaded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
                'base_manager_name': 'objects',
            },
        ),
        migrations.RunSQL(STORAGE_SQL, migrations.RunSQL.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name='document',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='document',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='document',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='redaction',
            name='redaction_subject_known',
        ),
        migrations.AddField(
            model_name='document',
            name='reading',
            field=models.CharField(blank=True, choices=[('waiting', 'Waiting to be read'), ('read', 'Read'), ('empty', 'Read: it holds no text, as a scan does'), ('locked', 'It asks for a password: pages and text cannot be read'), ('damaged', 'It could not be read: it is damaged'), ('too_much', 'It could not be read within the limits of time and memory'), ('held_back', 'Its text is held back: it has what looks like an identity number')], editable=False, max_length=9, verbose_name='text of the file'),
        ),
        migrations.AddField(
            model_name='document',
            name='uuid',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True, verbose_name='word in its address'),
        ),
        migrations.AddField(
            model_name='documentrevision',
            name='reading',
            field=models.CharField(blank=True, choices=[('waiting', 'Waiting to be read'), ('read', 'Read'), ('empty', 'Read: it holds no text, as a scan does'), ('locked', 'It asks for a password: pages and text cannot be read'), ('damaged', 'It could not be read: it is damaged'), ('too_much', 'It could not be read within the limits of time and memory'), ('held_back', 'Its text is held back: it has what looks like an identity number')], editable=False, max_length=9, verbose_name='text of the file'),
        ),
        migrations.AddField(
            model_name='documentrevision',
            name='uuid',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, verbose_name='word in its address'),
        ),
        migrations.RunSQL(ADDRESSES_SQL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='document',
            name='pages',
            field=models.PositiveIntegerField(blank=True, help_text='Counted by itself when a file is read.', null=True),
        ),
        migrations.AlterField(
            model_name='documentrevision',
            name='pages',
            field=models.PositiveIntegerField(blank=True, help_text='Counted by itself when a file is read.', null=True),
        ),
        migrations.AlterField(
            model_name='redaction',
            name='subject',
            field=models.CharField(choices=[('words', 'Words'), ('entry', 'An entry and all that hangs on it'), ('case', 'A case and all that hangs on it'), ('file', 'The file of a document')], editable=False, max_length=10),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='follow_file', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF TG_OP = 'UPDATE' AND NEW.file_id IS NOT DISTINCT FROM OLD.file_id THEN\n            IF NEW.file_id IS NOT NULL THEN\n                NEW.size = OLD.size;\n                NEW.sha256 = OLD.sha256;\n            ELSE\n                NEW.reading = '';\n            END IF;\n            RETURN NEW;\n        END IF;\n        IF TG_OP = 'UPDATE' THEN\n            IF NEW.pages IS NOT DISTINCT FROM OLD.pages THEN\n                NEW.pages = NULL;\n            END IF;\n            IF OLD.file_id IS NOT NULL THEN\n                NEW.size = NULL;\n                NEW.sha256 = '';\n            END IF;\n        END IF;\n        NEW.reading = '';\n        IF NEW.file_id IS NOT NULL THEN\n            NEW.reading = 'waiting';\n            NEW.text = '';\n            SELECT f.size, f.sha256 INTO NEW.size, NEW.sha256\n                FROM casetracker_storedfile f WHERE f.id = NEW.file_id;\n        ELSIF TG_OP = 'UPDATE' THEN\n            NEW.text = '';\n        END IF;\n        RETURN NEW;\n    ", hash='0afa8975bc60b4d00ccc84ee6929a589632d5b9f', operation='INSERT OR UPDATE', pgid='pgtrigger_follow_file_28400', table='casetracker_document', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "casetracker_documentrevision" ("address", "event_id", "file_id", "id", "pages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reading", "sealed", "sha256", "size", "text", "title", "uuid") VALUES (NEW."address", NEW."event_id", NEW."file_id", NEW."id", NEW."pages", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reading", NEW."sealed", NEW."sha256", NEW."size", NEW."text", NEW."title", NEW."uuid"); RETURN NULL;', hash='be58dad048ad622112ae148dd7c627f410367592', operation='INSERT', pgid='pgtrigger_insert_insert_15dd2', table='casetracker_document', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "casetracker_documentrevision" ("address", "event_id", "file_id", "id", "pages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reading", "sealed", "sha256", "size", "text", "title", "uuid") VALUES (NEW."address", NEW."event_id", NEW."file_id", NEW."id", NEW."pages", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reading", NEW."sealed", NEW."sha256", NEW."size", NEW."text", NEW."title", NEW."uuid"); RETURN NULL;', hash='334194526e35713ecf0d3b941bb75af429275980', operation='UPDATE', pgid='pgtrigger_update_update_55137', table='casetracker_document', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "casetracker_documentrevision" ("address", "event_id", "file_id", "id", "pages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reading", "sealed", "sha256", "size", "text", "title", "uuid") VALUES (OLD."address", OLD."event_id", OLD."file_id", OLD."id", OLD."pages", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reading", OLD."sealed", OLD."sha256", OLD."size", OLD."text", OLD."title", OLD."uuid"); RETURN NULL;', hash='19397dcde169d1f9bf5e639e969ff25d87c7f658', operation='DELETE', pgid='pgtrigger_delete_delete_cbfa3', table='casetracker_document', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='redaction',
            constraint=models.CheckConstraint(condition=models.Q(('subject__in', ['words', 'entry', 'case', 'file'])), name='redaction_subject_known'),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='uploaded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='document',
            name='file',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='casetracker.storedfile', verbose_name='file'),
        ),
        migrations.AddField(
            model_name='documentrevision',
            name='file',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='casetracker.storedfile', verbose_name='file'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('reading', 'waiting')), fields=['id'], name='document_waiting'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('reading', 'held_back')), fields=['event'], name='document_held_back'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('reading', ''), ('reading__in', ['waiting', 'read', 'empty', 'locked', 'damaged', 'too_much', 'held_back']), _connector='OR'), name='document_reading_known'),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(('sha256', casetracker.models.files.ChecksumOf(models.F('content')))), name='stored_file_checksum_fits'),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(('size', casetracker.models.files.LengthOf(models.F('content'))), ('size__gt', 0)), name='stored_file_size_fits'),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(('media_type__in', ['application/pdf', 'text/plain; charset=utf-8', 'text/plain; charset=windows-1252'])), name='stored_file_kind_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfile',
            trigger=pgtrigger.compiler.Trigger(name='keep_file', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1227b064a8e04f8abf8ad7204e9ce82630c2fd62', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_file_c1c9d', table='casetracker_storedfile', when='BEFORE')),
        ),
    ]


Migration.operations = together(Migration.operations)
