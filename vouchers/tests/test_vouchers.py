"""What happens to a voucher: every verb in every state, and where its quota goes."""

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Organization, User
from carriers.models import Carrier
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow, Message, Office
from innovation_voucher.lib.references import normalise_code
from innovation_voucher.tests import cast
from vouchers import invariants, services
from vouchers.models import LedgerEntry, Programme, QuotaAccount, Voucher
from vouchers.resolve import policy_of, snapshot

from . import factories

STATES = [state.value for state in Voucher.State]

VERBS: dict[str, Callable[[Voucher, User], Voucher]] = {
    "issue": lambda v, by: services.issue_voucher(v, by=by),
    "refuse": lambda v, by: services.refuse_voucher(v, by=by, reason="不符"),
    "return": lambda v, by: services.return_for_correction(v, by=by, reason="缺页"),
    "resubmit": lambda v, by: services.resubmit_voucher(
        v, facts=factories.facts(), redeemer="enterprise", by=cast.owner_of(v.organization)
    ),
    "confirm": lambda v, by: services.confirm_voucher(v, by=by),
    "void": lambda v, by: services.void_voucher(v, by=None, reason="填错"),
    "return_by_carrier": lambda v, by: services.return_by_carrier(v, by=by, reason="合同不符"),
    "terminate": lambda v, by: services.terminate_voucher(v, by=by, office=None, reason="查实"),
    "lapse": lambda v, by: services.lapse_voucher(v),
    "start": lambda v, by: services.start_redeeming(v, by=by),
    "stop": lambda v, by: services.stop_redeeming(v, by=by),
    "reduce": lambda v, by: services.reduce_hold(v, to=Decimal(1), by=by),
    "reject": lambda v, by: services.reject_redeeming(v, by=by, reason="不予兑付"),
    "freeze": lambda v, by: services.freeze_voucher(v, amount=Decimal(1), by=by),
    "unfreeze": lambda v, by: services.unfreeze_voucher(v, amount=Decimal(1), by=by),
    "pay": lambda v, by: services.pay_voucher(v, amount=Decimal(1), by=by),
}

#: Verb -> state before -> state after; what is not here is refused.
ALLOWED: dict[str, dict[str, str]] = {
    "issue": {"requested": "issued", "returned": "issued"},
    "refuse": {"requested": "refused", "returned": "refused"},
    "return": {"requested": "returned"},
    "resubmit": {"returned": "requested"},
    "confirm": {"issued": "confirmed"},
    "void": {"requested": "voided", "returned": "voided", "issued": "voided"},
    "return_by_carrier": {"issued": "returned_by_carrier"},
    "terminate": {"confirmed": "terminated", "redeeming": "terminated"},
    "lapse": dict.fromkeys(["requested", "returned", "issued", "confirmed"], "lapsed"),
    "start": {"confirmed": "redeeming"},
    "stop": {"redeeming": "confirmed"},
    "reduce": {"redeeming": "redeeming"},
    "reject": {"redeeming": "terminated"},
    "freeze": {"redeeming": "redeeming"},
}

pytestmark = pytest.mark.django_db

ENDED = {"refused", "voided", "returned_by_carrier", "terminated", "lapsed"}


