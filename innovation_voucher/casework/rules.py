"""What a rule answers, and the rules of review chains."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from . import memo, rights
from .errors import Refused
from .models import ChainStep, Interest, Office, Panel, PanelSeat, ReviewCase, ReviewTask
from .subjects import subject_of

#: Whether it is allowed, and the reason when it is not: shown beside the button, raised by the verb.
Answer = tuple[bool, str]
ALLOWED: Answer = (True, "")


def require(answer: Answer, error: type[Refused] = Refused) -> None:
    """Raise the reason of a rule that said no."""
    allowed, reason = answer
    if not allowed:
        raise error(reason)


def who_can(task: ReviewTask) -> str:
    """Names of the offices that may decide the task, for the page that says no."""
    offices = rights.offices_with(task.step.right, task.region).filter(kind=task.step.office_kind)
    return "、".join(office.name for office in offices[:3]) or task.step.get_office_kind_display()


def has_right(user: Any, task: ReviewTask, office: Office | None = None, reach: rights.Reach | None = None) -> Answer:
    """A task is for people with the step's right there who sit in an office of the step's kind.

    `office` is the one they act for now; without it any of theirs counts. A page passes the rights
    that it has read already as `reach`.
    """
    mine = [office] if office else list(rights.offices_of(user))
    granted = rights.reach(user) if reach is None else reach
    if any(o.kind == task.step.office_kind for o in mine) and rights.covers(granted, task.step.right, task.region):
        return ALLOWED
    return False, _("这一步由%(who)s办理，您可以查看，不能办理。") % {"who": who_can(task)}


def is_independent(user: Any, case: ReviewCase, task: ReviewTask) -> Answer:
    """Four eyes: not a case of one's own side, and not two parts in one case, as an expert or at a step."""
    own = [case.submitted_by, *_parties(case)]
    if user in own:
        return False, _("这是您本单位的申请，须由其他人办理。")
    if has_interest(user, case):
        return False, _("您已申请回避此件，须由其他人办理。")
    if any(done.decided_by_id == user.pk and done.step_id != task.step_id for done in case.tasks.all()):
        return False, _("您已办理过此件的另一步骤，这一步须由其他人办理。")
    if has_seat(user, case):
        return False, _("您是此件的评审专家，审核须由其他人办理。")
    return ALLOWED


def has_interest(user: Any, case: ReviewCase) -> bool:
    """Whether the person declared an interest in the case."""
    return bool(part_in(user, case)["avoided"])


def has_seat(user: Any, case: ReviewCase) -> bool:
    """Whether the person scores the case as an expert, or has done so, at any step.

    Whose seat was given to somebody else has no part in it.
    """
    return bool(part_in(user, case)["seated"])


def part_in(user: Any, case: ReviewCase) -> dict[str, bool]:
    """What keeps the person from deciding: asked once a request (one query)."""
    rows: Any = ReviewCase.objects.filter(pk=case.pk).values(**part_of(user.pk, "pk"))
    return memo.asked(("part", case.pk, user.pk), lambda: dict(rows.get()))


def part_of(user: int | None, case: str) -> dict[str, Exists]:
    """`avoided` and `seated` of a user as columns of rows whose `case` names the case."""
    seats = PanelSeat.objects.filter(panel__case=OuterRef(case), user=user)
    return {
        "avoided": Exists(Interest.objects.filter(case=OuterRef(case), user=user)),
        "seated": Exists(seats.exclude(status=PanelSeat.State.REPLACED)),
    }


def _parties(case: ReviewCase) -> Iterable[Any]:
    return subject_of(case).parties(case.subject)


def is_free(user: Any, task: ReviewTask, now: datetime | None = None) -> Answer:
    """Nobody else holds the task at this moment."""
    if held_by_other(user, task, now):
        until = timezone.localtime(task.held_until).strftime("%H:%M")
        return False, _("%(who)s正在办理此件，%(until)s 后可由您办理。") % {"who": task.holder, "until": until}
    return ALLOWED


