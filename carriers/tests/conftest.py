"""The people and the chain of the carriers' stories."""

from typing import Any

import pytest

from accounts.models import User
from carriers.models import Carrier
from innovation_voucher.casework.models import Chain, ChainStep, Region
from innovation_voucher.tests import cast

from .factories import make_carrier


@pytest.fixture
def county(db: Any) -> Region:
    """The county of the story."""
    return cast.make_region(cast.COUNTY)


@pytest.fixture
def other_county(db: Any) -> Region:
    return cast.make_region(cast.OTHER_COUNTY)


@pytest.fixture
def carrier(county: Region) -> Carrier:
    """A carrier with a complete profile, recognized nowhere."""
    return make_carrier()


@pytest.fixture
def owner(carrier: Carrier) -> User:
    return cast.owner_of(carrier.organization)


@pytest.fixture
def stranger(db: Any) -> User:
    """The owner of another carrier."""
    return cast.owner_of(make_carrier().organization)


@pytest.fixture
def officer(county: Region) -> User:
    """Reviews recognitions of the county."""
    return cast.make_officer(cast.COUNTY, "review_recognition")


@pytest.fixture
def viewer_officer(county: Region) -> User:
    """May look at the county's cases, not decide."""
    office = cast.make_office("centre", cast.COUNTY, rights=("view_cases",))
    return cast.make_officer(cast.COUNTY, kind="centre", office=office)


@pytest.fixture
def foreign_officer(other_county: Region) -> User:
    """Reviews recognitions of another county."""
    return cast.make_officer(cast.OTHER_COUNTY, "review_recognition")


@pytest.fixture
def chain(db: Any) -> Chain:
    """One step of the bureau, five working days."""
    row, made = Chain.objects.get_or_create(key="recognition", defaults={"name": "机构入库"})
    if made:
        ChainStep.objects.create(
            chain=row, position=1, name="审核", office_kind="bureau", right="review_recognition", working_days=5
        )
    return row
