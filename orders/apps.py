from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("订单")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the floors below what orders are and what they show on the first pages."""
        from . import panels, subjects  # noqa: PLC0415  models are loaded only now

        subjects.register()
        panels.register()
