"""The marks that other transactions left are worked off as soon as they are seen, however long another one runs."""

from django.db import migrations

from casetracker.models.counted_sql import SETTLE


class Migration(migrations.Migration):

    dependencies = [
        ('casetracker', '0023_places_in_the_lists'),
    ]

    operations = [
        migrations.RunSQL(SETTLE, migrations.RunSQL.noop),
    ]
