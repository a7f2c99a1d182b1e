"""Where a carrier counts, and who may do what with it. Answers are (allowed, reason)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, CharField, Exists, ExpressionWrapper, F, OuterRef, Value, When
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.rules import may_act
from innovation_voucher.casework import memo
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rights import holds
from innovation_voucher.casework.rules import ALLOWED, Answer

from .models import Carrier, CarrierRecognition, Instrument, Service
from .mutual import is_mutual

State = CarrierRecognition.State
Bookable = Carrier | Service | Instrument
RIGHT = "review_recognition"
#: How `Carrier.standings` says that a region takes the carrier by a mutual list.
MUTUAL = "mutual"
#: States in which a region still has business with a carrier; one per carrier and region.
LIVE = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.RECOGNIZED, State.SUSPENDED)


def standing_in(carrier: Carrier, region: Region) -> str:
    """`recognized`, `suspended` or empty: what the region and those above it say (one query a request).

    One recognition is enough: a county's suspension does not undo what its province recognizes.
    """
    return memo.asked(("standing", carrier.pk, region.path), lambda: _read_standing(carrier, region))


def standing_of(carrier: str, path: str) -> Case:
    """`standing_in` as a column, for rows whose carrier and region path are these; tell `know_standing` then."""
    covering = CarrierRecognition.objects.annotate(there=ExpressionWrapper(OuterRef(path), CharField())).filter(
        carrier=OuterRef(carrier), there__startswith=F("region__path")
    )
    states = (State.RECOGNIZED, State.SUSPENDED)
    return Case(
        *(When(Exists(covering.filter(status=state)), then=Value(str(state))) for state in states), default=Value("")
    )


def know_standing(carrier: Carrier, region: Region, standing: str) -> None:
    """Spare this request the question that another reading has answered."""
    memo.keep(("standing", carrier.pk, region.path), standing)


def _read_standing(carrier: Carrier, region: Region) -> str:
    covering = carrier.recognitions.filter(
        region__code__in=region.ancestor_codes, status__in=(State.RECOGNIZED, State.SUSPENDED)
    )
    return strongest(covering.values_list("status", flat=True))


def strongest(states: Iterable[str]) -> str:
    """What several regions above one another say together."""
    found = set(states)
    return next((str(state) for state in (State.RECOGNIZED, State.SUSPENDED, MUTUAL) if state in found), "")


def recognized_in(carrier: Carrier, region: Region) -> bool:
    """Whether enterprises of the region may use vouchers there; suspended does not count."""
    return standing_in(carrier, region) == State.RECOGNIZED


def bookable(item: Bookable, region: Region, *, mutual: bool = False) -> Answer:
    """Whether an enterprise of the region may book the item with a voucher, and if not, why.

    `mutual`: the scheme also takes carriers of the lists that the region recognizes with others.
    """
    carrier = item if isinstance(item, Carrier) else item.carrier
    if not isinstance(item, Carrier):
        answer = offered(item)
        if not answer[0]:
            return answer
    standing = standing_in(carrier, region)
    if mutual and not standing:
        if is_mutual(carrier, region):
            return ALLOWED
        return False, _("%(region)s没有认可该机构，它也不在互认名单上，不能用券预约") % {"region": region.name}
    return standing_answer(standing, region)


def offered(item: Service | Instrument) -> Answer:
    """Whether the item itself can be had with a voucher, wherever the enterprise sits."""
    if not item.listed:
        return False, _("该项目已下架，不能预约；可在机构页查看其他项目")
    if not item.voucher_eligible:
        return False, _("该项目不在创新券支持范围内，可自费预约")
    return ALLOWED


def standing_answer(standing: str, region: Region) -> Answer:
    """The sentence for what `standing_in` found, or `Carrier.standings` says."""
    if standing in (State.RECOGNIZED, MUTUAL):
        return ALLOWED
    if standing == State.SUSPENDED:
        return False, _("%(region)s已暂停认可该机构，恢复前不能用券预约") % {"region": region.name}
    return False, _("%(region)s尚未认可该机构，不能用券预约") % {"region": region.name}


# --- The carrier's people -------------------------------------------------------------------


def may_manage(user: Any, carrier: Carrier) -> Answer:
    """Profile, services, instruments and applications: the organization's owner and handlers."""
    return may_act(user, carrier.organization)


def profile_gaps(carrier: Carrier) -> list[str]:
    """What the profile lacks before a region may be asked; empty when it is complete."""
    wanted = {
        _("机构简介"): carrier.summary,
        _("联系人"): carrier.contact_name,
        _("联系电话"): carrier.contact_phone,
        _("地址"): carrier.address,
    }
    return [label for label, value in wanted.items() if not value.strip()]


def may_apply(carrier: Carrier, region: Region) -> Answer:
    """Whether the carrier may ask this region: complete profile, nothing live, not covered already."""
    gaps = profile_gaps(carrier)
    if gaps:
        return False, _("机构资料还缺%(gaps)s，补全后再提交入库") % {"gaps": "、".join(gaps)}
    live = carrier.recognitions.filter(region=region, status__in=LIVE).first()
    if live is not None:
        return False, _("%(region)s已有一份入库申请（%(state)s），不用重复提交") % {
            "region": region.name,
            "state": live.get_status_display(),
        }
    if recognized_in(carrier, region):
        return False, _("上级地区已认可本机构，%(region)s的企业已可用券预约") % {"region": region.name}
    return ALLOWED


def may_resubmit(recognition: CarrierRecognition) -> Answer:
    """A returned application may be handed in again."""
    return _in_state(recognition, State.RETURNED)


def may_withdraw(recognition: CarrierRecognition) -> Answer:
    """An application may be taken back until it is decided."""
    return _in_state(recognition, State.DRAFT, State.SUBMITTED, State.RETURNED)


# --- The bureau -----------------------------------------------------------------------------


def may_see(user: Any, recognition: CarrierRecognition) -> bool:
    """Members of the carrier, and offices that review or view cases of the region."""
    if may_act(user, recognition.carrier.organization, roles=Membership.Role.values)[0]:
        return True
    return any(holds(user, right, recognition.region) for right in (RIGHT, "view_cases"))


def may_decide(user: Any, recognition: CarrierRecognition) -> Answer:
    """Suspending, resuming and ending belong to whoever reviews recognitions of the region."""
    return may_decide_in(user, recognition.region)


def may_decide_in(user: Any, region: Region) -> Answer:
    """Whether the person reviews recognitions of the region."""
    if holds(user, RIGHT, region):
        return ALLOWED
    return False, _("此事由%(region)s科技主管部门中有“审核机构入库”权限的人员办理") % {"region": region.name}


def may_suspend(recognition: CarrierRecognition) -> Answer:
    """Only what is recognized can be suspended."""
    return _in_state(recognition, State.RECOGNIZED)


def may_resume(recognition: CarrierRecognition) -> Answer:
    """Only what is suspended can be resumed."""
    return _in_state(recognition, State.SUSPENDED)


def may_end(recognition: CarrierRecognition) -> Answer:
    """What is recognized or suspended can be ended, for good."""
    return _in_state(recognition, State.RECOGNIZED, State.SUSPENDED)


def _in_state(recognition: CarrierRecognition, *states: str) -> Answer:
    if recognition.status in states:
        return ALLOWED
    return False, _("%(region)s的入库现在是“%(state)s”，不能办理这一步，刷新页面查看最新进展") % {
        "region": recognition.region.name,
        "state": recognition.get_status_display(),
    }
