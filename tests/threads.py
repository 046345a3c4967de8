"""Work done at the same time, in real threads with a connection to the database each."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

# Seconds after which a test that waits for itself is given up.
PATIENCE = 20


def run_together(*works: Callable[[], Any]) -> list[Any]:
    """What each returned, or the exception that it raised, in order. The test needs a transactional database."""

    def alone(work: Callable[[], Any]) -> Any:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = %s", [f"{PATIENCE}s"])
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(works)) as pool:
        return [future.result(timeout=2 * PATIENCE) for future in [pool.submit(alone, work) for work in works]]
