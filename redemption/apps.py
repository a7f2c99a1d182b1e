from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RedemptionConfig(AppConfig):
    name = "redemption"
    verbose_name = _("兑付与结算")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make acts, states, the review subject, checks and panels known to the floors below."""
        from . import registrations  # noqa: PLC0415  models are loaded only now

        registrations.register()
