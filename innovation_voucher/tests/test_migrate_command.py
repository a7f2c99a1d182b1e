"""What the application's own database role may do after `migrate`."""

from collections.abc import Iterator
from typing import Any

import environ
import psycopg2
import psycopg2.errors
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from innovation_voucher.management.commands.migrate import APPEND_ONLY

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_application() -> Iterator[Any]:
    """A cursor of the role `portal` on the test database."""
    config = environ.Env().db_url("APP_DATABASE_URL")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        (database,) = cursor.fetchone()
    other = psycopg2.connect(dbname=database, user=config["USER"], **config["OPTIONS"])
    other.autocommit = True
    yield other.cursor()
    other.close()


TABLES = [apps.get_model(label)._meta.db_table for label in APPEND_ONLY]


def test_the_role_is_neither_superuser_nor_owner(as_application: Any) -> None:
    as_application.execute(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    assert as_application.fetchone() == (False, False, False, False)
    as_application.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
    assert as_application.fetchone() == (0,)


def test_it_reads_and_writes_rows(as_application: Any) -> None:
    as_application.execute("INSERT INTO django_session VALUES ('k', 'v', now())")
    as_application.execute("DELETE FROM django_session WHERE session_key = 'k'")
    assert as_application.rowcount == 1


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "DROP TABLE django_session",
        "ALTER TABLE django_session DISABLE TRIGGER ALL",
        "TRUNCATE django_session",
        "SET session_replication_role = replica",
    ],
)
def test_it_cannot_touch_the_schema(as_application: Any, statement: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_application.execute(statement)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET id = id"])
def test_append_only_rows_stay(as_application: Any, table: str, statement: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_application.execute(statement.format(table))


def test_the_sealer_may_seal_audit_rows_but_not_rewrite_them(as_application: Any) -> None:
    as_application.execute("UPDATE casework_auditrow SET hash = '', previous_hash = '', sequence = NULL")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_application.execute("UPDATE casework_auditrow SET reason = '', hash = ''")


@pytest.mark.parametrize("option", [{"plan": True}, {"check_unapplied": True}])
def test_a_look_at_the_plan_grants_nothing(option: dict[str, bool]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("REVOKE SELECT ON django_session FROM portal")
        call_command("migrate", verbosity=0, **option)
        cursor.execute("SELECT has_table_privilege('portal', 'django_session', 'SELECT')")
        assert cursor.fetchone() == (False,)
        call_command("migrate", verbosity=0, interactive=False)
        cursor.execute("SELECT has_table_privilege('portal', 'django_session', 'SELECT')")
        assert cursor.fetchone() == (True,)
