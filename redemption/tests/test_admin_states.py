"""Every act of a batch by POST, in every state and for every role: only the table's cells change anything."""

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import begins
from redemption import services
from redemption.models import Payment, SettlementBatch
from redemption.tests import factories
from redemption.tests.pages import client_for, post
from vouchers.models import QuotaAccount

pytestmark = pytest.mark.django_db

BASE = "/admin/redemption/settlementbatch/"
STATES = ("draft", "frozen", "countersigned", "exported", "reconciled", "cancelled")

#: Act -> who does it, in which states, and the state that follows.
TABLE: dict[str, tuple[str, tuple[str, ...], str]] = {
    "freeze": ("settler", ("draft",), "frozen"),
    "countersign": ("second", ("frozen",), "countersigned"),
    "export-xlsx": ("settler", ("countersigned",), "exported"),
    "results": ("settler", ("exported",), "exported"),
    "cancel": ("settler", ("draft", "frozen"), "cancelled"),
}


class Desk:
    """A batch in one state, with the two people who have to do with it."""

    def __init__(self, state: str) -> None:
        programme = factories.make_programme()
        factories.payable(programme=programme)
        self.settler, self.second = factories.settler(), factories.countersigner()
        self.batch = factories.draft(self.settler, programme)
        for step in {"draft": (), "cancelled": ("cancelled",)}.get(state, STATES[1 : STATES.index(state) + 1]):
            getattr(self, f"_{step}")()
        self.batch = SettlementBatch.objects.get()

    def _frozen(self) -> None:
        self.batch = services.freeze_batch(
            self.batch, by=self.settler, typed_total=services.preview_of(self.batch).total
        )

    def _countersigned(self) -> None:
        self.batch = services.countersign_batch(self.batch, by=self.second, typed_total=self.batch.total)

    def _exported(self) -> None:
        services.export_batch(self.batch, by=self.settler)

    def _reconciled(self) -> None:
        factories.import_rows(self.batch, self.settler, factories.paid_rows(self.batch))
        services.reconcile_batch(self.batch, by=self.settler)

    def _cancelled(self) -> None:
        services.cancel_batch(self.batch, by=self.settler, reason="期间选错")

    def send(self, by: User, slug: str) -> int:
        """The status of the answer to the act, with everything filled in as it should be."""
        values: dict[str, Any] = {"typed_total": "14,000.00", "reason": "不再需要"}
        values["file"] = SimpleUploadedFile("x.xlsx", factories.answer([["X", 1, "成功", "", ""]]).getvalue())
        data = {f"{slug}-{name}": value for name, value in values.items()}
        code: int = post(client_for(by), f"{BASE}{self.batch.pk}/{slug}/", **data).status_code
        return code


#: How the desk of each state is set up.
DESKS = {state: partial(Desk, state) for state in STATES}


@pytest.fixture
def desk(begun: Desk) -> Desk:
    return deepcopy(begun)


def rows() -> tuple[Any, ...]:
    """What an act could change."""
    return tuple(list(model.objects.order_by("pk").values()) for model in (SettlementBatch, Payment, QuotaAccount))


@pytest.mark.parametrize(("state", "begun"), DESKS.items(), indirect=["begun"], ids=DESKS)
def test_in_the_wrong_state_an_act_is_refused_and_changes_nothing(state: str, desk: Desk) -> None:
    before = rows()
    for slug, (who, states, _target) in TABLE.items():
        # The file that was made once is given again, and nothing else happens.
        again = slug == "export-xlsx" and state in ("exported", "reconciled")
        if state not in states:
            assert desk.send(getattr(desk, who), slug) == (302 if again else 422), slug
            assert rows() == before, slug


IN_STATE = [(slug, state) for slug, (_who, states, _target) in TABLE.items() for state in states]


@pytest.mark.parametrize(
    ("slug", "begun"),
    [(slug, DESKS[state]) for slug, state in IN_STATE],
    indirect=["begun"],
    ids=[f"{slug}-{state}" for slug, state in IN_STATE],
)
def test_in_its_state_an_act_leads_to_the_next(slug: str, desk: Desk) -> None:
    who, _states, target = TABLE[slug]
    assert desk.send(getattr(desk, who), slug) == 302
    assert SettlementBatch.objects.get().status == target


ROLES: dict[str, Callable[[], User]] = {
    "settler of another province": lambda: factories.settler(region_code="320000"),
    "countersigner of another province": lambda: factories.countersigner(region_code="320000"),
    "owner of an enterprise": lambda: cast.owner_of(cast.rival()),
    "officer of the county": factories.officer,
    "superuser": lambda: User.objects.create_superuser(username="root", password=cast.PASSWORD),
}


@begins(DESKS["frozen"])
@pytest.mark.parametrize("role", ROLES)
def test_without_a_right_in_the_region_every_act_is_not_there(role: str, desk: Desk) -> None:
    by, before = ROLES[role](), rows()
    assert {desk.send(by, slug) for slug in TABLE} <= {302, 403, 404}
    assert rows() == before


@begins(DESKS["frozen"])
def test_each_half_of_the_four_eyes_is_told_that_the_other_act_is_not_its_own(desk: Desk) -> None:
    before = rows()
    assert desk.send(desk.settler, "countersign") == 403
    assert {desk.send(desk.second, slug) for slug in TABLE if slug != "countersign"} == {403}
    assert rows() == before


@begins(DESKS["exported"])
def test_an_unanswered_batch_is_not_reconciled_by_post(desk: Desk) -> None:
    before = rows()
    assert desk.send(desk.settler, "reconcile") == 422
    assert rows() == before
