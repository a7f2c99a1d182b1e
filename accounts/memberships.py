"""What a person belongs to: read once a request, with all that their pages look at."""

from typing import Any

from django.db.models import Exists, OuterRef

from innovation_voucher.casework import memo, messaging
from innovation_voucher.casework.models import Office

from .models import Membership, Organization

_with = ["organization__region", "organization__bureau"]


def read_along(*relations: str) -> None:
    """Let an upper app have its rows of the organization come with the membership; called in `ready()`."""
    _with.extend(relations)


def joined(user: Any) -> list[Membership]:
    """The person's active memberships with their organizations, in the order of joining (one query a request)."""
    return memo.asked(("joined", user.pk), lambda: _read(user))


def _read(user: Any) -> list[Membership]:
    desk = Office.objects.filter(group__user=OuterRef("user"))
    found = Membership.objects.filter(user=user, active=True).annotate(at_desk=Exists(desk))
    return messaging.with_unread(found.select_related(*_with).order_by("pk"), user)


def roles_in(user: Any, organization: Organization) -> set[str]:
    """The roles that the person has in the organization; empty for a stranger."""
    if memo.is_kept():
        return {row.role for row in joined(user) if row.organization_id == organization.pk}
    held = Membership.objects.filter(user=user, organization=organization, active=True)
    return set(held.values_list("role", flat=True))


def sits_at_no_desk(user: Any) -> bool:
    """Whether the memberships told that the person sits in no office; False when there are none to tell."""
    rows = joined(user)
    return bool(rows) and not getattr(rows[0], "at_desk", True)
