"""A table for a test's own model, on PostgreSQL and on SQLite."""

import copy
from collections.abc import Callable, Iterator

import pytest
from django.db import connections, models
from django.db.backends.sqlite3.base import DatabaseWrapper

SQLITE = "lib_sqlite"


@pytest.fixture(params=["postgresql", "sqlite"])
def table(request: pytest.FixtureRequest, db: None) -> Iterator[Callable]:
    """Makes the table of a model and gives its manager on the database under test."""
    alias = "default"
    if request.param == "sqlite":
        alias = SQLITE
        connections[alias] = _memory()
    assert connections[alias].vendor == request.param

    def make(model: type[models.Model]) -> models.Manager:
        with connections[alias].schema_editor() as editor:
            editor.create_model(model)
        return model.objects.db_manager(alias)

    yield make
    if alias == SQLITE:
        connections[alias].close()
        del connections[alias]


def _memory() -> DatabaseWrapper:
    options = copy.deepcopy(connections["default"].settings_dict)
    options |= {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {}}
    return DatabaseWrapper(options, SQLITE)
