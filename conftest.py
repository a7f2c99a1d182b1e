"""Fixtures of a general kind; the cast and the factories live with their apps."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker, Settings

from innovation_voucher.tests import cleaning


@pytest.fixture(autouse=True)
def private_media(settings: Settings, tmp_path: Path) -> Path:
    """Uploads of a test go to its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


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
