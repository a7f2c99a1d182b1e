from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VouchersConfig(AppConfig):
    name = "vouchers"
    verbose_name = _("创新券与额度")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make states, acts, checks and panels known to the floors below."""
        from . import registrations  # noqa: PLC0415  models are loaded only now

        registrations.register()
