"""What a carrier has to do before it is recognized, and which regions it can ask."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from innovation_voucher.casework import audit, reviews
from innovation_voucher.casework.audit import TimelineEntry
from innovation_voucher.casework.models import Office, Region

from . import rules
from .models import Carrier, CarrierRecognition
from .targets import TARGETS

#: More regions are not drawn at once; the search narrows them.
MOST_REGIONS = 60
DECIDING = (Office.Kind.BUREAU, Office.Kind.PROVINCE)


def tasks_of(carrier: Carrier) -> list[dict[str, Any]]:
    """The three steps with their state, as the task list component wants them."""
    gaps = rules.profile_gaps(carrier)
    offered = carrier.services.filter(listed=True).exists() or carrier.instruments.filter(listed=True).exists()
    asked = carrier.recognitions.filter(status__in=rules.LIVE).exists()
    return [
        {
            "title": _("填写机构资料"),
            "url": reverse("carrier-profile"),
            "done": not gaps,
            "hint": _("还缺%s") % "、".join(gaps) if gaps else "",
        },
        {"title": _("上架服务或仪器"), "url": reverse("carrier-items"), "done": offered, "hint": _("至少一项")},
        {
            "title": _("向地区申请入库"),
            "url": "" if gaps else reverse("carrier-apply"),
            "done": asked,
            "hint": _("认可的地区及其下辖地区的企业可以用券"),
            "tag": _("资料填写完整后可申请") if gaps else "",
        },
    ]


def open_regions() -> QuerySet[Region]:
    """Regions in which an office sits that can decide."""
    return Region.objects.filter(offices__kind__in=DECIDING).distinct().order_by("path")


def near_regions(carrier: Carrier) -> QuerySet[Region]:
    """Those above the carrier's address and those beside it in the same city."""
    city = "/".join(carrier.region.ancestor_codes[:2]) + "/"
    near = Q(code__in=carrier.region.ancestor_codes) | Q(path__startswith=city)
    return open_regions().filter(near)[:MOST_REGIONS]


def found_regions(words: str) -> QuerySet[Region]:
    """Those whose full name holds the words."""
    return open_regions().filter(full_name__contains=words)[:MOST_REGIONS]


def returned(recognition: CarrierRecognition) -> list[dict[str, Any]]:
    """What the bureau wants mended, each with the page on which it is done."""
    found = []
    for target, items in reviews.returned_items(recognition).items():
        label, page = TARGETS.get(target, (_("其他"), "carrier-profile"))
        url = "#id_statement" if target == "statement" else reverse(page)
        found += [{"label": label, "words": item.words, "url": url} for item in items]
    return found


def history(recognition: CarrierRecognition) -> list[TimelineEntry]:
    """What happened to the application, newest first."""
    return audit.timeline(recognition)
