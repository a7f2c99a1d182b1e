"""Rows made by the database out of other rows: for sets that are too large for one statement a row."""

from typing import Any

from django.db import connection
from django.db.models import Field, Model, QuerySet, Value


def insert_from(model: type[Model], rows: QuerySet[Any], **columns: Any) -> int:
    """Insert one row of the model for each of `rows`; answers how many.

    A column is named by its attribute, with a plain value (the same for all rows) or an expression over
    `rows`. Columns that are left out stay NULL. No Python code of the model runs.
    """
    by_attribute: dict[str, Field[Any, Any]] = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_attribute[name] for name in columns]
    chosen = rows.order_by().values_list(*map(_expression, fields, columns.values()))
    select, params = chosen.query.sql_with_params()
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({names}) {select}", params)
        return int(cursor.rowcount)


def _expression(field: "Field[Any, Any]", value: Any) -> Any:
    return value if hasattr(value, "resolve_expression") else Value(value, output_field=field)
