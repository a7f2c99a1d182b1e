"""Everything that the demo world holds, by key, and how to find it again."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import Organization, User
from carriers.models import Carrier, Service
from innovation_voucher.casework import reviews
from innovation_voucher.casework.models import Office, Region, ReviewTask
from vouchers.models import Programme

from .people import PASSWORD


@cache
def hashed() -> str:
    """The demo password, hashed once: every account has the same."""
    return make_password(PASSWORD)


@dataclass
class World:
    """Everything made so far, by key. `accounts` are the sign-ins that the command prints."""

    programme: Programme
    offices: dict[str, Office] = field(default_factory=dict)
    officers: dict[str, User] = field(default_factory=dict)
    firms: dict[str, Organization] = field(default_factory=dict)
    owners: dict[str, User] = field(default_factory=dict)
    carriers: dict[str, Carrier] = field(default_factory=dict)
    accounts: list[dict[str, str]] = field(default_factory=list)
    serial: int = 0

    def next(self) -> int:
        """A number that was not given before."""
        self.serial += 1
        return self.serial

    def phone_of(self, firm: str) -> str:
        """The proved phone of who registered a firm, as forms show it."""
        return (self.owners[firm].phone or "").removeprefix("+86")

    def bureau_of(self, organization: Organization) -> tuple[Office, User]:
        """The bureau that accepts an organization's cases, and its first officer."""
        office = self.office_at("bureau", organization.bureau)
        return office, self.officers[office.name]

    def office_at(self, kind: str, region: Region) -> Office:
        """The office of a kind that looks after a region: its own, else the nearest above it."""
        codes = (f"{kind}/{code}" for code in reversed(region.ancestor_codes))
        return next(self.offices[code] for code in codes if code in self.offices)

    def service(self, title: str) -> Service:
        """A service by its title."""
        found: Service = Service.objects.select_related("carrier__organization", "category").get(title=title)
        return found

    def owner_of(self, organization: Organization) -> User:
        """The person who registered an organization."""
        return next(self.owners[key] for key, firm in self.firms.items() if firm.pk == organization.pk)


def decide(world: World, subject: Any, decision: str, **words: Any) -> None:
    """The office of the open step decides about a subject, by its first officer."""
    case = reviews.live_case(subject)
    assert case is not None
    task = case.tasks.select_related("step", "region", "case").get(status=ReviewTask.State.OPEN)
    office = world.office_at(task.step.office_kind, task.region)
    reviews.decide(task, by=world.officers[office.name], office=office, decision=decision, **words)
