"""The whole life of quota and vouchers beside a plain model: any verb at any time, on PostgreSQL.

The model knows states and whole fen, no database and no rule of ours. After each step both say
the same, whether the verb did it or refused it, and every invariant of the portal holds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from vouchers import invariants, ledger, services
from vouchers.models import BudgetPool, LedgerEntry, QuotaAccount, Voucher
from vouchers.models.accounts import BUCKETS
from vouchers.resolve import snapshot
from vouchers.services import redeeming

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.feature("X-4", "ZJ-9")]

#: Fen.
BUDGET, CAP = 8_000_000, 5_000_000
fen = st.integers(1, 3_000_000)
RUNS, STEPS = 6, 24

OPEN_STATES = {"requested", "returned", "issued", "confirmed"}
#: Verb -> the states in which it is possible, and the state that it leads to ("" = it stays).
VERBS: dict[str, tuple[set[str], str]] = {
    "confirm": ({"issued"}, "confirmed"),
    "void": ({"issued"}, "voided"),
    "return_by_carrier": ({"issued"}, "returned_by_carrier"),
    "terminate": ({"confirmed", "redeeming"}, "terminated"),
    "lapse": ({"issued", "confirmed"}, "lapsed"),
    "start": ({"confirmed"}, "redeeming"),
    "stop": ({"redeeming"}, "confirmed"),
    "reject": ({"redeeming"}, "terminated"),
}
#: Verbs that give the hold back.
FREEING = {"void", "return_by_carrier", "terminate", "lapse", "reject"}
#: Verbs that a batch which holds a part forbids.
UNBOUND = {"terminate", "stop", "reject"}


@dataclass
class Paper:
    """A voucher as the model sees it, fen."""

    amount: int
    held: int
    status: str = "issued"
    in_batch: int = 0
    paid: int | None = None


class Model:
    """Buckets, budget, vouchers; every method answers whether the act is possible and does it."""

    def __init__(self) -> None:
        self.buckets = dict.fromkeys(BUCKETS, 0)
        self.granted, self.budget, self.past_end = 0, BUDGET, False
        self.papers: dict[str, Paper] = {}
        self.moves = 0

    def claim(self, amount: int) -> bool:
        if self.past_end or self.granted + amount > CAP or amount > self.budget:
            return False
        self.granted += amount
        self.budget -= amount
        self.buckets["available"] += amount
        return True

    def worth(self, contract: int) -> int:
        """The first 10,000 yuan in full, what is beyond by half, half a fen counts up; at most what is available."""
        if self.past_end:
            return 0
        first = min(contract, 1_000_000)
        return min(first + (contract - first + 1) // 2, self.buckets["available"])

    def verb(self, paper: Paper, name: str) -> bool:
        states, target = VERBS[name]
        if paper.status not in states or (name in UNBOUND and paper.in_batch):
            return False
        if name in FREEING:
            self.free(paper, paper.held)
        paper.status = target
        self.moves += 1
        return True

    def free(self, paper: Paper, amount: int) -> None:
        self.shift("held", "lapsed" if self.past_end else "available", amount)
        paper.held -= amount

    def shift(self, source: str, target: str, amount: int) -> None:
        self.buckets[source] -= amount
        self.buckets[target] += amount

    def reduce(self, paper: Paper, keep: int) -> bool:
        if paper.status != "redeeming" or keep > paper.held:
            return False
        self.free(paper, paper.held - keep)
        return True

    def freeze(self, paper: Paper, amount: int) -> bool:
        if paper.status != "redeeming" or amount > paper.held:
            return False
        self.shift("held", "in_batch", amount)
        paper.held, paper.in_batch = paper.held - amount, paper.in_batch + amount
        return True

    def unfreeze(self, paper: Paper, amount: int) -> bool:
        if paper.status != "redeeming" or amount > paper.in_batch:
            return False
        self.shift("in_batch", "held", amount)
        paper.held, paper.in_batch = paper.held + amount, paper.in_batch - amount
        return True

    def pay(self, paper: Paper, amount: int) -> bool:
        if paper.status != "redeeming" or amount != paper.in_batch:
            return False
        self.shift("in_batch", "spent", amount)
        self.free(paper, paper.held)
        paper.in_batch, paper.paid, paper.status = 0, amount, "paid"
        self.moves += 1
        return True

    def revoke(self, amount: int) -> bool:
        if amount > self.buckets["available"]:
            return False
        self.buckets["available"] -= amount
        self.granted -= amount
        self.budget += amount
        return True


class Life(RuleBasedStateMachine):
    """Every verb of claims, vouchers and redemption, in any order."""

    papers: Bundle[str] = Bundle("papers")

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()

    @initialize()
    def begin(self) -> None:
        self.model, self.serial = Model(), 0
        self.programme = factories.make_programme(cap_year=Decimal(CAP) / 100)
        self.enterprise, self.carrier = cast.make_organization(), factories.make_carrier()
        self.owner = cast.owner_of(self.enterprise)
        self.officer = cast.make_officer(cast.COUNTY, "terminate_voucher")
        money = Decimal(BUDGET) / 100
        region = self.enterprise.region
        self.pool = BudgetPool.objects.create(programme=self.programme, region=region, total=money, budget=money)
        self.claim(CAP // 2)

    def did(self, act: Callable[[], object]) -> bool:
        """Whether the act was done; a refusal leaves nothing behind."""
        try:
            with transaction.atomic():
                act()
        except Refused:
            return False
        return True

    # --- Quota ------------------------------------------------------------------------------------

    @rule(amount=fen)
    def claim(self, amount: int) -> None:
        if self.model.past_end:
            return
        money = Decimal(amount) / 100
        done = self.did(lambda: services.claim_instantly(self.enterprise, self.programme, amount=money, by=self.owner))
        assert done == self.model.claim(amount)

    @rule(amount=fen)
    def revoke(self, amount: int) -> None:
        """What was granted and not used goes back to the budget."""
        self.serial += 1
        money, reference = Decimal(amount) / 100, f"R/{self.serial}"
        done = self.did(lambda: ledger.revoke(self.account, money, reference=reference, by=None, pool=self.pool))
        assert done == self.model.revoke(amount)

    @property
    def account(self) -> QuotaAccount:
        return QuotaAccount.objects.get(organization=self.enterprise)

    @precondition(lambda self: not self.model.past_end)
    @rule(chance=st.integers(0, 3))
    def the_year_ends(self, chance: int) -> None:
        """Not too often, or most of a run would lie after it."""
        if chance == 0:
            factories.end_year(self.account)
            self.model.past_end = True

    # --- Vouchers ---------------------------------------------------------------------------------

    @rule(target=papers, contract=fen)
    def use(self, contract: int) -> str:
        """Bind quota to a contract; a refused one is called by a name that no voucher has."""
        worth = self.model.worth(contract)
        made: list[Voucher] = []
        assert self.did(lambda: made.append(self._request(Decimal(contract) / 100))) == (worth > 0)
        if not made:
            return ""
        self.model.shift("available", "held", worth)
        self.model.papers[made[0].code] = Paper(amount=worth, held=worth)
        self.model.moves += 1
        return made[0].code

    def _request(self, contract: Decimal) -> Voucher:
        return services.request_voucher(
            organization=self.enterprise,
            carrier=self.carrier,
            programme=self.programme,
            snapshot=snapshot(self.programme, self.enterprise.region),
            region=self.enterprise.bureau,
            facts=factories.facts(0, contract_amount=contract),
            redeemer="enterprise",
            by=self.owner,
        )

    @rule(code=papers, name=st.sampled_from(sorted(VERBS)))
    def any_verb(self, code: str, name: str) -> None:
        self._verb(code, name)

    @rule(code=papers, name=st.sampled_from(["confirm", "start"]))
    def onwards(self, code: str, name: str) -> None:
        """More often than chance would, so that batches and payments are reached."""
        self._verb(code, name)

    def _verb(self, code: str, name: str) -> None:
        if not code:
            return
        voucher = Voucher.objects.get(code=code)
        acts: dict[str, Callable[[], object]] = {
            "confirm": lambda: services.confirm_voucher(voucher, by=self.owner),
            "void": lambda: services.void_voucher(voucher, by=self.owner, reason="填错"),
            "return_by_carrier": lambda: services.return_by_carrier(voucher, by=None, reason="不符"),
            "terminate": lambda: services.terminate_voucher(voucher, by=self.officer, office=None, reason="未开展"),
            "lapse": lambda: services.lapse_voucher(voucher),
            "start": lambda: redeeming.start_redeeming(voucher, by=None),
            "stop": lambda: redeeming.stop_redeeming(voucher, by=None),
            "reject": lambda: redeeming.reject_redeeming(voucher, by=None, reason="不符"),
        }
        assert self.did(acts[name]) == self.model.verb(self.model.papers[code], name)

    # --- Batches ----------------------------------------------------------------------------------

    @rule(code=papers, act=st.sampled_from(["reduce", "freeze", "freeze", "unfreeze", "pay", "pay"]), data=st.data())
    def money_moves(self, code: str, act: str, data: Any) -> None:
        """The exact amount, a part of it, or a fen more than there is."""
        if not code:
            return
        paper = self.model.papers[code]
        whole = paper.held if act in {"reduce", "freeze"} else paper.in_batch
        amount = data.draw(st.sampled_from([whole, whole, whole // 2, whole + 1]))
        if amount <= 0:
            return
        voucher, money = Voucher.objects.get(code=code), Decimal(amount) / 100
        acts: dict[str, Callable[[], object]] = {
            "reduce": lambda: redeeming.reduce_hold(voucher, to=money, by=None),
            "freeze": lambda: redeeming.freeze_voucher(voucher, amount=money, by=None),
            "unfreeze": lambda: redeeming.unfreeze_voucher(voucher, amount=money, by=None),
            "pay": lambda: redeeming.pay_voucher(voucher, amount=money, by=None),
        }
        assert self.did(acts[act]) == getattr(self.model, act)(paper, amount)

    # --- After every step -------------------------------------------------------------------------

    @invariant()
    def both_say_the_same(self) -> None:
        if not hasattr(self, "model") or not self.model.granted:
            return
        row = QuotaAccount.objects.values(*BUCKETS, "granted").get(organization=self.enterprise)
        assert {name: int(row[name] * 100) for name in BUCKETS} == self.model.buckets
        assert int(row["granted"] * 100) == self.model.granted
        self.pool.refresh_from_db()
        assert int(self.pool.budget * 100) == self.model.budget

    @invariant()
    def every_voucher_is_where_the_model_has_it(self) -> None:
        if not hasattr(self, "model"):
            return
        rows = Voucher.objects.filter(organization=self.enterprise)
        there = {
            v.code: Paper(*(int(x * 100) for x in (v.amount, v.held)), v.status, int(v.in_batch * 100), in_fen(v))
            for v in rows
        }
        assert there == self.model.papers

    @invariant()
    def nothing_is_broken(self) -> None:
        broken = {name: list(check()) for name, check in invariants.CHECKS.items()}
        assert {name: lines for name, lines in broken.items() if lines} == {}

    @invariant()
    def every_move_is_recorded_once(self) -> None:
        if hasattr(self, "model"):
            verbs = [f"voucher.{word}" for word in MOVED]
            assert AuditRow.objects.filter(verb__in=verbs).count() == self.model.moves

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)


#: Words of the audit for a move of the state; a voucher of the model is born issued.
MOVED = (
    *("issued", "confirmed", "voided", "returned_by_carrier", "terminated", "lapsed"),
    *("redeeming", "redeeming_stopped", "redemption_rejected", "paid"),
)


def in_fen(voucher: Voucher) -> int | None:
    return None if voucher.paid_amount is None else int(voucher.paid_amount * 100)


def run(machine: type[Life], runs: int = RUNS) -> None:
    quiet = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}
    # Without the phase that looks for a shorter example, which here takes minutes.
    options = settings(max_examples=runs, stateful_step_count=STEPS, phases=(Phase.explicit, Phase.generate), **quiet)
    run_state_machine_as_test(machine, settings=options)


def test_quota_and_vouchers_live_as_the_model_says() -> None:
    assert connection.vendor == "postgresql"
    run(Life)
    assert not LedgerEntry.objects.exists()


def test_a_model_that_forgets_a_release_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other way round: were the portal to release less than the model, the run would say so."""
    monkeypatch.setattr(Model, "free", lambda _model, paper, amount: setattr(paper, "held", paper.held - amount))
    with pytest.raises(AssertionError):
        run(Life)


def test_every_state_of_a_voucher_can_be_reached_in_the_model() -> None:
    model, states = Model(), set()
    for path in (["void"], ["return_by_carrier"], ["confirm", "terminate"], ["lapse"], ["confirm", "start", "reject"]):
        model.claim(10_000)
        paper = Paper(amount=10_000, held=10_000)
        model.shift("available", "held", 10_000)
        assert all(model.verb(paper, name) for name in path)
        states.add(paper.status)
    assert states == {"voided", "returned_by_carrier", "terminated", "lapsed"}
    assert model.buckets["available"] == model.granted
