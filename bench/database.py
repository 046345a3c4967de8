"""A database of its own for each size of data, beside the one that DATABASE_URL names."""

from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


def of_size(url: str, size: str) -> str:
    """
    The address of the database `<name>_<size>` on the server of `url`, which is made if it is missing. Raises
    `psycopg.Error` where the server cannot be reached or the account may not make databases.
    """
    parts = urlsplit(url)
    name = f"{parts.path.lstrip('/')}_{size.lower()}"
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlunsplit(parts._replace(path=f"/{name}"))
