"""Tests that begin at several places: each finds its own alone, built once for all that begin there."""

from copy import deepcopy

import pytest

from accounts.models import User
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import begins

pytestmark = pytest.mark.django_db

built: list[str] = []


def morning() -> User:
    built.append("morning")
    return cast.make_user("早")


def evening() -> User:
    built.append("evening")
    return cast.make_user("晚")


@pytest.fixture
def person(begun: User) -> User:
    return deepcopy(begun)


def names() -> set[str]:
    return set(User.objects.filter(name__in=("早", "晚", "改")).values_list("name", flat=True))


@begins(morning)
def test_it_finds_its_own_place_alone(person: User) -> None:
    assert (person.name, names()) == ("早", {"早"})
    User.objects.filter(pk=person.pk).update(name="改")


@begins(evening)
def test_so_does_who_begins_elsewhere(person: User) -> None:
    assert (person.name, names(), built) == ("晚", {"晚"}, ["morning", "evening"])


@begins(morning)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_it_is_built_once_for_all_that_begin_there(person: User, turn: str) -> None:
    assert (person.name, names(), built) == ("早", {"早"}, ["morning"])
    person.delete()


def test_who_begins_nowhere_comes_last_and_finds_nothing(request: pytest.FixtureRequest) -> None:
    assert names() == set()
    here = [item.name for item in request.session.items if "test_kept_places" in item.nodeid]
    assert here[1].endswith("[first]")
    assert here[3:] == [test_so_does_who_begins_elsewhere.__name__, request.node.name]
