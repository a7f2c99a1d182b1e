from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("账户与单位")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what this floor does and says."""
        from . import registrations  # noqa: PLC0415  models are loaded only now

        registrations.register()
