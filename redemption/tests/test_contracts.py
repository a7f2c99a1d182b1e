"""What the contract came to is entered at the redemption, claimed, and recognized or not: three pairs of amounts."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Organization
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.subjects import Award
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Pick, Redemption
from redemption.subjects import SUBJECT
from redemption.tests import factories, notices
from vouchers.models import Programme, QuotaAccount, Voucher
from vouchers.services.publishing import publish
from vouchers.tests.factories import add_field

pytestmark = pytest.mark.django_db
RULES: dict[str, Any] = {
    "subsidy_tiers": [["0", "0.25"]],
    "rounding_step": Decimal(1),
    "rounding_mode": "down",
    "amount_base": "contract_or_invoices",
    "payment_check": "full",
    "invoice_fields": ["number", "amount"],
    "redeemer": "enterprise",
}


def make_programme(*fields: tuple[str, str, str], **parameters: Any) -> Programme:
    """Asks for the contract's amount, and for `fields` (key, type, label) beside it."""
    programme = factories.make_programme(**{**RULES, **parameters})
    latest = programme.versions.latest("number")
    values = {name: getattr(latest, name) for name in latest.parameter_names() if getattr(latest, name) is not None}
    version = programme.versions.model.objects.create(
        programme=programme, number=latest.number + 1, effective_from=latest.effective_from, **values
    )
    for key, kind, label in (("contract_amount", "yuan", "合同金额"), *fields):
        add_field(version, key, kind, label, stage="redemption")
    publish(version, by=None)
    programme.refresh_from_db()
    return programme


@pytest.fixture
def programme() -> Programme:
    return make_programme()


def enter(voucher: Voucher, amount: int | str) -> Redemption:
    by = factories.payee_of(voucher)
    return services.keep_facts(voucher, by=by, answers={}, contract_amount=Decimal(amount))


def make(organization: Organization, programme: Programme, ordered: int, entered: int) -> Voucher:
    """A voucher on `ordered` yuan with papers over `entered`, written down in a draft."""
    voucher = factories.make_voucher(organization, programme, contract=ordered, quota_amount=100_000)
    factories.complete(voucher, entered)
    enter(voucher, entered)
    return Voucher.objects.get(pk=voucher.pk)


@pytest.mark.feature("JS-12", "JS-13")
def test_ordered_claimed_and_recognized_are_three_pairs(organization: Organization, programme: Programme) -> None:
    """Scenario 7: 15,000/3,750, 14,000/3,500, 12,000/3,000; 97,000 remain."""
    voucher = make(organization, programme, 15_000, 14_000)
    assert voucher.amount == Decimal(3_750)
    redemption = services.submit_voucher(voucher, by=cast.owner_of(organization))
    line = redemption.lines.get()
    assert (line.voucher.contract_amount, line.voucher.amount) == (15_000, 3_750)
    assert (line.final_contract, line.claimed) == (14_000, 3_500)
    found = SUBJECT.lines(redemption) if SUBJECT.lines else ()
    assert [(row.amount, row.basis) for row in found] == [(Decimal(3_500), Decimal(14_000))]
    worth = found[0].worth
    assert worth is not None
    assert worth(Decimal(12_000)) == 3_000
    award = Award(Decimal(3_000), "合同中 2,000 元不属于研发", Decimal(12_000))
    redemption = factories.decide(redemption, lines={line.pk: award}, reason="见明细")
    line.refresh_from_db()
    assert (line.recognized_contract, line.approved) == (12_000, 3_000)
    account = QuotaAccount.objects.get()
    assert (account.held, account.available) == (Decimal(3_000), Decimal(97_000))
    assert redemption.status == Redemption.State.PAYABLE


@pytest.mark.feature("JS-13", "X-8")
def test_the_public_list_shows_what_is_recognized_of_the_contract(organization: Organization) -> None:
    programme = make_programme(publicity_days=5)
    redemption = services.submit_voucher(make(organization, programme, 15_000, 14_000), by=cast.owner_of(organization))
    award = Award(Decimal(3_000), "合同中 2,000 元不属于研发", Decimal(12_000))
    factories.decide(redemption, lines={redemption.lines.get().pk: award}, reason="见明细")
    (shown,) = notices.opened(programme, redemption).rows.all()
    assert (shown.contract, shown.amount) == (12_000, 3_000)


@pytest.mark.feature("JS-13")
def test_8112_at_a_quarter_is_2028(organization: Organization, programme: Programme) -> None:
    """Scenario 3: a contract of 8,112 at 25 % pays 2,028 and leaves 97,972."""
    voucher = make(organization, programme, 8_112, 8_112)
    redemption = services.submit_voucher(voucher, by=cast.owner_of(organization))
    assert redemption.lines.get().claimed == Decimal(2_028)
    assert QuotaAccount.objects.get().available == Decimal(97_972)


def test_a_dearer_contract_gives_no_more_than_the_voucher(organization: Organization, programme: Programme) -> None:
    voucher = make(organization, programme, 10_000, 12_000)
    assert services.submit_voucher(voucher, by=cast.owner_of(organization)).lines.get().claimed == Decimal(2_500)


