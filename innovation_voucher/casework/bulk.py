"""Rows made or changed by the database out of other rows: for sets too large for one statement a row."""

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


def move_each(model: type[Model], moves: QuerySet[Any], source: str, target: str, *, counted: str = "") -> int:
    """Move an amount of its own from one column to another in many rows of the model; answers in how many.

    `moves` gives for each row once its id as `row` and the amount as `moved`; `counted` is a column that grows
    by one. The amounts are joined: asked for row by row they would be looked up anew for each.
    """
    select, params = moves.order_by().query.sql_with_params()
    quote = connection.ops.quote_name
    table, down, up = quote(model._meta.db_table), quote(source), quote(target)
    more = f", {quote(counted)} = {quote(counted)} + 1" if counted else ""
    sets = f"{down} = {down} - moves.moved, {up} = {up} + moves.moved{more}"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {sets} FROM ({select}) AS moves WHERE {table}.id = moves.row", params)  # noqa: S608  our columns
        return int(cursor.rowcount)


def _expression(field: "Field[Any, Any]", value: Any) -> Any:
    return value if hasattr(value, "resolve_expression") else Value(value, output_field=field)
