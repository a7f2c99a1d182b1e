"""The demo world, built once for the package; every test sees it fresh and leaves nothing behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker, Settings

from innovation_voucher.tests.kept import undone
from innovation_voucher.tests.sweeps.knocking import Door
from innovation_voucher.tests.sweeps.world import World, built


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever needs the world is slow: building it takes most of a minute of CPU, in every worker."""
    for item in items:
        if "built_world" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="package")
def built_world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The world in one open transaction."""
    with django_db_blocker.unblock(), built(tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture
def db(built_world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In this package a database is the world's; what the test changes is taken back.

    The name makes pytest-django set the database up; its own `db` would close the connection, and with it the world.
    """
    with django_db_blocker.unblock(), undone():
        yield


@pytest.fixture
def world(db: None, built_world: World) -> World:
    """The world, as if nobody had come before."""
    return built_world


@pytest.fixture(scope="package")
def door(built_world: World, django_db_blocker: DjangoDbBlocker) -> Door:
    """Everybody signed in, once."""
    with django_db_blocker.unblock():
        return Door()


@pytest.fixture(autouse=True)
def private_media(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Tests of the world read its files, others have their own folder."""
    wants = "world" in request.fixturenames
    settings.MEDIA_ROOT = request.getfixturevalue("built_world").media if wants else tmp_path / "media"
    return Path(settings.MEDIA_ROOT)
