"""The control: check, then insert, with nothing that keeps two requests apart.

It runs under the same gunicorn and the same load; the storm is worth something only if this fails.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction

from innovation_voucher.wsgi import application as portal

TABLE = "storm_scratch"
LIMIT = 100
#: Seconds between looking and writing, in which a claim of the portal reads its rules and draws its number. Without
#: them the window is so short that a busy machine now and then keeps the requests apart by chance.
BETWEEN = 0.005

# Importing the portal has set up Django and its connections.
assert portal


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    granted = _claim(environ["PATH_INFO"])
    start_response("302 Found" if granted else "422 Unprocessable Content", [("Content-Length", "0")])
    return [b""]


def _claim(key: str) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLE} WHERE key = %s", [key])
        if cursor.fetchone()[0] >= LIMIT:
            return False
        time.sleep(BETWEEN)
        cursor.execute(f"INSERT INTO {TABLE} (key) VALUES (%s)", [key])
        return True
