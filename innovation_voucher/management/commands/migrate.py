"""Django's migrate, then the cache's table and the rights of the application's own database role."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# Table -> columns that one verb fills in later.
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "vouchers.LedgerEntry": (),
    "casework.AuditRow": ("sequence", "previous_hash", "hash"),
}


class Command(migrate.Command):
    help = migrate.Command.help + " Grants rows, never the schema, to DATABASE_APP_ROLE."

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
            return
        call_command("createcachetable", database=options["database"])
        connection = connections[options["database"]]
        if settings.DATABASE_APP_ROLE and connection.vendor == "postgresql":
            grant(connection, settings.DATABASE_APP_ROLE)


def grant(connection: BaseDatabaseWrapper, role: str) -> None:
    """The role may read and write rows; of append-only tables it may only add rows."""
    quote = connection.ops.quote_name
    name = quote(role)
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
    ]
    for label, columns in APPEND_ONLY.items():
        table = quote(apps.get_model(label)._meta.db_table)
        statements.append(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {name}")
        if columns:
            statements.append(f"GRANT UPDATE ({', '.join(map(quote, columns))}) ON {table} TO {name}")
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
