"""What the register of experts above writes down here, so that signing in asks no further table."""

from ..models import User


def mark_expert(user: User, *, is_expert: bool) -> None:
    """Let the person act as an expert, or no more; the register above records it."""
    User.objects.filter(pk=user.pk).update(is_expert=is_expert)
    user.is_expert = is_expert
