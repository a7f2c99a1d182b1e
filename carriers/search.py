"""Searching a column of character pairs: a tsvector on PostgreSQL, LIKE elsewhere.

`lib.search` makes the tokens; here they become a field with the lookup ``__words`` and the
migration operations that add the vector beside it. Words of a query that are parted by spaces must
all occur, in any order; inside a word the tokens stand next to each other. The vector also holds the
regions in which a row stands, so that words and places are looked up in one index.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.models import Lookup

from innovation_voucher.lib.search import bigrams, query_terms

VECTOR = "search_vector"
#: More words than this narrow nothing down and would only cost time.
MOST_WORDS = 8


class SearchField(models.TextField):  # type: ignore[type-arg]
    """Tokens of everything a row shall be found by; look up with ``search_text__words``."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """In migrations a plain text column, so that they outlive this module."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", list(args), kwargs


def phrases(text: str) -> list[list[str]]:
    """The tokens of each word of a query; words without a token are left out."""
    found = (query_terms(word) for word in text.split()[:MOST_WORDS])
    return [terms for terms in found if terms]


def open_ended(token: str) -> bool:
    """Whether a token may go on in the text: one character alone, or the head of a Latin word."""
    return len(token) == 1 or token.isascii()


def tsquery(text: str) -> str:
    """The query in PostgreSQL's notation; empty when nothing can be looked for."""
    return " & ".join(f"({_tsphrase(terms)})" for terms in phrases(text))


def _tsphrase(terms: list[str]) -> str:
    *head, last = [f"'{term}'" for term in terms]
    tail = f"{last}:*" if open_ended(terms[-1]) else last
    return " <-> ".join([*head, tail])


def like_patterns(text: str) -> list[str]:
    """One LIKE pattern per word, for a column with a space before and behind."""
    return [f"% {' '.join(terms)}{'' if open_ended(terms[-1]) else ' '}%" for terms in phrases(text)]


@SearchField.register_lookup
class Words(Lookup):
    """``search_text__words="成分分析"``: every word of the text occurs."""

    lookup_name = "words"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """LIKE on the column itself, for databases without text search."""
        left, params = self.process_lhs(compiler, connection)
        patterns = like_patterns(str(self.rhs))
        # Column and words are ours: `left` is a quoted name, the patterns are parameters.
        one = f"(' ' || {left} || ' ') LIKE %s"
        values = tuple(value for pattern in patterns for value in (*params, pattern))
        return f"({' AND '.join([one] * len(patterns)) or '1 = 1'})", values

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """The generated vector of the same table, through its GIN index."""
        query = tsquery(str(self.rhs))
        if not query:
            return "TRUE", []
        name = compiler.quote_name_unless_alias(self.lhs.alias)
        return f"{name}.{VECTOR} @@ to_tsquery('simple', %s)", [query]


class RegionPathField(models.CharField):  # type: ignore[type-arg]
    """Path of the region in which a row stands; look up with ``region_path__within``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 60, "editable": False, "default": "", **options})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """In migrations a plain column, so that they outlive this module."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", list(args), kwargs


def place_query(paths: Iterable[str]) -> str:
    """Any of the regions, in PostgreSQL's notation; no word of a reader becomes a token with an @."""
    codes = (path.strip("/").rpartition("/")[2] for path in paths)
    return " | ".join("'@" + code.replace("\\", "\\\\").replace("'", "''") + "'" for code in codes)


@RegionPathField.register_lookup
class Within(Lookup):
    """``region_path__within=["330000/330100/"]``: in one of the regions or below it; of none, nothing."""

    lookup_name = "within"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """LIKE on the column itself, for databases without text search."""
        left, params = self.process_lhs(compiler, connection)
        values = tuple(value for path in self.rhs for value in (*params, f"{path}%"))
        return f"({' OR '.join([f'{left} LIKE %s'] * len(self.rhs)) or '1 = 0'})", values

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """The generated vector of the same table, through its GIN index."""
        if not self.rhs:
            return "FALSE", []
        name = compiler.quote_name_unless_alias(self.lhs.alias)
        return f"{name}.{VECTOR} @@ %s::tsquery", [place_query(self.rhs)]


class AddSearchVector(Operation):
    """Add the generated vector and its index to a model's table (PostgreSQL only)."""

    reversible = True
    expression = "to_tsvector('simple', search_text)"

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The vector is the database's own affair: no model knows it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._add(schema_editor, to_state.apps.get_model(app_label, self.model_name), self.expression)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._drop(schema_editor, to_state.apps.get_model(app_label, self.model_name))

    def _add(self, schema_editor: BaseDatabaseSchemaEditor, model: Any, expression: str) -> None:
        table = model._meta.db_table
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"ALTER TABLE {table} ADD COLUMN {VECTOR} tsvector GENERATED ALWAYS AS ({expression}) STORED"
            )
            schema_editor.execute(f"CREATE INDEX {table}_words ON {table} USING gin ({VECTOR})")

    def _drop(self, schema_editor: BaseDatabaseSchemaEditor, model: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {model._meta.db_table} DROP COLUMN {VECTOR}")

    def describe(self) -> str:
        return f"Search vector of {self.model_name}"


class PlaceInSearchVector(AddSearchVector):
    """Make the vector anew with the regions of `region_path` as tokens of their own kind."""

    expression = (
        f"{AddSearchVector.expression} || "
        "array_to_tsvector(string_to_array('@' || replace(rtrim(region_path, '/'), '/', '/@'), '/'))"
    )

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._drop(schema_editor, to_state.apps.get_model(app_label, self.model_name))
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        self._drop(schema_editor, model)
        self._add(schema_editor, model, AddSearchVector.expression)


def search_text(*parts: str) -> str:
    """The column's value: tokens of all parts, the first ones the most telling."""
    return bigrams("\n".join(part for part in parts if part))
