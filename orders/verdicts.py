"""What a scan of a voucher says: one reason code, one headline, one next step."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from accounts.memberships import joined
from accounts.models import Organization
from accounts.rules import may_act
from innovation_voucher.casework.statuses import Text
from innovation_voucher.casework.templatetags.portal import cn_datetime
from vouchers.models import Voucher
from vouchers.rules import is_frozen

from . import rules

State = Voucher.State


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`tone` is wait (blue), ok (green), warn (amber) or no (red).

    `receivable` shows the buttons, `facts` the contract; without it names are masked.
    """

    code: str
    tone: str
    headline: Text
    words: Text = ""
    receivable: bool = False
    facts: bool = False


UNKNOWN = Verdict(
    code="unknown",
    tone="no",
    headline=gettext_lazy("没有查到这张券"),
    words=gettext_lazy("券号不存在，核对 12 位券号，或重新扫码。"),
)
UNVERIFIED = Verdict(
    code="unverified",
    tone="no",
    headline=gettext_lazy("无法验证"),
    words=gettext_lazy("二维码不是本平台签发的。请企业出示电子券，或输入券号核对。"),
)
REPRINTED = Verdict(
    code="reprinted",
    tone="warn",
    headline=gettext_lazy("已重新打印，请用新券"),
    words=gettext_lazy("这张纸质券之后又重新打印过，旧的不再有效。"),
)

#: What each reason code of a scan says on the bureau's page.
REASONS: dict[str, Text] = {
    "unknown": gettext_lazy("没有查到这张券"),
    "unverified": gettext_lazy("无法验证"),
    "reprinted": gettext_lazy("旧的打印版"),
    "unreadable": gettext_lazy("没有识别出二维码"),
    "frozen": gettext_lazy("已冻结"),
    "own": gettext_lazy("持券企业查看"),
    "other_carrier": gettext_lazy("其他机构查看"),
    "genuine": gettext_lazy("公众核验为真"),
    "not_issued": gettext_lazy("还在审核"),
    "to_receive": gettext_lazy("待机构确认"),
    "received": gettext_lazy("已由机构确认"),
    "carrier_suspended": gettext_lazy("机构资质已暂停"),
    "no_role": gettext_lazy("经办权限不足"),
    **{str(state): Voucher.State(state).label for state in ("voided", "terminated", "lapsed", "refused")},
    "returned_by_carrier": gettext_lazy("机构已退回"),
}

#: States in which a voucher has ended: the state's word wins over the signature.
ENDED: dict[str, Text] = {
    State.VOIDED: gettext_lazy("此券已作废"),
    State.TERMINATED: gettext_lazy("此券已终止"),
    State.LAPSED: gettext_lazy("此券已过期"),
    State.REFUSED: gettext_lazy("此券未通过审核"),
    State.RETURNED_BY_CARRIER: gettext_lazy("此券已由机构退回"),
}


def verdict(voucher: Voucher | None, *, user: Any, version: int | None, typed: bool) -> Verdict:
    """The verdict for a person who scanned (`version` = the signature's print version) or typed a code.

    In this order: not there; ended; frozen; the signature; then what the person is to this voucher.
    """
    if voucher is None:
        return UNKNOWN
    if voucher.status in ENDED:
        return _ended(voucher)
    if is_frozen(voucher):
        return Verdict(code="frozen", tone="no", headline=_("此券已冻结"), words=_("请联系科技局了解原因。"))
    if not typed and version != voucher.print_version:
        return UNVERIFIED if version is None else REPRINTED
    return _live(voucher, user)


def _ended(voucher: Voucher) -> Verdict:
    when = cn_datetime(voucher.ended_at)
    words = _("%(when)s起不能再使用") % {"when": f"{when} "} if when else _("不能再使用")
    return Verdict(code=str(voucher.status), tone="no", headline=ENDED[voucher.status], words=words)


def _live(voucher: Voucher, user: Any) -> Verdict:
    if rules.is_member(user, voucher.carrier.organization):
        return _for_bound_carrier(voucher, user)
    if rules.is_member(user, voucher.organization):
        words = _("状态：%(state)s。由指定的服务机构扫码接收。") % {"state": voucher.get_status_display()}
        return Verdict(code="own", tone="ok", headline=_("这是本单位的券"), words=words, facts=True)
    if _is_of_a_carrier(user):
        return Verdict(
            code="other_carrier",
            tone="warn",
            headline=_("此券指定的机构不是本机构"),
            words=_("请持券企业核对；服务机构不能在用券后更换。"),
        )
    headline = _("此券为真，状态：%(state)s") % {"state": voucher.get_status_display()}
    return Verdict(code="genuine", tone="wait", headline=headline, words=_("只显示部分信息。"))


def _is_of_a_carrier(user: Any) -> bool:
    return user.is_authenticated and any(m.organization.kind == Organization.Kind.CARRIER for m in joined(user))


def _for_bound_carrier(voucher: Voucher, user: Any) -> Verdict:
    if voucher.status == State.ISSUED:
        return _to_receive(voucher, user)
    if voucher.status in (State.REQUESTED, State.RETURNED):
        return Verdict(
            code="not_issued",
            tone="warn",
            headline=_("还在审核，不能接收"),
            words=_("审核通过后再扫一次。"),
            facts=True,
        )
    return Verdict(code="received", tone="ok", headline=_("已由本机构确认"), words=received_words(voucher), facts=True)


def _to_receive(voucher: Voucher, user: Any) -> Verdict:
    allowed, reason = rules.may_receive(user, voucher)
    if allowed:
        words = _("请核对下列信息与合同一致")
        return Verdict(
            code="to_receive", tone="wait", headline=_("券有效，待您确认"), words=words, receivable=True, facts=True
        )
    mine, _why = may_act(user, voucher.carrier.organization)
    code, headline = ("carrier_suspended", _("机构资质已暂停")) if mine else ("no_role", _("券有效，待本机构确认"))
    return Verdict(code=code, tone="warn", headline=headline, words=reason, facts=True)


def received_words(voucher: Voucher) -> str:
    """When and by whom the voucher was received, empty when it was not."""
    if voucher.confirmed_at is None:
        return ""
    when = cn_datetime(voucher.confirmed_at)
    if voucher.confirmed_by is None:
        return when
    return _("%(when)s，经办人 %(who)s") % {"when": when, "who": voucher.confirmed_by}
