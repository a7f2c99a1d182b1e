"""The programmes among which an organization chooses before it claims."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Organization

from .models import Programme
from .models.parameters import ClaimMode
from .resolve import programme_for
from .services import standing


@dataclass(frozen=True)
class Choice:
    """One of several programmes that are open for an organization."""

    programme: Programme
    reviewed: bool
    refusal: str
    url: str


def choices(organization: Organization) -> list[Choice]:
    """Every open programme with how claims go there, and why not where it does not fit."""
    found = []
    for programme in programme_for(organization):
        stands = standing(organization, programme)
        url = f"{reverse('ent-claim-new')}?programme={programme.pk}"
        found.append(Choice(programme, stands.policy.claim_mode == ClaimMode.REVIEWED, stands.refusal, url))
    return found
