"""What the tables need from the database: extensions, the functions of dates and of text, the text search configuration."""

from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

from casetracker.models.functions import (
    DROP_TEXT_FUNCTIONS_SQL,
    DROP_TEXT_SEARCH_SQL,
    TEXT_FUNCTIONS_SQL,
    TEXT_SEARCH_SQL,
)
from casetracker.models.sql import DATE_FUNCTIONS_SQL, DROP_DATE_FUNCTIONS_SQL


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGinExtension(),
        migrations.RunSQL(DATE_FUNCTIONS_SQL, DROP_DATE_FUNCTIONS_SQL),
        migrations.RunSQL(TEXT_FUNCTIONS_SQL, DROP_TEXT_FUNCTIONS_SQL),
        migrations.RunSQL(TEXT_SEARCH_SQL, DROP_TEXT_SEARCH_SQL),
    ]
