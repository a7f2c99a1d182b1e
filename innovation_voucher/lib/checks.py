"""Conditions that several tables promise alike."""

from django.db.models import CheckConstraint, Q


def whole_pair(stem: str, table: str) -> CheckConstraint:
    """`<stem>_at` and `<stem>_by` are both empty or both filled."""
    return CheckConstraint(
        condition=Q(**{f"{stem}_by__isnull": True, f"{stem}_at__isnull": True})
        | Q(**{f"{stem}_by__isnull": False, f"{stem}_at__isnull": False}),
        name=f"{table}_{stem}_pair",
    )
