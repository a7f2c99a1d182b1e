"""Fixtures: the story of both sides, and browsers for its people."""

from copy import deepcopy
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User
from innovation_voucher.tests import cast
from orders.models import Order

from . import factories
from .acts import STATES


@pytest.fixture(scope="module")
def built(kept: Path) -> factories.World:
    """What the tests of a module begin with; modules of other rules have their own."""
    return factories.make_world()


@pytest.fixture
def world(db: None, built: factories.World) -> factories.World:
    return deepcopy(built)


@pytest.fixture(scope="module")
def made(built: factories.World) -> dict[str, Order]:
    """An order in every state; the module's world needs quota for all of them."""
    return {state: factories.make_order(built, state) for state in STATES}


@pytest.fixture
def orders(world: factories.World, made: dict[str, Order]) -> dict[str, Order]:
    """What the module has made, by state; no other test has touched it."""
    return deepcopy(made)


@pytest.fixture
def stranger(db: None) -> User:
    """The owner of another enterprise of the county."""
    return cast.owner_of(cast.rival())


def client_of(user: User) -> Client:
    """A browser in which the person has signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def buyer(world: factories.World) -> Client:
    return client_of(world.owner)


@pytest.fixture
def seller(world: factories.World) -> Client:
    return client_of(world.seller)
