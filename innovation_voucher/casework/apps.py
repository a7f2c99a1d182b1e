from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "innovation_voucher.casework"
    verbose_name = _("办理")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the shared floor itself does and says."""
        from . import names, registrations  # noqa: PLC0415  models are loaded only now

        registrations.register()
        names.name_fields()
