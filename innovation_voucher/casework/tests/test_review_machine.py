"""Any course of a case, against a small model of it: who did what, and what is left to do."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from innovation_voucher.casework import deadlines, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused, Stale
from innovation_voucher.casework.models import ReviewCase, ReviewTask
from innovation_voucher.tests import cast

from .trial import RIGHT, make_applicant, make_chain, open_case, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject"), pytest.mark.slow]

OVER = {"approved", "rejected", "withdrawn", "expired"}
STEP = st.fixed_dictionaries(
    {
        "may_lower": st.booleans(),
        "return_to": st.sampled_from(["submitter", "previous"]),
        "resume_at": st.sampled_from(["same", "first"]),
    }
)


class Course(RuleBasedStateMachine):
    """The model is a step number, a state, an amount, and who has decided which step."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    @initialize(steps=st.lists(STEP, min_size=1, max_size=3))
    def submitted(self, steps: list[dict[str, Any]]) -> None:
        make_chain(*steps)
        self.steps = steps
        office = cast.make_office("bureau", rights=(RIGHT,))
        self.people = [cast.make_officer(name=f"审核员{n}", office=office) for n in range(4)]
        self.applicant = make_applicant()
        self.amount = Decimal("100.00")
        self.case = open_case(self.applicant, amount=self.amount)
        self.state, self.at, self.round = "open", 0, 1
        self.decided: set[tuple[int, int]] = set()

    def task(self) -> ReviewTask:
        """The open task; of an ended case any, so that the verb itself refuses."""
        found = self.case.tasks.filter(status="open").first()
        return found or self.case.tasks.order_by("-id")[0]

    def expected(self, person: int) -> type[Refused] | None:
        """Why the model would refuse a decision of this person now."""
        if self.state != "open":
            return Stale
        return NotAllowed if any(p == person and step != self.at for p, step in self.decided) else None

    def act(self, person: int, **words: Any) -> bool:
        """Decide as this person and compare the refusal; whether it was carried out."""
        why = self.expected(person)
        if why is None:
            reviews.decide(self.task(), by=self.people[person], office=None, **words)
            self.decided.add((person, self.at))
            return True
        with pytest.raises(why):
            reviews.decide(self.task(), by=self.people[person], office=None, **words)
        return False

    @rule(person=st.integers(0, 3))
    def agree(self, person: int) -> None:
        if self.act(person, decision="approve"):
            self.at += 1
            self.state = "approved" if self.at == len(self.steps) else "open"

    @rule(person=st.integers(0, 3), cents=st.integers(1, 12000))
    @precondition(lambda self: self.state == "open")
    def lower(self, person: int, cents: int) -> None:
        wanted = Decimal(cents) / 100
        fits = wanted == self.amount or (wanted < self.amount and self.steps[self.at]["may_lower"])
        if self.expected(person) is None and not fits:
            with pytest.raises(Refused):
                reviews.decide(
                    self.task(), by=self.people[person], office=None, decision="approve", amount=wanted, reason="核减"
                )
            return
        if self.act(person, decision="approve", amount=wanted, reason="核减"):
            self.amount, self.at = wanted, self.at + 1
            self.state = "approved" if self.at == len(self.steps) else "open"

    @rule(person=st.integers(0, 3))
    def send_back(self, person: int) -> None:
        if not self.act(person, decision="return", items=[("", "补正")]):
            return
        if self.steps[self.at]["return_to"] == "previous" and self.at > 0:
            self.at -= 1
        else:
            self.state, self.returned_at = "returned", self.at

    @rule(person=st.integers(0, 3))
    def refuse(self, person: int) -> None:
        if self.act(person, decision="reject", reason="不符合条件"):
            self.state = "rejected"

    @rule(more=st.none() | st.integers(1, 20000))
    def mend(self, more: int | None) -> None:
        wanted = None if more is None else Decimal(more) / 100
        if self.state != "returned":
            with pytest.raises(Refused):
                reviews.resubmit(self.applicant, by=None, amount=wanted)
            return
        reviews.resubmit(self.applicant, by=None, amount=wanted)
        self.amount = wanted or self.amount
        self.at = 0 if self.steps[self.returned_at]["resume_at"] == "first" else self.returned_at
        self.state, self.round = "open", self.round + 1

    @rule(how=st.sampled_from(["withdraw", "expire"]))
    def leave(self, how: str) -> None:
        allowed = self.state == "returned" or (how == "withdraw" and self.state == "open")
        verb: Any = getattr(reviews, how)
        if not allowed:
            with pytest.raises(Refused):
                verb(self.applicant, by=None)
            return
        verb(self.applicant, by=None)
        self.state = {"withdraw": "withdrawn", "expire": "expired"}[how]

    @invariant()
    def the_case_is_where_the_model_is(self) -> None:
        fresh = ReviewCase.objects.get(pk=self.case.pk)
        assert (fresh.status, fresh.amount, fresh.round) == (self.state, self.amount, self.round)
        assert (fresh.closed_at is not None) == (self.state in OVER)
        assert (reviews.live_case(self.applicant) is None) == (self.state in OVER)

    @invariant()
    def at_most_one_step_is_open_and_it_is_the_next_one(self) -> None:
        waiting = list(self.case.tasks.filter(status="open").values_list("step__position", flat=True))
        assert waiting == ([self.at + 1] if self.state == "open" else [])
        left = len(self.steps) - self.at - 1 if self.state == "open" else 0
        assert self.case.tasks.filter(status="waiting").count() == left

    @invariant()
    def the_applicant_is_awaited_only_after_a_return(self) -> None:
        awaited = deadlines.due(self.applicant, "resubmit")
        assert (awaited is not None) == (self.state == "returned")
        assert bool(reviews.returned_items(self.applicant)) == (self.state == "returned")

    @invariant()
    def the_subject_heard_of_the_end_and_of_nothing_else(self) -> None:
        heard = said(self.applicant)
        assert heard.startswith("approved") == (self.state == "approved")
        assert heard.startswith("rejected") == (self.state == "rejected")
        if self.state == "approved":
            # 9.9 or 9.90, by where the amount was read.
            assert Decimal(heard.removeprefix("approved ")) == self.amount


CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
COURSES = settings(max_examples=12, stateful_step_count=9, deadline=None, suppress_health_check=CHECKS)


@pytest.mark.feature("X-2")
def test_any_course_of_a_case_is_that_of_the_model() -> None:
    run_state_machine_as_test(Course, settings=COURSES)  # type: ignore[no-untyped-call]
    assert not ReviewCase.objects.exists()