def test_the_contract_is_asked_for_before_it_is_handed_in(organization: Organization, programme: Programme) -> None:
    voucher = factories.ready(organization, programme, contract=10_000)
    with pytest.raises(Refused, match="请填写合同金额"):
        services.submit_voucher(voucher, by=cast.owner_of(organization))
    assert not Redemption.objects.exists()


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_a_contract_of_nothing_is_refused(organization: Organization, programme: Programme, amount: str) -> None:
    voucher = factories.make_voucher(organization, programme)
    with pytest.raises(Refused, match="须大于 0 元"):
        enter(voucher, amount)
    assert not Redemption.objects.exists()


@pytest.mark.feature("JS-12")
def test_a_draft_is_kept_and_written_again(organization: Organization, programme: Programme) -> None:
    voucher = factories.make_voucher(organization, programme)
    draft = enter(voucher, 9_000)
    assert (draft.status, draft.payee) == (Redemption.State.DRAFT, organization)
    assert enter(voucher, 9_500) == draft
    assert Pick.objects.get().contract_amount == Decimal(9_500)
    assert Voucher.objects.get().status == Voucher.State.CONFIRMED


def test_a_withdrawn_redemption_leaves_what_was_written(organization: Organization, programme: Programme) -> None:
    by = cast.owner_of(organization)
    voucher = make(organization, programme, 15_000, 14_000)
    services.withdraw_redemption(services.submit_voucher(voucher, by=by), by=by)
    again = services.submit_voucher(Voucher.objects.get(), by=by)
    assert again.lines.get().contract_amount == Decimal(14_000)


@pytest.mark.feature("JS-12", "JS-14")
def test_a_returned_contract_is_written_anew(organization: Organization, programme: Programme) -> None:
    by = cast.owner_of(organization)
    voucher = make(organization, programme, 15_000, 14_000)
    redemption = services.submit_voucher(voucher, by=by)
    factories.decide(redemption, "return", items=[("contract_amount", "与合同不符")])
    voucher = Voucher.objects.get()
    enter(voucher, 13_000)
    redemption = services.resubmit_redemption(Redemption.objects.get(), by=by)
    assert (redemption.lines.get().contract_amount, redemption.lines.get().claimed) == (13_000, 3_250)


def test_only_what_the_letter_names_is_written(organization: Organization, programme: Programme) -> None:
    voucher = make(organization, programme, 15_000, 14_000)
    redemption = services.submit_voucher(voucher, by=cast.owner_of(organization))
    factories.decide(redemption, "return", items=[("receipts", "回单日期与合同不符")])
    with pytest.raises(Refused, match="不在需补正的内容里"):
        enter(Voucher.objects.get(), 13_000)
    assert redemption.lines.get().contract_amount == Decimal(14_000)


def test_nothing_is_written_while_it_is_under_review(organization: Organization, programme: Programme) -> None:
    voucher = make(organization, programme, 15_000, 14_000)
    redemption = services.submit_voucher(voucher, by=cast.owner_of(organization))
    with pytest.raises(Refused, match="先撤回兑付"):
        enter(Voucher.objects.get(), 13_000)
    assert redemption.lines.get().contract_amount == Decimal(14_000)


@pytest.mark.parametrize(
    ("award", "words"),
    [
        (Award(Decimal(3_500), "", Decimal(12_000)), "最多为申请金额 3,000.00 元"),
        (Award(Decimal(3_500), "", Decimal(14_001)), "认定合同金额最多 14,000.00 元"),
    ],
)
def test_more_than_is_recognized_is_not_given(
    organization: Organization, programme: Programme, award: Award, words: str
) -> None:
    redemption = services.submit_voucher(make(organization, programme, 15_000, 14_000), by=cast.owner_of(organization))
    line = redemption.lines.get()
    with pytest.raises(Refused, match=words):
        factories.decide(redemption, lines={line.pk: award}, reason="核减")
    line.refresh_from_db()
    assert (line.approved, line.approved_contract) == (None, None)


def test_a_second_step_recognizes_at_most_what_the_first_did(organization: Organization) -> None:
    factories.make_chain({}, {"name": "复核"})
    redemption = services.submit_voucher(
        make(organization, make_programme(), 15_000, 14_000), by=cast.owner_of(organization)
    )
    line = redemption.lines.get()
    factories.decide(redemption, lines={line.pk: Award(Decimal(3_000), "x", Decimal(12_000))}, reason="核减")
    with pytest.raises(Refused, match=r"认定合同金额最多 12,000\.00 元"):
        factories.decide(redemption, lines={line.pk: Award(Decimal(3_000), "", Decimal(13_000))})
    row = (SUBJECT.lines or (lambda _obj: ()))(redemption)[0]
    assert (row.amount, row.basis) == (Decimal(3_000), Decimal(12_000))
    redemption = factories.decide(redemption, lines={line.pk: Award(Decimal(3_000), "", Decimal(12_000))})
    assert redemption.lines.get().approved == Decimal(3_000)
