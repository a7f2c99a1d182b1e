"""What the bureau can pin a return to, and the page on which the carrier mends it."""

from django.utils.translation import gettext_lazy as _

TARGETS = {
    "statement": (_("申请说明"), "carrier-cert"),
    "profile": (_("机构资料"), "carrier-profile"),
    "items": (_("服务与仪器"), "carrier-items"),
}
