"""One invoice is one invoice however it is typed, in whatever year, region or organization."""

from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import Refused
from innovation_voucher.lib.identifiers import clean_invoice
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Invoice, InvoiceAllocation
from redemption.tests import factories
from vouchers.models import Voucher
from vouchers.tests import factories as quota

pytestmark = pytest.mark.django_db

DIGITAL = "26332000000012345678"
CODE, NUMBER = "033001900104", "12345678"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

#: Other ways to type the fully digital number.
TYPED = [
    DIGITAL,
    DIGITAL.translate(FULL_WIDTH),
    f" {DIGITAL} ",
    "2633 2000 0000 1234 5678",
    "2633-2000-0000-1234-5678",
    "2633　2000　0000　1234　5678",
    "\u200e" + DIGITAL,
    DIGITAL[:10] + DIGITAL[10:].translate(FULL_WIDTH),
]

#: What is no number of any invoice.
NO_NUMBER = [DIGITAL[:-1], DIGITAL + "1", "A" * 20, "1234567", "123456789", "²" * 8, "一二三四五六七八", "-" * 20]


def digits(count: int) -> st.SearchStrategy[str]:
    """Any number of so many digits, zeros in front too."""
    return st.integers(0, 10**count - 1).map(lambda number: f"{number:0{count}d}")


def add(voucher: Voucher, number: str, code: str = "") -> Invoice:
    facts = services.InvoiceFacts(number=number, code=code, amount=Decimal(18_000))
    return services.add_invoice(voucher, by=factories.payee_of(voucher), facts=facts)


@pytest.mark.feature("X-7")
@pytest.mark.parametrize("typed", TYPED)
def test_a_number_typed_otherwise_is_the_same_invoice(typed: str) -> None:
    programme = factories.make_programme()
    add(factories.make_voucher(cast.enterprise(), programme), DIGITAL)
    with pytest.raises(Refused, match=f"发票 {DIGITAL} 已用于其他申请"):
        add(factories.make_voucher(cast.rival(), programme), typed)
    assert (Invoice.objects.count(), InvoiceAllocation.objects.count()) == (1, 1)


@pytest.mark.parametrize("number", NO_NUMBER)
def test_what_is_no_number_is_kept_nowhere(number: str) -> None:
    with pytest.raises(Refused):
        add(factories.make_voucher(), number)
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    ("code", "number"),
    [(CODE, NUMBER), (CODE, "12345679"), ("3300190010", NUMBER), ("033001900105", NUMBER), ("", DIGITAL)],
)
def test_code_and_number_together_are_the_invoice(code: str, number: str) -> None:
    programme = factories.make_programme()
    mine = factories.make_voucher(cast.enterprise(), programme)
    add(mine, NUMBER, CODE)
    other = factories.make_voucher(cast.rival(), programme)
    if (code, number) == (CODE, NUMBER):
        with pytest.raises(Refused, match="已用于其他申请"):
            add(other, number, code)
    else:
        assert add(other, number, code).organization == other.organization
    assert Invoice.objects.count() == (1 if (code, number) == (CODE, NUMBER) else 2)


@pytest.mark.parametrize("state", ["submitted", "returned", "payable"])
def test_an_invoice_stays_used_while_its_redemption_lives(state: str) -> None:
    programme = factories.make_programme()
    redemption = getattr(factories, state)(cast.enterprise(), programme)
    number = redemption.lines.get().voucher.order.invoice_allocations.get().invoice.number
    with pytest.raises(Refused, match="已用于其他申请"):
        add(factories.make_voucher(cast.rival(), programme), number)
    assert InvoiceAllocation.objects.count() == 1


def test_a_withdrawn_redemption_keeps_its_invoice_for_its_own_voucher() -> None:
    programme, organization = factories.make_programme(), cast.enterprise()
    redemption = factories.submitted(organization, programme)
    services.withdraw_redemption(redemption, by=cast.owner_of(organization))
    number = Invoice.objects.get().number
    with pytest.raises(Refused, match="已用于创新券"):
        add(factories.make_voucher(organization, programme), number)
    assert InvoiceAllocation.objects.get().order.voucher == redemption.lines.get().voucher


def test_an_invoice_of_a_rejected_redemption_stays_with_its_organization() -> None:
    programme = factories.make_programme()
    factories.decide(factories.submitted(cast.enterprise(), programme), "reject", reason="不在范围内")
    with pytest.raises(Refused, match="已用于其他申请"):
        add(factories.make_voucher(cast.rival(), programme), Invoice.objects.get().number)
    assert InvoiceAllocation.objects.count() == 1


@pytest.mark.feature("JS-12", "X-7")
@pytest.mark.parametrize("where", ["order", "year", "scheme"])
def test_the_same_invoice_in_another_order_year_or_scheme_is_refused(where: str) -> None:
    """Scenario 6, its last sentence."""
    organization, programme = cast.enterprise(), factories.make_programme()
    add(factories.make_voucher(organization, programme), DIGITAL)
    now = calendar.now()
    at = now.replace(year=now.year + 1, month=1, day=5) if where == "year" else now
    with calendar.acting_at(at):
        if where != "order":
            programme = factories.make_programme(year=at.year, kind=where)
            quota.claim(organization, programme)
        other = factories.make_voucher(organization, programme)
        with pytest.raises(Refused, match=f"发票 {DIGITAL} 已用于创新券"):
            add(other, DIGITAL)
    assert (Invoice.objects.count(), InvoiceAllocation.objects.count()) == (1, 1)


@settings(deadline=None)
@given(digits(20), st.lists(st.sampled_from(" -　\u200b"), max_size=4))
def test_every_digital_number_is_kept_as_its_twenty_digits(number: str, filler: list[str]) -> None:
    typed = "".join(filler).join([number[:7], number[7:].translate(FULL_WIDTH)])
    assert clean_invoice("", typed) == ("", number)
    with pytest.raises(ValueError, match="发票代码留空"):
        clean_invoice(CODE, typed)


@settings(deadline=None)
@given(digits(10) | digits(12), digits(8))
def test_every_paper_invoice_is_its_code_and_number(code: str, number: str) -> None:
    assert clean_invoice(code.translate(FULL_WIDTH), f" {number} ") == (code, number)


@settings(deadline=None)
@given(st.text(alphabet="0123456789０１ -", max_size=26))
def test_a_cleaned_number_cleans_to_itself(text: str) -> None:
    try:
        found = clean_invoice("", text)
    except ValueError:
        return
    assert clean_invoice(*found) == found
