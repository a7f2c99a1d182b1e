from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from innovation_voucher.checks import demo_mode_is_off


class PortalConfig(AppConfig):
    """The top floor: it has no models, only pages, commands and checks."""

    name = "innovation_voucher"
    verbose_name = _("科技创新券平台")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        checks.register(demo_mode_is_off, checks.Tags.security, deploy=True)
