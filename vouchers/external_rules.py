"""What may be imported of another platform's grants, by whom and for whom."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organization
from innovation_voucher.casework import rights
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import ALLOWED, Answer

from .external_rows import ExternalFacts
from .models import Claim, Programme
from .models.parameters import Channel, ClaimMode
from .policy import Policy, plain

#: Who decides about claims in a region, imports them too.
RIGHT = "review_claim"


def is_elsewhere(policy: Policy) -> bool:
    """Whether quota is asked for on another platform."""
    return policy.claim_mode == ClaimMode.EXTERNAL or policy.claim_channel not in (None, Channel.PORTAL)


def is_external(policy: Policy, programme: Programme) -> Answer:
    """Whether the results of another platform are imported for the programme in this region."""
    if policy.claim_mode == ClaimMode.EXTERNAL or policy.claim_channel == Channel.EXTERNAL:
        return ALLOWED
    return False, _("%(programme)s在该地区由本平台受理申领，不导入其他平台的结果") % {"programme": programme.name}


def may_import(user: Any, region: Region) -> Answer:
    """Whether the person imports results for the region."""
    if rights.holds(user, RIGHT, region):
        return ALLOWED
    who = "、".join(office.name for office in rights.offices_with(RIGHT, region)[:3])
    return False, _("其他平台的申领结果由%(who)s导入") % {"who": who or region.name}


def nobody_words(region: Region, code: str) -> str:
    """What is said of a code that no organization of the region has; who is elsewhere is as unknown as nobody."""
    words = _("%(region)s没有统一社会信用代码为 %(code)s 的单位；核对代码，或请该单位先在本平台注册")
    return words % {"region": region.name, "code": code}


def has_name(organization: Organization, facts: ExternalFacts) -> Answer:
    """Whether the name, where one is given, is one that the organization has or had."""
    known = {organization.name, *organization.former_names.values_list("name", flat=True)} if facts.name else set()
    if not facts.name or facts.name in known:
        return ALLOWED
    return False, _("单位名称与本平台登记的不一致，核对代码和名称")


def is_dated(facts: ExternalFacts, programme: Programme, day: date) -> Answer:
    """Whether it was granted while the programme was open."""
    if programme.opens_on <= facts.approved_on <= day:
        return ALLOWED
    return False, _("核定日期须在 %(start)s 至 %(end)s 之间") % {"start": programme.opens_on, "end": day}


def is_the_same(claim: Claim, facts: ExternalFacts) -> Answer:
    """Whether what was imported under the number before says the same."""
    said = (claim.organization.credit_code, claim.asked, claim.external_on)
    if said == (facts.credit_code, facts.amount, facts.approved_on):
        return ALLOWED
    words = _("申领编号 %(number)s 已导入为 %(amount)s 元，内容与这次不同；核对编号，需要收回时由科技局办理")
    return False, words % {"number": facts.external_number, "amount": plain(claim.asked)}
