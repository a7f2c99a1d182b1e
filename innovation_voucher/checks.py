"""What must not go on line."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def demo_mode_is_off(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001 - signature of a check
    """Demo accounts have public passwords, so `check --deploy` fails while they may exist."""
    if not settings.DEMO_MODE:
        return []
    return [
        Error(
            "DEMO_MODE is on.",
            hint="Set DEMO_MODE=0 and start from an empty database.",
            id="innovation_voucher.E001",
        )
    ]
