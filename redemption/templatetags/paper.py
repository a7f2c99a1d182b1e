"""Where the signed paper of a redemption stands, for both sides."""

from typing import Any

from django import template

from ..models import Redemption
from ..paper_rules import asks_paper, is_expected

register = template.Library()


@register.inclusion_tag("redemption/_paper.html")
def paper(redemption: Redemption, *, desk: bool = False) -> dict[str, Any]:
    """The box about the paper; nothing where the scheme wants none."""
    expected = is_expected(redemption)[0]
    return {"redemption": redemption, "asked": asks_paper(redemption), "expected": expected, "desk": desk}
