"""What casework must know of carriers: the recognition as a case, the roles of people, words of acts."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from accounts.memberships import joined, read_along
from accounts.models import Membership, Organization
from accounts.services.organizations import is_verified, people_of
from innovation_voucher.casework import audit, invariants, subjects, sweeps
from innovation_voucher.casework.messaging import register_kinds
from innovation_voucher.casework.statuses import register_statuses
from innovation_voucher.casework.subjects import Check, Subject
from innovation_voucher.casework.web import Role, register_viewer

from . import places, rules, services, statuses
from .models import Carrier, CarrierRecognition
from .targets import TARGETS

VERBS = {
    "carrier.opened": gettext_lazy("开通服务机构"),
    "carrier.listed": gettext_lazy("开通省级机构账号"),
    "carrier.saved": gettext_lazy("修改机构资料"),
    "offering.added": gettext_lazy("上架服务或仪器"),
    "offering.saved": gettext_lazy("修改服务或仪器"),
    "offering.listed": gettext_lazy("重新上架"),
    "offering.unlisted": gettext_lazy("下架"),
    "offering.eligibility": gettext_lazy("调整可用创新券"),
    "mutual.saved": gettext_lazy("修改互认名单"),
    "mutual.imported": gettext_lazy("导入互认名单"),
    "category.saved": gettext_lazy("修改服务类别"),
    "recognition.submitted": gettext_lazy("提交入库申请"),
    "recognition.resubmitted": gettext_lazy("补正后重新提交"),
    "recognition.withdrawn": gettext_lazy("撤回入库申请"),
    "recognition.recognized": gettext_lazy("同意入库"),
    "recognition.returned": gettext_lazy("退回补正"),
    "recognition.rejected": gettext_lazy("不予入库"),
    "recognition.suspended": gettext_lazy("暂停认可"),
    "recognition.resumed": gettext_lazy("恢复认可"),
    "recognition.ended": gettext_lazy("终止认可"),
}


def carrier_of(user: Any) -> Carrier | None:
    """The carrier for which a person acts; the first joined when there are several."""
    if not user.is_authenticated:
        return None
    found: Carrier | None = (
        Carrier.objects.filter(organization__memberships__user=user, organization__memberships__active=True)
        .select_related("organization", "region")
        .order_by("organization__memberships__pk")
        .first()
    )
    return found


def roles(user: Any) -> Iterator[Role]:
    """Parts of a person with carriers, and with organizations that registered to become one (no query of its own)."""
    for organization in (membership.organization for membership in joined(user)):
        carrier = getattr(organization, "carrier", None)
        if carrier is not None or organization.kind == Organization.Kind.CARRIER:
            name = carrier.name if carrier else organization.name
            yield Role("carrier", f"carrier:{organization.pk}", name, organization=organization, carrier=carrier)


def checks(recognition: CarrierRecognition) -> list[Check]:
    """系统核对 of an application."""
    carrier = recognition.carrier
    gaps = rules.profile_gaps(carrier)
    offered = carrier.services.filter(listed=True).count() + carrier.instruments.filter(listed=True).count()
    verified = is_verified(carrier.organization)
    inside = recognition.region.covers(carrier.region)
    return [
        Check(_("单位实名认证"), _("已通过"), _("已通过") if verified else _("未通过"), ok=verified),
        Check(_("机构资料"), _("填写完整"), _("缺%s") % "、".join(gaps) if gaps else _("完整"), ok=not gaps),
        Check(_("服务与仪器"), _("至少 1 项上架"), _("%s 项") % offered, ok=offered > 0),
        # Carriers from elsewhere are welcome in many regions: a fact to look at, no failure.
        Check(_("机构所在地"), _("本地区内"), carrier.region.full_name, ok=True if inside else None),
    ]


def _url(_recognition: CarrierRecognition) -> str:
    return reverse("carrier-cert")


def _parties(recognition: CarrierRecognition) -> list[Any]:
    return people_of(recognition.carrier.organization, roles=tuple(Membership.Role.values))


def _targets(_recognition: CarrierRecognition) -> list[tuple[str, Any]]:
    return [(key, label) for key, (label, _page) in TARGETS.items()]


def answers(recognition: CarrierRecognition) -> Iterator[tuple[Any, Any]]:
    """What the reviewer reads of the application and of the carrier behind it."""
    carrier = recognition.carrier
    yield _("机构"), carrier.name
    yield _("所在地"), f"{carrier.region.full_name} {carrier.address}"
    yield _("联系人"), f"{carrier.contact_name} {carrier.contact_phone}"
    yield _("资质"), carrier.qualifications
    yield _("申请说明"), recognition.statement
    yield _("简介"), carrier.summary
    for label, offers in ((_("服务"), carrier.services), (_("仪器"), carrier.instruments)):
        yield label, "、".join(offers.filter(listed=True).order_by("pk").values_list("title", flat=True))


def register() -> None:
    """Called once, when the app is ready."""
    audit.register_verbs(VERBS)
    register_statuses("carriers.CarrierRecognition", statuses.RECOGNITION)
    register_statuses("carriers.Service", statuses.OFFERING)
    register_statuses("carriers.Instrument", statuses.OFFERING)
    register_kinds({"recognition": gettext_lazy("机构入库")})
    read_along("organization__carrier__region")
    register_viewer(roles)
    for name, check in places.CHECKS.items():
        invariants.register(name, check)
    for sweep in places.SWEEPS:
        sweeps.register(sweep)
    subjects.register(
        Subject(
            model=CarrierRecognition,
            key="carrier",
            label=gettext_lazy("机构入库"),
            approve=services.recognize,
            return_=services.return_recognition,
            reject=services.reject,
            may_see=rules.may_see,
            facts_template="carriers/_recognition_facts.html",
            checks=checks,
            parties=_parties,
            targets=_targets,
            answers=answers,
            region=lambda recognition: recognition.region,
            url=_url,
            withdraw=services.withdraw_recognition,
        )
    )
