"""Django's migrate, then the cache's table and the rights of the application's own database role."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


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
    """The role may read and write rows; of append-only tables it may only add rows.

    A model says `append_only = True`; `append_only_except = ("seal", ...)` names columns that
    a verb fills in later.
    """
    name = connection.ops.quote_name(role)
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
    ]
    for model in apps.get_models():
        if getattr(model, "append_only", False):
            table = connection.ops.quote_name(model._meta.db_table)
            statements.append(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {name}")
            later = getattr(model, "append_only_except", ())
            if later:
                columns = ", ".join(connection.ops.quote_name(column) for column in later)
                statements.append(f"GRANT UPDATE ({columns}) ON {table} TO {name}")
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