def held_by_other(user: Any, task: ReviewTask, now: datetime | None = None) -> bool:
    """Whether a soft lock of another person is still alive."""
    alive = task.held_until is not None and task.held_until > (now or timezone.now())
    return alive and task.holder_id not in (None, user.pk)


def may_decide(user: Any, task: ReviewTask, office: Office | None = None, reach: rights.Reach | None = None) -> Answer:
    """All rules of deciding at once, for the page beside the buttons."""
    answer = has_right(user, task, office, reach)
    answer = is_independent(user, task.case, task) if answer[0] else answer
    return is_free(user, task) if answer[0] else answer


def may_agree_in_bulk(task: ReviewTask) -> Answer:
    """Agreeing without opening the case is for those that pass every check and ask for no amount to be set."""
    bad = task.case.checks_bad
    if bad:
        return False, _("有 %(n)s 项核对未通过，打开此件办理。") % {"n": bad}
    if task.step.panel:
        return False, _("这一步须先有专家评审意见，打开此件办理。")
    subject = subject_of(task.case)
    if (task.step.may_lower and task.case.amount is None) or (
        subject.lines and len(subject.lines(task.case.subject)) > 1
    ):
        return False, _("须逐项核定金额，打开此件办理。")
    return ALLOWED


def may_look(case: ReviewCase, office: Office | None, reach: rights.Reach) -> Answer:
    """Whether people of the office read the case: a step of it is theirs, or they view all there."""
    if rights.covers(reach, "view_cases", case.region):
        return ALLOWED
    tasks = list(case.tasks.all())
    if any(has_part(office, reach, task) for task in tasks):
        return ALLOWED
    return False, _("此件由%(who)s办理。") % {"who": who_can(tasks[-1])}


def may_recuse(case: ReviewCase, office: Office | None, reach: rights.Reach) -> Answer:
    """Keeping away is for offices with a step in the case, while it is under way."""
    if case.status not in (ReviewCase.State.OPEN, ReviewCase.State.RETURNED):
        return False, _("此件已办结，不用申请回避。")
    if any(has_part(office, reach, task) for task in case.tasks.all()):
        return ALLOWED
    return False, _("此件不由您所在的机构办理，不用申请回避。")


def has_part(office: Office | None, reach: rights.Reach, task: ReviewTask) -> bool:
    """Whether the office's people, with these rights, may take the task's step."""
    kind = office.kind if office else ""
    return task.step.office_kind == kind and rights.covers(reach, task.step.right, task.region)


def in_reach(case: ReviewCase, reach: rights.Reach) -> bool:
    """Whether the person has any right where the case lies; otherwise it does not exist for them."""
    return rights.covers_any(reach, case.region)


def may_agree(case: ReviewCase, step: ChainStep, amount: Decimal | None, reason: str) -> Answer:
    """Whether a step may agree to this amount (yuan): never more than asked, less only with a reason."""
    if amount is None or amount == case.amount:
        return ALLOWED
    if case.amount is None:
        return False, _("这项申请没有金额，不用填写核定金额。")
    if amount > case.amount:
        return False, _("核定金额最多 %(most)s 元，不能高于申请金额。") % {"most": f"{case.amount:,.2f}"}
    if not step.may_lower:
        return False, _("这一步不能核减金额，金额应为 %(asked)s 元。") % {"asked": f"{case.amount:,.2f}"}
    if amount <= 0:
        return False, _("核定金额须大于 0 元；全部不同意时选“不予通过”。")
    return (True, "") if reason else (False, _("写明核减金额的理由。"))


def panel_has_spoken(task: ReviewTask) -> Answer:
    """A step of experts is agreed to or refused after their scores were summed up."""
    if not task.step.panel or Panel.objects.filter(task=task, status=Panel.State.CONCLUDED).exists():
        return ALLOWED
    return False, _("这一步须先抽取专家评审并写汇总意见，再作决定。")
