"""Who and what nearly every test of redemption begins with."""

import pytest
from django.test import Client

from accounts.models import Organization, User
from innovation_voucher.tests import cast
from redemption.tests import factories
from redemption.tests.pages import client_of
from vouchers.models import Programme


@pytest.fixture
def programme() -> Programme:
    return factories.make_programme()


@pytest.fixture
def settler(programme: Programme) -> User:
    return factories.settler()


@pytest.fixture
def second(programme: Programme) -> User:
    return factories.countersigner()


@pytest.fixture
def organization() -> Organization:
    return cast.enterprise()


@pytest.fixture
def client(organization: Organization) -> Client:
    return client_of(organization)