def put_into(voucher: Voucher, state: str) -> None:
    """Write a state past its machine, as only a test with the server's superuser can."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE vouchers_voucher SET status = %s WHERE id = %s", [state, voucher.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    voucher.refresh_from_db()


def everything() -> list[Any]:
    return [list(Voucher.objects.values()), list(QuotaAccount.objects.values()), LedgerEntry.objects.count()]


@pytest.fixture(scope="module")
def built(kept: Path) -> Voucher:
    return factories.make_voucher()


@pytest.fixture
def issued(built: Voucher) -> Voucher:
    return deepcopy(built)


@pytest.fixture
def confirmed(issued: Voucher) -> Voucher:
    return services.confirm_voucher(issued, by=cast.owner_of(issued.organization))


@pytest.fixture
def redeeming(confirmed: Voucher) -> Voucher:
    return services.start_redeeming(confirmed, by=cast.owner_of(confirmed.organization))


@pytest.fixture
def officer(db: None) -> User:
    return cast.make_officer(cast.COUNTY, "terminate_voucher")


@pytest.mark.feature("ZJ-9")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", [v for v in VERBS if v not in ("unfreeze", "pay")])
def test_every_verb_in_every_state(issued: Voucher, verb: str, state: str, officer: User) -> None:
    put_into(issued, state)
    before = everything()
    expected = ALLOWED[verb].get(state)
    if expected is None:
        with pytest.raises(Refused), transaction.atomic():
            VERBS[verb](issued, officer)
        assert everything() == before
        return
    VERBS[verb](issued, officer)
    issued.refresh_from_db()
    assert issued.status == expected
    if expected in ENDED:
        assert (issued.held, issued.in_batch) == (0, 0)
        assert issued.account is not None
        assert issued.account.available == 20_000


@pytest.mark.feature("ZJ-8")
def test_a_voucher_is_issued_with_its_hold(enterprise: Organization, programme: Programme, carrier: Carrier) -> None:
    voucher = factories.make_voucher(enterprise, programme, carrier)
    account = QuotaAccount.objects.get()
    assert (voucher.amount, voucher.held) == (14_000, 14_000)
    assert (account.available, account.held) == (6_000, 14_000)
    assert voucher.formula == {"words": "10,000 ＋ 8,000 × 50% ＝ 14,000 元", "decided_by": "tiers"}
    assert normalise_code(voucher.code) == voucher.code
    assert LedgerEntry.objects.get(kind="hold").reference == f"{voucher.code}/1"
    verbs = AuditRow.objects.filter(subject_id=voucher.pk, verb__startswith="voucher.").values_list("verb", flat=True)
    assert set(verbs) == {"voucher.requested", "voucher.issued"}


@pytest.mark.feature("ZJ-8")
@pytest.mark.parametrize(("contract", "amount"), [(8_000, 8_000), (30_000, 20_000)])
def test_scenario_9_tiers(programme: Programme, contract: int, amount: int) -> None:
    """Scenario 9: 8,000 pays 8,000, 30,000 pays 20,000."""
    assert factories.make_voucher(programme=programme, contract=contract, quota=50_000).amount == amount


def test_the_remaining_quota_cuts_the_amount(programme: Programme) -> None:
    voucher = factories.make_voucher(programme=programme, contract=30_000, quota="12345.67")
    assert voucher.amount == Decimal("12345.67")
    assert voucher.formula["decided_by"] == "remaining"


def test_without_quota_no_voucher(enterprise: Organization, programme: Programme, carrier: Carrier) -> None:
    factories.make_voucher(enterprise, programme, carrier, contract=50_000, quota=5_000)
    before = everything()
    with pytest.raises(Refused, match="可用额度为 0 元"):
        request(enterprise, programme, carrier)
    assert everything() == before


def request(
    enterprise: Organization,
    programme: Programme,
    carrier: Carrier,
    *,
    redeemer: str = "enterprise",
    contract: int = 100,
) -> Voucher:
    return services.request_voucher(
        organization=enterprise,
        carrier=carrier,
        programme=programme,
        snapshot=snapshot(programme, enterprise.region),
        region=enterprise.bureau,
        facts=factories.facts(contract),
        redeemer=redeemer,
        by=cast.owner_of(enterprise),
    )


@pytest.mark.feature("ZJ-8")
def test_the_county_may_fix_who_redeems(enterprise: Organization, programme: Programme, carrier: Carrier) -> None:
    factories.add_override(programme, enterprise.region, redeemer="carrier")
    factories.claim(enterprise, programme, 1_000)
    with pytest.raises(Refused, match="兑付方由当地规则确定"):
        request(enterprise, programme, carrier)
    assert not Voucher.objects.exists()
    assert request(enterprise, programme, carrier, redeemer="carrier").redeemer == "carrier"


def test_a_contract_below_the_minimum_is_refused(enterprise: Organization, carrier: Carrier) -> None:
    programme = factories.make_programme(min_contract=Decimal(4_000))
    factories.claim(enterprise, programme, 5_000)
    with pytest.raises(Refused, match="不到 4,000 元"):
        request(enterprise, programme, carrier, contract=3_999)
    assert not Voucher.objects.exists()


def test_a_frozen_account_backs_no_voucher(enterprise: Organization, programme: Programme, carrier: Carrier) -> None:
    factories.claim(enterprise, programme, 5_000)
    QuotaAccount.objects.update(frozen_reason="核查中")
    with pytest.raises(Refused, match="额度已冻结"):
        request(enterprise, programme, carrier)
    assert not Voucher.objects.exists()


def test_quota_that_ends_first_is_used_first(enterprise: Organization, carrier: Carrier) -> None:
    programme = factories.make_programme(valid_days=90)
    first = factories.claim(enterprise, programme, 1_000)
    QuotaAccount.objects.update(valid_until=first.valid_until.replace(day=1))
    factories.claim(enterprise, programme, 1_000)
    assert request(enterprise, programme, carrier).account == first


def test_where_nothing_confirms_a_voucher_is_confirmed_at_once(enterprise: Organization, carrier: Carrier) -> None:
    programme = factories.make_programme(confirmation="none")
    factories.claim(enterprise, programme, 1_000)
    voucher = request(enterprise, programme, carrier)
    assert (voucher.status, voucher.confirmed_by) == ("confirmed", None)


def test_a_later_hold_is_taken_at_redemption(enterprise: Organization, carrier: Carrier) -> None:
    programme = factories.make_programme(confirmation="none", hold_at="redemption")
    factories.claim(enterprise, programme, 1_000)
    voucher = request(enterprise, programme, carrier)
    assert voucher.held == 0
    voucher = services.start_redeeming(voucher, by=None)
    assert voucher.held == 100
    assert services.stop_redeeming(voucher, by=None).held == 0
    assert list(invariants.vouchers_hold_their_entries()) == []


@pytest.mark.feature("ZO-10")
def test_a_reviewed_use_may_be_lowered_never_raised(enterprise: Organization, carrier: Carrier) -> None:
    programme = factories.make_programme(use_chain="use-review")
    factories.claim(enterprise, programme, 1_000)
    voucher = request(enterprise, programme, carrier)
    assert voucher.status == "requested"
    with pytest.raises(Refused, match="不能超过"):
        services.issue_voucher(voucher, by=None, amount=Decimal("100.01"))
    voucher = services.issue_voucher(voucher, by=None, amount=Decimal(60))
    account = QuotaAccount.objects.get()
    assert (voucher.amount, voucher.held, account.held, account.available) == (60, 60, 60, 940)


@pytest.mark.feature("ZJ-9")
class TestScenario10:
    """Void before confirmation; afterwards only the bureau; last year's quota does not come back."""

    def test_the_holder_voids_before_confirmation(self, issued: Voucher) -> None:
        owner = cast.owner_of(issued.organization)
        services.void_voucher(issued, by=owner, reason="合同金额填错")
        issued.refresh_from_db()
        account = QuotaAccount.objects.get()
        assert (issued.status, issued.end_reason) == ("voided", "合同金额填错")
        assert (account.available, account.held) == (20_000, 0)
        told = set(Message.objects.filter(kind="voucher.voided").values_list("user_id", flat=True))
        assert told == {owner.pk, cast.owner_of(issued.carrier.organization).pk}

    def test_after_confirmation_only_the_bureau_ends_it(self, confirmed: Voucher, officer: User) -> None:
        with pytest.raises(Refused, match="联系科技局终止"):
            services.void_voucher(confirmed, by=cast.owner_of(confirmed.organization), reason="填错")
        confirmed.refresh_from_db()
        assert confirmed.status == "confirmed"
        office = Office.objects.get(group__user=officer)
        services.terminate_voucher(confirmed, by=officer, office=office, reason="合同解除")
        account = QuotaAccount.objects.get()
        assert (account.available, account.held) == (20_000, 0)
        assert AuditRow.objects.get(verb="voucher.terminated").office_name == office.name

    def test_last_years_quota_lapses(self, confirmed: Voucher, officer: User) -> None:
        account = QuotaAccount.objects.get()
        factories.end_year(account)
        services.terminate_voucher(confirmed, by=officer, office=None, reason="合同解除")
        account.refresh_from_db()
        assert (account.available, account.held, account.lapsed) == (6_000, 0, 14_000)

    def test_only_with_the_right_there_and_with_a_reason(self, confirmed: Voucher, officer: User) -> None:
        elsewhere = cast.make_officer(cast.OTHER_COUNTY, "terminate_voucher")
        for by, reason in [(elsewhere, "越权"), (cast.owner_of(confirmed.organization), "自己"), (officer, "  ")]:
            with pytest.raises(Refused):
                services.terminate_voucher(confirmed, by=by, office=None, reason=reason)
        confirmed.refresh_from_db()
        assert confirmed.status == "confirmed"

    def test_one_or_many(self) -> None:
        first = factories.make_voucher(contract=100)
        enterprise, programme = first.organization, first.programme
        second = factories.make_voucher(enterprise, programme, first.carrier, contract=200, state="confirmed")
        third = factories.make_voucher(enterprise, programme, first.carrier, contract=300)
        ended = services.void_vouchers([first, second, third], by=cast.owner_of(enterprise), reason="填错")
        assert [bool(found.refusal) for found in ended] == [False, True, False]
        assert set(Voucher.objects.values_list("status", flat=True)) == {"voided", "confirmed"}
        assert QuotaAccount.objects.get().held == 200

    @pytest.mark.parametrize("role", ["finance", "viewer"])
    def test_readers_cannot_void(self, issued: Voucher, role: str) -> None:
        with pytest.raises(Refused):
            services.void_voucher(issued, by=cast.make_member(issued.organization, role=role), reason="x")
        with pytest.raises(Refused):
            services.void_voucher(issued, by=cast.owner_of(issued.carrier.organization), reason="x")
        issued.refresh_from_db()
        assert issued.status == "issued"


