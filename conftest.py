"""Fixtures of a general kind; the cast and the factories live with their apps."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings
from xdist.scheduler import LoadScopeScheduling

from innovation_voucher.tests import cleaning
from innovation_voucher.tests.kept import _django_db_helper, begun, keeps, kept, module_of, users_first

__all__ = ["_django_db_helper", "begun", "kept"]

# A commit has one verdict: the examples follow from the test. EXPLORE=1 draws new ones.
hypothesis_settings.register_profile("repeatable", derandomize=True)
hypothesis_settings.load_profile("default" if os.environ.get("EXPLORE") else "repeatable")

#: Tests that share the demo world; building it takes a worker most of a minute.
WORLD = "innovation_voucher/tests/sweeps/"
#: Walks share nothing, and one takes a minute.
WALKS = "innovation_voucher/tests/walk/"

#: Fixtures that open the database.
DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "live_server", "kept"}


def pytest_collection() -> None:
    """Fifteen thousand tests are found sooner when nobody looks for garbage among them."""
    gc.disable()


def pytest_collection_finish() -> None:
    """What was collected stays to the end, so it is never looked through again."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what needs a database, so that `make check` can leave it to `make test`; bring kept worlds together."""
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)
    yield
    users_first(items)


class ByModule(LoadScopeScheduling):
    """Whole modules go to a worker, and all that need the demo world to the same one, so that it is built once.

    A class goes with its module: run apart on the same worker, it would find the kept world closed. With
    `--no-loadscope-reorder` the long ones, which stand in the first folder, do not come last and alone.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(WALKS):
            return nodeid
        return WORLD if nodeid.startswith(WORLD) else module_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByModule:
    """How `-n 2` shares the tests out."""
    return ByModule(config, log)


@pytest.fixture(autouse=True)
def private_media(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Path:
    """Uploads of a test go to its own folder, or to that of its module's kept world."""
    folder: Path = request.getfixturevalue("kept") if keeps(request) else tmp_path / "media"
    settings.MEDIA_ROOT = folder
    return folder


@pytest.fixture(autouse=True)
def portals_language() -> Iterator[None]:
    """The language that a request of one test asked for must not reach the next."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Rate limits of one test must not reach the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """After a test that commits, only what the migrations wrote is left."""
    with django_db_blocker.unblock():
        kept = cleaning.seeds()

    def teardown(_case: TransactionTestCase) -> None:
        cleaning.clean(kept)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]  # noqa: SLF001
