"""A world that the tests of a module share: built once by its verbs, seen fresh by every test.

Where many tests of a module begin at the same place::

    @pytest.fixture(scope="module")
    def built(kept: Path) -> World:
        return World()


    @pytest.fixture
    def world(built: World) -> World:
        return deepcopy(built)

Where they begin at several places, each names its own, and those of one place run together::

    @begins(factories.payable)
    def test_something(redemption: Redemption) -> None: ...


    @pytest.fixture
    def redemption(begun: Redemption) -> Redemption:
        return deepcopy(begun)

A module does one or the other. What is built lies in one open transaction, what a test changes behind a
savepoint of its own; both are taken back. The tests of a module that ask for nothing kept run after those
that do, in an empty database.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

#: The world of the module that runs now.
_open = ExitStack()


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def keeps(test: pytest.Item | pytest.FixtureRequest) -> bool:
    """Whether the test begins in a kept world; a value of a table may have that name too."""
    spec = getattr(getattr(test, "node", test), "callspec", None)
    return "kept" in getattr(test, "fixturenames", ()) and not (spec and "kept" in spec.params)


def begins(build: Callable[[], Any]) -> pytest.MarkDecorator:
    """The test begins with what `build` makes; its name stays as it is. Always give the same object."""
    return pytest.mark.parametrize("begun", [build], indirect=True, ids=[pytest.HIDDEN_PARAM])


def module_of(nodeid: str) -> str:
    """The module that a test stands in, whether in a class of it or not."""
    return nodeid.split("::", maxsplit=1)[0]


def _places(item: pytest.Item) -> tuple[str, tuple[str, Any]]:
    """The module of a test, and where in it the test begins."""
    module = module_of(item.nodeid)
    spec = getattr(item, "callspec", None)
    return module, (module, spec.params.get("begun") if spec else None)


def users_first(items: list[pytest.Item]) -> None:
    """Within each module, bring the tests of the kept world before the others, by where they begin."""
    turns: dict[Any, int] = {}
    for item in items:
        for place in _places(item):
            turns.setdefault(place, len(turns))
    items.sort(key=lambda item: (turns[_places(item)[0]], not keeps(item), turns[_places(item)[1]]))


@pytest.fixture(scope="module")
def kept(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The module's transaction, and the folder of its files."""
    folder = tmp_path_factory.mktemp("kept")
    _open.enter_context(django_db_blocker.unblock())
    _open.enter_context(undone())
    _open.enter_context(override_settings(MEDIA_ROOT=folder))
    yield folder
    _open.close()


@pytest.fixture(scope="module")
def begun(kept: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """What the test says that it begins with, alone in the database."""
    with ExitStack() as place:
        place.enter_context(undone())
        _open.callback(place.close)
        yield request.param()


@pytest.fixture
def _django_db_helper(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """How pytest-django opens the database for a test: by a savepoint in a kept world.

    Its own way closes the connection after every test, and with it the world.
    """
    if not keeps(request):
        _open.close()
        request.getfixturevalue("_django_db_helper")
        yield
        return
    with django_db_blocker.unblock(), undone():
        yield
