"""Two databases on the private PostgreSQL, made for one run and dropped after it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("bench_portal", "bench_reference")


def url_of(name: str, variable: str = "DATABASE_URL") -> str:
    """The address of a database by the owner's role, or by the application's (APP_DATABASE_URL)."""
    parts = urlsplit(_services()[variable])
    return f"postgresql://{parts.username}@/{name}?{parts.query}"


def _services() -> dict[str, str]:
    lines = (ROOT / ".services/env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


@contextmanager
def fresh() -> Iterator[None]:
    """Empty databases for the time of the block."""
    _each("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}")
    try:
        yield
    finally:
        _each("DROP DATABASE IF EXISTS {} WITH (FORCE)")


def _each(*statements: str) -> None:
    with closing(psycopg2.connect(url_of("postgres"))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for name in NAMES:
                for statement in statements:
                    cursor.execute(statement.format(name))


def backends(name: str) -> list[int]:
    """Process ids of the server's processes that work for a database."""
    with closing(psycopg2.connect(url_of("postgres"))) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s AND usename IS NOT NULL", [name])
        return [pid for (pid,) in cursor.fetchall()]
