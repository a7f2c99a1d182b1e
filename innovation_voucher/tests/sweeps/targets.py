"""Which objects the addresses name: one of the busy enterprise's, and one of somebody else's."""

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet

from accounts.models import Organization, Verification
from carriers.models import Carrier, CarrierRecognition, Instrument, Service
from innovation_voucher.casework.models import Attachment, Message, Panel, ReviewCase
from innovation_voucher.casework.subjects import by_key
from innovation_voucher.tests.sweeps.world import BUSY, RIVAL
from orders.models import Order
from redemption.models import Invoice, Objection, Publicity, Redemption, SettlementBatch
from redemption.services import INVOICES
from vouchers.models import Claim, Override, Programme, QuotaAccount, Voucher

Kwargs = dict[str, Any]
#: Keyword arguments of an address for the own object and for the foreign one.
Pair = tuple[Kwargs, Kwargs]
Target = Callable[[], Pair]

#: The carrier of the busy enterprise's orders, and one of another county.
CARRIER, OTHER_CARRIER = "donghai", "lanjing"
#: The expert of the tables.
EXPERT = "e-gu"
#: The counties of the officer and of the other officer.
COUNTY, OTHER_COUNTY = "330108", "330521"
#: The county that shows its lists to the public.
SHOWING = "330110"


def _of(username: str, path: str = "organization") -> Q:
    return Q(**{f"{path}__memberships__user__username": username})


def _first(rows: QuerySet[Any]) -> Any:
    found = rows.order_by("pk").first()
    assert found is not None, f"the demo world has no such row: {rows.query}"
    return found


def fixed(**kwargs: Any) -> Target:
    """The same words for both, where the address names no object."""
    return lambda: (kwargs, kwargs)


def order(state: str = "accepted", **more: Any) -> Target:
    """An order in that state of the busy enterprise, with its carrier where there is one."""

    def found() -> Pair:
        ours = Order.objects.filter(_of(BUSY), status=state, **more)
        best = ours.filter(_of(CARRIER, "carrier__organization"))
        theirs = _first(Order.objects.filter(_of(RIVAL)).exclude(_of(CARRIER, "carrier__organization")))
        return {"number": _first(best if best.exists() else ours).number}, {"number": theirs.number}

    return found


def order_file() -> Pair:
    """The contract of an accepted order, and of the rival's."""
    kind = ContentType.objects.get_for_model(Order)

    def named(orders: QuerySet[Order]) -> Kwargs:
        file = _first(Attachment.objects.filter(subject_type=kind, subject_id__in=orders, removed_at=None))
        return {"number": Order.objects.get(pk=file.subject_id).number, "token": file.token}

    return named(Order.objects.filter(_of(BUSY), voucher=None)), named(Order.objects.filter(_of(RIVAL)))


def file(**more: Any) -> Target:
    """A file of the busy enterprise's verification, and one of a carrier's."""

    def found() -> Pair:
        files = Attachment.objects.filter(subject_type=ContentType.objects.get_for_model(Verification), removed_at=None)
        whose = (Verification.objects.filter(_of(who)) for who in (BUSY, OTHER_CARRIER))
        own, foreign = ({"token": _first(files.filter(subject_id__in=rows)).token, **more} for rows in whose)
        return own, foreign

    return found


def voucher(state: str = "issued", **more: Any) -> Target:
    """A voucher of the busy enterprise for its carrier, and one of another firm with another carrier."""

    def found() -> Pair:
        ours = Voucher.objects.filter(_of(BUSY), _of(CARRIER, "carrier__organization"), status=state)
        theirs = Voucher.objects.exclude(_of(BUSY)).exclude(_of(CARRIER, "carrier__organization"))
        return {"code": _first(ours).code, **more}, {"code": _first(theirs.filter(status="issued")).code, **more}

    return found


def numbered(model: type[Model], *people: str, path: str = "organization", **more: Any) -> Target:
    """A row of the busy enterprise (or the first of `people`) and one of the rival (or the second).

    What `more` asks is asked of the own row only.
    """

    def found() -> Pair:
        whose = people or (BUSY, RIVAL)
        own, foreign = (model._default_manager.filter(_of(who, path)) for who in whose)
        return {"number": _first(own.filter(**more)).number}, {"number": _first(foreign).number}

    return found


def case(key: str = "verification", **more: Any) -> Target:
    """A case of the officer's county, and a verification of the other county."""

    def found() -> Pair:
        model: Any = by_key(key).model
        here = ReviewCase.objects.filter(subject_type=ContentType.objects.get_for_model(model))
        there = ReviewCase.objects.filter(subject_type=ContentType.objects.get_for_model(Verification))
        own = _first(here.filter(region__code=COUNTY, **more))
        foreign = _first(there.filter(region__code=OTHER_COUNTY, status="returned"))
        return {"subject": key, "number": own.number}, {"subject": "verification", "number": foreign.number}

    return found


