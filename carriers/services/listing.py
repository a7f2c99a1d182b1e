"""A province opens the account of a carrier that it lists itself."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.services import organization_of, register
from innovation_voucher.casework import audit, messaging
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Office, Region
from innovation_voucher.casework.rules import require

from .. import rules
from ..models import Carrier
from .profiles import open_profile
from .recognitions import recognize_directly


@transaction.atomic
def list_carrier(
    province: Region, *, data: Mapping[str, Any], by: Any, office: Office | None = None, reason: str
) -> Carrier:
    """Organization, its first person, its profile and the province's recognition, in one piece.

    `data`: place (Region), name, credit_code, summary, address, person_name, phone (E.164), email.
    Nobody learns a password: the person sets one by an SMS code, as who has forgotten it.
    Raises NotAllowed, Refused for what is no province or lies outside it, and accounts' Taken.
    """
    require(rules.may_decide_in(by, province), NotAllowed)
    if province.level != Region.Level.PROVINCE:
        raise Refused(_("省级机构由省级主管部门开通，其他机构自行注册后向当地申请入库"))
    if not province.covers(data["place"]):
        raise Refused(_("所在地不在%s内，另选一个地区") % province.name, "place")
    owner = register(
        kind="carrier",
        region=data["place"],
        name=data["name"],
        credit_code=data["credit_code"],
        person_name=data["person_name"],
        phone=data["phone"],
        email=data["email"],
        password=secrets.token_urlsafe(48),
        consents={},
    )
    organization = organization_of(owner)
    if organization is None:
        raise LookupError(f"{owner} was registered without an organization")
    profile = {
        "summary": data["summary"],
        "address": data["address"],
        "contact_name": data["person_name"],
        "contact_phone": data["phone"],
    }
    carrier = open_profile(organization, by=owner, data=profile)
    recognize_directly(carrier, province, by=by, office=office, reason=reason)
    audit.record("carrier.listed", carrier, by=by, office=office, region=province, reason=reason)
    _welcome(carrier, owner, province)
    return carrier


def _welcome(carrier: Carrier, owner: Any, province: Region) -> None:
    """How the person comes in; neither a password nor a link to one goes by mail or SMS."""
    messaging.notify(
        [owner],
        kind="recognition",
        title=_("%s已为本机构开通账号并认可入库") % province.name,
        body=_("在登录页点“忘记密码”，用本手机号收取验证码并设置密码，登录后上架服务和仪器。"),
        link=reverse("carrier-items"),
        sms=_("【创新券】%(region)s已为贵单位开通服务机构账号，在登录页点“忘记密码”用本手机号设置密码后登录")
        % {"region": province.name},
        dedupe=f"carrier.listed:{carrier.pk}",
    )