def test_a_frozen_voucher_stands_still(issued: Voucher) -> None:
    Voucher.objects.update(frozen_reason="核查中")
    owner = cast.owner_of(issued.organization)
    for act in (
        lambda: services.void_voucher(issued, by=owner, reason="x"),
        lambda: services.confirm_voucher(issued, by=owner),
    ):
        with pytest.raises(Refused, match="已冻结：核查中"):
            act()
    issued.refresh_from_db()
    assert issued.status == "issued"


def test_redeeming_to_the_end(redeeming: Voucher) -> None:
    account = QuotaAccount.objects.get()
    services.reduce_hold(redeeming, to=Decimal(12_000), by=None)
    services.freeze_voucher(redeeming, amount=Decimal(12_000), by=None)
    redeeming.refresh_from_db()
    assert (redeeming.held, redeeming.in_batch) == (0, 12_000)
    services.unfreeze_voucher(redeeming, amount=Decimal(12_000), by=None)
    services.freeze_voucher(redeeming, amount=Decimal(12_000), by=None)
    services.pay_voucher(redeeming, amount=Decimal(12_000), by=None)
    redeeming.refresh_from_db()
    account.refresh_from_db()
    assert (redeeming.status, redeeming.paid_amount, redeeming.held, redeeming.in_batch) == ("paid", 12_000, 0, 0)
    assert (account.available, account.held, account.in_batch, account.spent) == (8_000, 0, 0, 12_000)
    for name, check in invariants.CHECKS.items():
        assert list(check()) == [], name


