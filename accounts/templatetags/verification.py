"""Tags of the reviewer's view of a verification."""

from typing import Any

from django import template

from accounts import pages
from accounts.models import Verification

register = template.Library()


@register.simple_tag
def verification_facts(verification: Verification) -> list[dict[str, Any]]:
    """Every section with its answers, secrets masked."""
    return pages.summaries(verification)
