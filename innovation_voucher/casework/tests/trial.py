"""A subject of the tests' own: an office asks to be confirmed, and its address says what came of it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model

from innovation_voucher.casework import reviews, rights
from innovation_voucher.casework.models import Chain, ChainStep, Office, Region, ReviewCase, ReviewTask
from innovation_voucher.casework.subjects import Check, Subject
from innovation_voucher.tests import cast

RIGHT = "review_claim"
KEY = "trial"

CHECKS = [Check("编号已登记", found="是"), Check("金额与合同一致", expected="20,000.00", found="18,000.00", ok=False)]


def _say(obj: Office, words: str) -> None:
    Office.objects.filter(pk=obj.pk).update(address=words)


def approve(obj: Office, *, by: Any, office: Any, amount: Decimal | None, reason: str) -> None:
    _say(obj, f"approved {amount}")


def return_(obj: Office, *, by: Any, office: Any, items: Sequence[tuple[str, str]], due: date, reason: str) -> None:
    _say(obj, f"returned {len(items)}")


def reject(obj: Office, *, by: Any, office: Any, reason: str) -> None:
    _say(obj, f"rejected {reason}")


def expire(obj: Office, *, act: str) -> None:
    reviews.expire(obj)


def said(obj: Office) -> str:
    """What the subject's verbs have written."""
    return Office.objects.values_list("address", flat=True).get(pk=obj.pk)


def people(obj: Office) -> list[Any]:
    """The applicant's side: the members of the office under review."""
    return list(get_user_model().objects.filter(groups=obj.group_id))


def may_see(user: Any, obj: Office) -> bool:
    """Its own people, and those who review it."""
    return user in people(obj) or rights.holds(user, RIGHT, obj.region)


SUBJECT = Subject(
    model=Office,
    key=KEY,
    label="试办审核",
    approve=approve,
    return_=return_,
    reject=reject,
    may_see=may_see,
    facts_template="components/kv.html",
    checks=lambda obj: CHECKS,
    parties=people,
    targets=lambda obj: [("name", "单位名称"), ("hotline", "咨询电话")],
    region=lambda obj: obj.region,
    url=lambda obj: "/",
    expire=expire,
)


def make_chain(*steps: dict[str, Any], key: str = "trial") -> Chain:
    """A chain of bureau steps at the own region unless the step says otherwise."""
    chain = Chain.objects.create(key=key, name="试办")
    for position, step in enumerate(steps or ({},), 1):
        usual = {"name": f"第{position}步", "office_kind": "bureau", "right": RIGHT, "working_days": 5}
        ChainStep.objects.create(chain=chain, position=position, **{**usual, **step})
    return chain


def make_applicant(name: str = "云帆试办单位") -> Office:
    """Something to be reviewed; an office that reviews nothing itself."""
    return cast.make_office("platform", name=name)


def open_case(
    obj: Office | None = None,
    *,
    number: str = "SB-2026-000001",
    by: Any = None,
    region: Region | None = None,
    **fields: Any,
) -> ReviewCase:
    """A case of the chain "trial" over a new applicant."""
    obj = obj or make_applicant(f"云帆试办单位{number[-6:]}")
    region = region or cast.make_region()
    usual: dict[str, Any] = {"chain": "trial", "title": "试办事项", "applicant": obj.name, "home": region}
    return reviews.open_case(obj, number=number, region=region, by=by, checks=CHECKS, **{**usual, **fields})


def open_task(case: ReviewCase) -> ReviewTask:
    """The task that waits now."""
    return case.tasks.get(status="open")


def states(case: ReviewCase) -> list[str]:
    """States of all tasks in order."""
    return list(case.tasks.order_by("id").values_list("status", flat=True))
