"""A small world for the tests: a programme with rules, carriers, quota and vouchers."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from accounts.models import Organization, User
from carriers.models import Carrier
from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Chain, Region
from innovation_voucher.tests import cast
from vouchers.models import ClassRow, FieldRow, Override, Programme, ProgrammeVersion, QuotaAccount, Voucher
from vouchers.resolve import snapshot
from vouchers.services import VoucherFacts, claim_instantly, confirm_voucher, request_voucher, start_redeeming
from vouchers.services.publishing import open_programme, publish

PRESETS = Path(__file__).resolve().parents[1] / "data"

#: Rules under which quota comes at once and vouchers wait for their carrier.
INSTANT: dict[str, Any] = {
    "eligible_classes": ["any", "individual"],
    "claim_mode": "instant",
    "claim_channel": "portal",
    "cap_year": Decimal(200_000),
    "grant": "requested",
    "budget_pool": "county",
    "redeem_grace": "03-15",
    "subsidy_tiers": [["0", "1"], ["10000", "0.5"]],
    "tiers_apply": "marginal",
    "rounding_step": Decimal("0.01"),
    "rounding_mode": "half_up",
    "hold_at": "use_submitted",
    "cancel_until": "carrier_confirms",
    "confirmation": "carrier_confirms",
    "redeemer": "choice",
    "related_party": "refuse",
    "excluded_categories": ["0106", "0107"],
}


def preset(name: str = "zj") -> dict[str, Any]:
    """The content of a preset file."""
    data: dict[str, Any] = json.loads((PRESETS / f"{name}.json").read_text())
    return data


def make_programme(*, region_code: str = "330000", year: int = 0, kind: str = "", **parameters: Any) -> Programme:
    """An open programme whose published version says INSTANT with these changes."""
    today = calendar.today()
    year = year or today.year
    programme = Programme.objects.create(
        family="test",
        year=year,
        kind=kind,
        name=f"测试创新券{kind}",
        region=cast.make_region(region_code),
        opens_on=date(year, 1, 1),
        closes_on=date(year, 12, 31),
    )
    add_version(programme, **{**INSTANT, **parameters})
    return open_programme(programme, by=None)


def add_version(
    programme: Programme, *, day: date | None = None, classes: Iterable[dict[str, Any]] = (), **parameters: Any
) -> ProgrammeVersion:
    """A further published version."""
    version = ProgrammeVersion.objects.create(
        programme=programme,
        number=programme.versions.count() + 1,
        effective_from=day or date(programme.year, 1, 1),
        **parameters,
    )
    ClassRow.objects.bulk_create(ClassRow(version=version, **row) for row in classes)
    if "revenue_max" in parameters:
        add_field(version, "revenue", "yuan", "上年度营业收入")
    publish(version, by=None)
    programme.refresh_from_db()
    return version


def add_field(version: ProgrammeVersion, key: str, kind: str, label: str, *, stage: str = "claim") -> FieldRow:
    """A field of one of the version's forms."""
    return FieldRow.objects.create(version=version, stage=stage, key=key, type=kind, label=label)


def add_override(
    programme: Programme,
    region: Region | None = None,
    *,
    class_key: str = "",
    day: date | None = None,
    **parameters: Any,
) -> Override:
    """What a region or class has instead."""
    override = Override.objects.create(
        programme=programme,
        region=region,
        class_key=class_key,
        number=programme.overrides.count() + 1,
        effective_from=day or date(programme.year, 1, 1),
        **parameters,
    )
    publish(override, by=None)
    programme.refresh_from_db()
    return override


def make_carrier(**fields: Any) -> Carrier:
    """A carrier with its own legal person."""
    organization = cast.make_organization("carrier", name=fields.pop("name", ""))
    # Another payee account than the enterprises of the cast have.
    organization.bank_accounts.update(active=False)
    cast.make_bank_account(organization, f"62220200{organization.pk:011d}")
    return Carrier.objects.create(
        organization=organization,
        number=f"C{organization.pk:06d}",
        name=organization.name,
        **{"region": organization.region, **fields},
    )


def facts(amount: int | str = 18_000, **changes: Any) -> VoucherFacts:
    """The facts of a contract."""
    values: dict[str, Any] = {
        "service_title": "样机环境可靠性试验",
        "service_category": "气候环境试验",
        "contract_name": "样机试验服务合同",
        "contract_number": "HT-2026-118",
        "contract_amount": Decimal(amount),
    }
    return VoucherFacts(**{**values, **changes})


def claim(organization: Organization, programme: Programme, amount: int | str = 20_000) -> QuotaAccount:
    """Claimed quota; answers its account."""
    row = claim_instantly(organization, programme, amount=Decimal(amount), by=cast.owner_of(organization))
    assert row.account is not None
    return QuotaAccount.objects.get(pk=row.account.pk)


def make_voucher(
    organization: Organization | None = None,
    programme: Programme | None = None,
    carrier: Carrier | None = None,
    *,
    state: str = "issued",
    contract: int | str = 18_000,
    quota: int | str = 20_000,
    redeemer: str = "enterprise",
) -> Voucher:
    """A voucher in requested (by way of issued), issued, confirmed, redeeming or an ended state's start."""
    organization = organization or cast.make_organization()
    programme = programme or make_programme()
    by: User = cast.owner_of(organization)
    if not QuotaAccount.objects.filter(organization=organization, available__gt=0).exists():
        claim(organization, programme, quota)
    voucher = request_voucher(
        organization=organization,
        carrier=carrier or make_carrier(),
        programme=programme,
        snapshot=snapshot(programme, organization.region),
        region=organization.bureau,
        facts=facts(contract),
        redeemer=redeemer,
        by=by,
    )
    if state in ("confirmed", "redeeming"):
        voucher = confirm_voucher(voucher, by=by)
    if state == "redeeming":
        voucher = start_redeeming(voucher, by=by)
    assert voucher.status == state, voucher.status
    return voucher


def end_year(account: QuotaAccount, *, days: int = 1) -> None:
    """Move the account's last day before today, as if the year were over."""
    QuotaAccount.objects.filter(pk=account.pk).update(valid_until=calendar.today() - timedelta(days=days))


def make_chains(preset: Mapping[str, Any]) -> None:
    """The chains that a preset names, without their steps."""
    for chain in preset.get("chains", ()):
        Chain.objects.get_or_create(key=chain["key"], defaults={"name": chain["name"]})
