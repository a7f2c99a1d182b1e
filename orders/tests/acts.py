"""Every verb of an order: whose it is, where it may happen, how it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.models import Organization, User
from innovation_voucher.casework import attachments, calendar
from orders import services
from orders.models import Order
from orders.services import Rating
from orders.tests.factories import World, contract_file, use_of, voucher_of

#: The roads of `factories.make_order`.
STATES = (
    "placed",
    "declined",
    "cancelled",
    "lapsed",
    "accepted",
    "contract",
    "issued",
    "received",
    "voided",
    "delivered",
    "completed",
    "reviewed",
)
ENTERPRISE, CARRIER = ("enterprise",), ("carrier",)

Doing = Callable[[Order, User], Any]


@dataclass(frozen=True)
class Act:
    """`sides` may do it in `states` of `make_order`; `run` does it for a person."""

    sides: tuple[str, ...]
    states: tuple[str, ...]
    run: Doing


def _accept(order: Order, by: User) -> Any:
    return services.accept_order(order, by=by, amount=Decimal(17_000), promised_on=None)


def _evidence(order: Order, by: User) -> Any:
    return services.add_evidence(order, "contract", by=by, name="补充.pdf", data=contract_file())


def _remove(order: Order, by: User) -> Any:
    return services.remove_evidence(order, attachments.files(order, "contract")[0], by=by)


def _record(order: Order, by: User) -> Any:
    return services.record_service(order, by=by, delivered_on=calendar.today(), result="合格")


ACTS: dict[str, Act] = {
    "accept": Act(CARRIER, ("placed",), _accept),
    "decline": Act(
        CARRIER,
        ("placed", "accepted", "contract", "voided"),
        lambda order, by: services.decline_order(order, by=by, reason="排期已满"),
    ),
    "cancel": Act(
        ENTERPRISE,
        ("placed", "accepted", "contract", "voided"),
        lambda order, by: services.cancel_order(order, by=by, reason="计划有变"),
    ),
    "message": Act(
        ("enterprise", "carrier"), STATES, lambda order, by: services.send_message(order, by=by, text="能否加急")
    ),
    "remind": Act(CARRIER, ("accepted", "contract"), lambda order, by: services.remind_enterprise(order, by=by)),
    "evidence": Act(ENTERPRISE, ("accepted", "contract"), _evidence),
    "remove": Act(ENTERPRISE, ("contract",), _remove),
    "use": Act(ENTERPRISE, ("contract",), lambda order, by: services.use_voucher(order, by=by, use=use_of())),
    "receive": Act(
        CARRIER, ("issued",), lambda order, by: services.receive_voucher(voucher_of(order), by=by, road="link")
    ),
    "return": Act(
        CARRIER, ("issued",), lambda order, by: services.return_voucher(voucher_of(order), by=by, reason="编号不符")
    ),
    "record": Act(CARRIER, ("accepted", "contract", "received"), _record),
    "confirm": Act(ENTERPRISE, ("delivered",), lambda order, by: services.confirm_completion(order, by=by)),
    "problem": Act(
        ENTERPRISE, ("delivered",), lambda order, by: services.report_problem(order, by=by, reason="缺报告")
    ),
    "resubmit": Act(ENTERPRISE, ("voided",), lambda order, by: services.resubmit_order(order, by=by)),
    "review": Act(
        ENTERPRISE, ("completed",), lambda order, by: services.review_service(order, by=by, rating=Rating(stars=5))
    ),
    "reply": Act(CARRIER, ("reviewed",), lambda order, by: services.reply_review(order, by=by, text="谢谢")),
}

#: States that have what the act is done to at all: a file, a voucher.
NEEDED: dict[str, tuple[str, ...]] = {
    "remove": STATES[5:],
    "receive": STATES[6:],
    "return": STATES[6:],
}


def possible(name: str, state: str) -> bool:
    """Whether the act can be tried on such an order at all."""
    return state in NEEDED.get(name, STATES)


def side_of(world: World, name: str) -> User:
    """The owner of the first side whose act it is."""
    return world.owner if ACTS[name].sides[0] == "enterprise" else world.seller


def organization_of(world: World, side: str) -> Organization:
    """The organization of a side."""
    return world.enterprise if side == "enterprise" else world.carrier.organization