@pytest.mark.parametrize("amount", ["14000.01", "-1"])
def test_a_reduction_keeps_within_the_hold(redeeming: Voucher, amount: str) -> None:
    with pytest.raises(Refused):
        services.reduce_hold(redeeming, to=Decimal(amount), by=None)
    redeeming.refresh_from_db()
    assert redeeming.held == 14_000


@pytest.mark.parametrize("verb", ["freeze", "unfreeze", "pay"])
def test_a_batch_moves_no_more_than_the_voucher_has(redeeming: Voucher, verb: str) -> None:
    move = {"freeze": services.freeze_voucher, "unfreeze": services.unfreeze_voucher, "pay": services.pay_voucher}[verb]
    before = everything()
    with pytest.raises((Refused, IntegrityError)), transaction.atomic():
        move(redeeming, amount=Decimal("14000.01"), by=None)
    assert everything() == before


def test_what_is_in_a_batch_cannot_be_terminated(redeeming: Voucher, officer: User) -> None:
    services.freeze_voucher(redeeming, amount=Decimal(1), by=None)
    with pytest.raises(Refused, match="已列入结算批次"):
        services.terminate_voucher(redeeming, by=officer, office=None, reason="查实")
    redeeming.refresh_from_db()
    assert redeeming.status == "redeeming"


@pytest.mark.feature("ZJ-8")
def test_related_parties_are_refused_where_the_scheme_says_so(enterprise: Organization, carrier: Carrier) -> None:
    refuse = snapshot(factories.make_programme(), enterprise.region)
    flag = snapshot(factories.make_programme(kind="flag", related_party="flag"), enterprise.region)
    policies = [policy_of(row) for row in (refuse, flag)]
    assert services.related_party_answer(policies[0], enterprise, carrier) == (True, "")
    enterprise.legal_person = carrier.organization.legal_person = "陆甲"
    allowed, why = services.related_party_answer(policies[0], enterprise, carrier)
    assert not allowed
    assert "法定代表人" in why
    assert services.related_party_answer(policies[1], enterprise, carrier)[0]


def test_a_shared_phone_or_account_is_related(enterprise: Organization, carrier: Carrier) -> None:
    both = cast.owner_of(enterprise)
    cast.make_member(carrier.organization, user=both)
    assert both.phone in services.party_of(enterprise).phones & services.party_of(carrier.organization).phones
