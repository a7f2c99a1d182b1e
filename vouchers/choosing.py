"""The programmes among which an organization chooses before it claims."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from accounts.models import Organization

from .claim_rules import goes_by_draft, is_at_once
from .external_rules import is_elsewhere
from .models import Programme
from .policy import ClassSpec, Policy
from .resolve import policy_of, programme_for, snapshot
from .services import Standing, standing


@dataclass(frozen=True)
class Choice:
    """One of several programmes that are open for an organization."""

    programme: Programme
    reviewed: bool
    stamped: bool
    refusal: str
    url: str
    elsewhere: bool


@dataclass(frozen=True)
class ClassOption:
    """One of several qualifications with which an organization may claim."""

    row: ClassSpec
    at_once: bool
    cap: Decimal | None
    url: str


def class_options(found: Standing) -> list[ClassOption]:
    """Every qualification with what it brings and how it is decided."""
    base = f"{reverse('ent-claim-new')}?programme={found.programme.pk}"
    return [
        ClassOption(row, is_at_once(policy), policy.cap_year, f"{base}&class={row.key}")
        for row in found.options
        for policy in (_policy(found, row.key),)
    ]


def _policy(found: Standing, class_key: str) -> Policy:
    return policy_of(snapshot(found.programme, found.organization.region, class_key=class_key, day=found.day))


def choices(organization: Organization) -> list[Choice]:
    """Every open programme with how claims go there, and why not where it does not fit."""
    found = []
    for programme in programme_for(organization):
        stands = standing(organization, programme)
        url = f"{reverse('ent-claim-new')}?programme={programme.pk}"
        policy = stands.policy
        reviewed, stamped = goes_by_draft(policy), bool(policy.stamped_form)
        found.append(Choice(programme, reviewed, stamped, stands.refusal, url, is_elsewhere(policy)))
    return found
