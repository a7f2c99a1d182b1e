"""Whom to tell in an organization."""

from .models import Organization, User
from .rules import WRITERS


def people_of(organization: Organization, *, roles: tuple[str, ...] = WRITERS) -> list[User]:
    """Active people with one of the roles, in the order of joining (one query)."""
    members = organization.memberships.filter(active=True, role__in=roles, user__is_active=True)
    return [member.user for member in members.select_related("user").order_by("pk")]