def message() -> Pair:
    """A message to the owner of the busy enterprise, and one to the rival's."""
    return tuple({"pk": _first(Message.objects.filter(user__username=who)).pk} for who in (BUSY, RIVAL))  # type: ignore[return-value]


def firm() -> Pair:
    """The busy enterprise, and one of the other county."""
    code = Organization.objects.values_list("credit_code", flat=True)
    own, foreign = (code.get(memberships__user__username=who) for who in (BUSY, "ninglan"))
    return {"key": own}, {"key": foreign}


def invoice() -> Pair:
    """The invoice of a returned redemption, and one of the rival."""
    ours = Redemption.objects.filter(_of(BUSY, "payee"), status="returned")
    theirs = Redemption.objects.filter(_of(RIVAL, "payee"))
    behind = "allocations__order__voucher__lines__redemption__in"
    own, foreign = (_first(Invoice.objects.filter(**{behind: rows})) for rows in (ours, theirs))
    return _paper(own), _paper(foreign)


def _paper(paper: Invoice) -> Kwargs:
    share = paper.allocations.select_related("order__voucher").first()
    assert share is not None
    assert share.order.voucher is not None
    return {"code": share.order.voucher.code, "kind": INVOICES, "pk": paper.pk}


def batch(state: str) -> Target:
    """A settlement batch in that state; there is no foreign one, the province settles all."""
    return lambda: ({"pk": _first(SettlementBatch.objects.filter(status=state)).pk},) * 2


def local_rules() -> Pair:
    """A draft of the officer's county, and what another county has published."""
    rows = Override.objects.filter(programme__status="open")
    draft = _first(rows.filter(region__code=COUNTY, published_at=None))
    return {"pk": draft.pk}, {"pk": _first(rows.filter(region__code="330106", published_at__isnull=False)).pk}


def programme() -> Pair:
    """The programme in which both counties take part; none is foreign to an office of the province."""
    return ({"pk": _first(Programme.objects.filter(overrides__region__code=COUNTY, status="open")).pk},) * 2


def publicity(state: str) -> Target:
    """A public list of the officers' county in that state."""
    return lambda: ({"number": _first(Publicity.objects.filter(status=state, region__code=SHOWING)).number},) * 2


def publicity_new() -> Pair:
    """What waits for a list."""
    row = _first(Redemption.objects.filter(status="approved", region__code__startswith=COUNTY[:2]))
    return ({"region": row.region.code, "programme": row.programme_id},) * 2


def objection() -> Pair:
    """An objection there that waits for its answer."""
    rows = Objection.objects.filter(status="received", publicity__region__code=SHOWING)
    return ({"number": _first(rows).number},) * 2


def panel(with_subject: bool) -> Target:
    """A case that the expert scores, and one of other experts."""

    def named(case: ReviewCase) -> Kwargs:
        return {"subject": "redeem", "number": case.number} if with_subject else {"number": case.number}

    def found() -> Pair:
        mine = Panel.objects.filter(status="scoring")
        theirs = ReviewCase.objects.filter(status="open").exclude(panels__seats__user__username=EXPERT)
        return named(_first(mine).case), named(_first(theirs))

    return found


def with_words(target: Target, **words: str) -> Target:
    """The same objects, and words that the address has beside."""
    return lambda: tuple({**kwargs, **words} for kwargs in target())  # type: ignore[return-value]


SERVICE = numbered(Service, CARRIER, OTHER_CARRIER, path="carrier__organization")
INSTRUMENT = numbered(Instrument, CARRIER, "xingye", path="carrier__organization")
CARRIER_PAGE = numbered(Carrier, CARRIER, OTHER_CARRIER)
RECOGNITION = numbered(CarrierRecognition, CARRIER, OTHER_CARRIER, path="carrier__organization")
COUNTYS_RECOGNITION = numbered(CarrierRecognition, "xingye", OTHER_CARRIER, path="carrier__organization")
VERIFICATION = numbered(Verification)
REDEMPTION = numbered(Redemption, path="payee")
RETURNED = numbered(Redemption, path="payee", status="returned")
ORDER = numbered(Order)
CLAIM = numbered(Claim)
REVOCABLE = numbered(Claim, BUSY, "moxi", status="approved")
ACCOUNT = numbered(QuotaAccount)
ITEM = with_words(SERVICE, kind="services")
ACT = with_words(COUNTYS_RECOGNITION, act="suspend")
