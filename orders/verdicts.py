"""What a scan of a voucher says: one reason code, one headline, one next step."""

from dataclasses import dataclass

from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import User
from accounts.rules import may_act, may_see_organization
from carriers.rules import recognized_in
from innovation_voucher.casework.statuses import Text
from vouchers.models import Voucher


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`tone` is wait (blue), ok (green), warn (amber) or no (red); `receivable` shows the button."""

    code: str
    tone: str
    headline: Text
    words: Text = ""
    receivable: bool = False
    facts: bool = False


UNKNOWN = Verdict(
    code="unknown",
    tone="no",
    headline=gettext_lazy("券号不存在"),
    words=gettext_lazy("核对 12 位券号。字母 O 和数字 0、字母 I 和数字 1 会自动识别。"),
)
UNVERIFIED = Verdict(
    code="unverified",
    tone="no",
    headline=gettext_lazy("无法验证"),
    words=gettext_lazy("二维码与本平台签发的不一致。请让企业出示电子券，或输入券号核对。"),
)
REPRINTED = Verdict(
    code="reprinted",
    tone="warn",
    headline=gettext_lazy("已重新打印，请用新券"),
    words=gettext_lazy("这张纸质券之后又重新打印过，旧券不再有效。"),
)

#: States in which a voucher has ended: the state's word wins over the signature.
ENDED: dict[str, tuple[str, Text]] = {
    Voucher.State.VOIDED: ("voided", gettext_lazy("已作废")),
    Voucher.State.TERMINATED: ("terminated", gettext_lazy("已终止")),
    Voucher.State.LAPSED: ("lapsed", gettext_lazy("已过期")),
    Voucher.State.REFUSED: ("refused", gettext_lazy("未通过审核")),
    Voucher.State.RETURNED_BY_CARRIER: ("returned_by_carrier", gettext_lazy("机构已退回")),
}


def verdict(voucher: Voucher | None, *, user: User | None, version: int | None, typed: bool) -> Verdict:
    """The verdict for a person who scanned (`version` = the signature's print version) or typed a code.

    Order: not there; ended; frozen; the signature; then what the person is to this voucher.
    """
    if voucher is None:
        return UNKNOWN
    if voucher.status in ENDED:
        return _ended(voucher)
    if voucher.frozen_reason:
        return Verdict(code="frozen", tone="no", headline=_("已冻结"), words=_("请联系科技局了解原因。"))
    if not typed and version is None:
        return UNVERIFIED
    if not typed and version != voucher.print_version:
        return REPRINTED
    return _live(voucher, user)


def _ended(voucher: Voucher) -> Verdict:
    code, headline = ENDED[Voucher.State(voucher.status)]
    return Verdict(code=code, tone="no", headline=headline, words=voucher.end_reason, facts=False)


def _live(voucher: Voucher, user: User | None) -> Verdict:
    if user is not None and may_see_organization(user, voucher.carrier.organization):
        return _for_bound_carrier(voucher, user)
    if user is not None and _is_of_a_carrier(user):
        return Verdict(
            code="other_carrier",
            tone="warn",
            headline=_("此券指定的机构不是本机构"),
            words=_("指定机构：%(name)s") % {"name": voucher.carrier_name},
        )
    return Verdict(code="genuine", tone="ok", headline=_("真券"), words=voucher.get_status_display())


def _is_of_a_carrier(user: User) -> bool:
    return user.memberships.filter(active=True, organization__kind="carrier").exists()


def _for_bound_carrier(voucher: Voucher, user: User) -> Verdict:
    if voucher.status == Voucher.State.ISSUED:
        return _to_receive(voucher, user)
    if voucher.status == Voucher.State.REQUESTED:
        return Verdict(code="not_issued", tone="warn", headline=_("还在审核，不能接收"), facts=True)
    return Verdict(
        code="received",
        tone="ok",
        headline=_("已由本机构确认"),
        words=received_words(voucher),
        facts=True,
    )


def _to_receive(voucher: Voucher, user: User) -> Verdict:
    if not recognized_in(voucher.carrier, voucher.region):
        return Verdict(
            code="carrier_suspended",
            tone="warn",
            headline=_("机构资质已暂停"),
            words=_("所在地区暂停了本机构的入库资格，恢复后才能接收。"),
            facts=True,
        )
    allowed, reason = may_act(user, voucher.carrier.organization)
    return Verdict(
        code="to_receive",
        tone="wait",
        headline=_("券有效，待您确认"),
        words="" if allowed else reason,
        receivable=allowed,
        facts=True,
    )


def received_words(voucher: Voucher) -> str:
    """When and by whom the voucher was received, empty when it was not."""
    if voucher.confirmed_at is None:
        return ""
    return _("%(who)s 已确认") % {"who": voucher.confirmed_by}
