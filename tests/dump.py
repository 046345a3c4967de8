"""What a dump of the database would hold: every column of every table, generated and search columns included."""

from django.db import connection


def places_with(text: str) -> list[str]:
    """The columns in which the text stands, whatever its case, as `table.column`."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, c.column_name, c.data_type"
            " FROM information_schema.columns c JOIN information_schema.tables t"
            " USING (table_schema, table_name) WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
        )
        for table, column, kind in cursor.fetchall():
            # Bytes are looked through as they are, not as the digits that stand for them.
            told = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {told} ILIKE %s', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return sorted(found)
