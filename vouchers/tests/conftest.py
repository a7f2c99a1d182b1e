"""Fixtures: an open programme, an enterprise with its owner, a carrier."""

from copy import deepcopy
from typing import Any

import pytest

from accounts.models import Organization, User
from carriers.models import Carrier
from innovation_voucher.tests import cast
from vouchers.models import Programme

from . import factories


@pytest.fixture
def programme(db: None) -> Programme:
    """Open for the whole province, 200,000 a year."""
    return factories.make_programme()


@pytest.fixture
def enterprise(db: None) -> Organization:
    return cast.enterprise()


@pytest.fixture
def owner(enterprise: Organization) -> User:
    return cast.owner_of(enterprise)


@pytest.fixture
def carrier(db: None) -> Carrier:
    return factories.make_carrier()


@pytest.fixture
def world(built: Any) -> Any:
    """What the module of the test built once, seen fresh."""
    return deepcopy(built)


@pytest.fixture
def scheme(world: tuple[Programme, *tuple[Any, ...]]) -> Programme:
    """The programme of a kept world, which stands first in it."""
    return world[0]
