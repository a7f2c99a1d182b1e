"""A kept world: every test finds it as it was built, and who asks for nothing finds nothing."""

from copy import deepcopy
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from accounts.models import User
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import keeps, module_of, users_first

pytestmark = pytest.mark.django_db

built_so_far: list[int] = []


def test_who_asks_for_nothing_kept_comes_later_and_finds_nothing() -> None:
    assert built_so_far
    assert not User.objects.filter(pk__in=built_so_far).exists()


@pytest.fixture(scope="module")
def built(kept: Path) -> User:
    (kept / "paper.txt").write_text("kept", encoding="utf-8")
    person = cast.make_user("常留")
    built_so_far.append(person.pk)
    return person


@pytest.fixture
def person(built: User) -> User:
    return deepcopy(built)


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_changes_is_taken_back(person: User, turn: str) -> None:
    assert (person.name, User.objects.get(pk=person.pk).name) == ("常留", "常留")
    person.name = turn
    person.save(update_fields=["name"])
    with transaction.atomic():
        cast.make_user(f"{turn}来")
    assert User.objects.get(pk=person.pk).name == turn
    assert User.objects.filter(name__endswith="来").count() == 1


@pytest.mark.parametrize("turn", ["first", "second"])
def test_it_is_built_once_and_its_files_stay(person: User, turn: str) -> None:
    assert built_so_far == [person.pk]
    assert (Path(settings.MEDIA_ROOT) / "paper.txt").read_text(encoding="utf-8") == "kept"


def test_the_order_of_the_modules_stays(request: pytest.FixtureRequest) -> None:
    here = [item for item in request.session.items if module_of(item.nodeid).endswith("test_kept.py")]
    assert [keeps(item) for item in here] == [True] * 4 + [False] * 3
    shuffled = list(reversed(here))
    users_first(shuffled)
    assert [keeps(item) for item in shuffled] == [True] * 4 + [False] * 3


def test_a_class_runs_with_its_module(request: pytest.FixtureRequest) -> None:
    shares = request.config.pluginmanager.get_plugin(str(request.config.rootpath / "conftest.py"))
    assert shares is not None
    for test in ("test_b", "TestC::test_d", "TestC::test_e[a::b]"):
        assert shares.ByModule._split_scope(None, f"orders/tests/test_a.py::{test}") == "orders/tests/test_a.py"
