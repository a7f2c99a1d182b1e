"""Who may publish lists and answer objections, and why not."""

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rights import holds
from innovation_voucher.casework.rules import ALLOWED, Answer

from .models import Objection, Publicity, Redemption
from .rules import involved

#: The right on a region to publish its lists and to answer what is said against them.
PUBLISH = "publish_notices"
#: What waits for a list; one that is paid without a list may still wait for its paper.
WAITING = Q(status=Redemption.State.APPROVED, snapshot__data__publicity_days__gte=1)


def may_publish(user: User, region: Region) -> Answer:
    """The right lies on the region that publishes."""
    if holds(user, PUBLISH, region):
        return ALLOWED
    return False, _("需要“发布公示”的权限，请联系本地区主管部门。")


def may_open_list(user: User, publicity: Publicity) -> Answer:
    """A draft is opened once."""
    answer = may_publish(user, publicity.region)
    if answer[0] and publicity.status != Publicity.State.DRAFT:
        return False, _("这份公示已发布，不能再改。")
    return answer


def may_answer(user: User, objection: Objection) -> Answer:
    """Somebody who neither decided on the redemption nor belongs to its parties."""
    answer = may_publish(user, objection.publicity.region)
    if answer[0] and involved(user, [objection.redemption]):
        return False, _("您审核过这件兑付，或是收款单位的成员，异议由另一人答复。")
    return answer


def may_see_objection(user: User, objection: Objection) -> bool:
    """Files given with an objection are for those who may answer there."""
    return holds(user, PUBLISH, objection.publicity.region)
