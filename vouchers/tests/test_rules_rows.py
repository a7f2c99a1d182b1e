"""Presets, versions, overrides: how rows become the policy of a region, and that they stay as published."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts.models import Organization
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Chain
from innovation_voucher.tests import cast
from vouchers.models import (
    EvidenceRow,
    Override,
    PolicySnapshot,
    Programme,
    ProgrammeVersion,
    TermRow,
)
from vouchers.policy import Policy
from vouchers.presets import PresetBroken
from vouchers.resolve import policy_of, programme_for, snapshot
from vouchers.services import accounts
from vouchers.services.loading import load_programme
from vouchers.services.publishing import open_programme, publish

from . import factories

pytestmark = pytest.mark.django_db

Capture = Any

INSERT_ROW = (
    "INSERT INTO vouchers_termrow (version_id, position, act, days, unit, remind_before, on_expiry) "
    "SELECT id, 99, 'x', 1, 'd', 0, 'lapse' FROM vouchers_programmeversion"
)


def rules(programme: Programme, code: str = cast.COUNTY, **extra: Any) -> Policy:
    return policy_of(snapshot(programme, cast.make_region(code), **extra))


@pytest.fixture
def preset() -> dict[str, Any]:
    for code in ("330000", "330106", "330108"):
        cast.make_region(code)
    return factories.preset()


class TestPreset:
    def test_it_opens_a_programme_with_chain_rows_and_overrides(self, preset: dict[str, Any]) -> None:
        load_programme(preset)
        programme = Programme.objects.get()
        assert (programme.status, programme.region.code) == ("open", "330000")
        assert Chain.objects.get(key="zj-redemption").steps.get().right == "review_redemption"
        free, strict = rules(programme, "330108"), rules(programme, "330106")
        assert (free.cap_year, free.cap_claim, free.redeemer) == (200_000, None, "choice")
        assert (strict.cap_claim, strict.cap_holding, strict.cap_year) == (20_000, 50_000, 100_000)
        assert strict.redeemer == "enterprise"
        assert strict.use_chain is None
        assert [term.act for term in free.terms][:2] == ["order_answer", "voucher_confirmation"]
        assert free.evidence_row("use", "contract").minimum == 1

    def test_every_parameter_of_its_scheme_is_set(self, preset: dict[str, Any]) -> None:
        """What the scheme's column of the table leaves open is left open here, and nothing else."""
        said = set(preset["versions"][0]["parameters"])
        open_by_source = {
            "revenue_max",
            "claim_chain",
            "claim_link",
            "cap_claim",
            "cap_holding",
            "cap_voucher",
            "account_number",
            "valid_days",
            "use_chain",
            "window_from",
            "window_to",
            "pay_within_days",
            "invoices_per_order",
        }
        assert set(ProgrammeVersion.parameter_names()) - said == open_by_source

    def test_loading_again_changes_nothing(self, preset: dict[str, Any]) -> None:
        assert load_programme(preset)
        before = list(ProgrammeVersion.objects.values()), list(Override.objects.values())
        assert load_programme(preset) == []
        assert (list(ProgrammeVersion.objects.values()), list(Override.objects.values())) == before

    @pytest.mark.parametrize("change", ["parameter", "row", "override"])
    def test_other_values_need_a_new_version(self, preset: dict[str, Any], change: str) -> None:
        load_programme(preset)
        if change == "parameter":
            preset["versions"][0]["parameters"]["cap_year"] = "1"
        elif change == "row":
            preset["versions"][0]["terms"][0]["days"] = 3
        else:
            preset["overrides"][0]["parameters"]["cap_year"] = "1"
        with pytest.raises(PresetBroken, match="published with other"):
            load_programme(preset)
        assert rules(Programme.objects.get()).cap_year == 200_000

    def test_a_second_version_takes_over_on_its_day(self, preset: dict[str, Any]) -> None:
        load_programme(preset)
        tomorrow = calendar.today() + timedelta(days=1)
        second = {**preset["versions"][0], "number": 2, "effective_from": tomorrow.isoformat()}
        second["parameters"] = {**second["parameters"], "redeemer": "carrier"}
        preset["versions"].append(second)
        assert load_programme(preset) == ["version 2"]
        programme = Programme.objects.get()
        assert rules(programme).redeemer == "choice"
        assert rules(programme, day=tomorrow).redeemer == "carrier"

    @pytest.mark.parametrize(
        ("path", "value", "words"),
        [
            (("versions", 0, "parameters", "cap_yeer"), "1", "versions[0].parameters.cap_yeer: no such parameter"),
            (("versions", 0, "parameters", "cap_year"), "many", "versions[0].parameters.cap_year:"),
            (("versions", 0, "parameters", "claim_mode"), "magic", "versions[0].parameters.claim_mode:"),
            (("versions", 0, "parameters", "subsidy_tiers"), [["5", "1"]], "subsidy_tiers: start at 0"),
            (("versions", 0, "parameters", "subsidy_tiers"), "half", "subsidy_tiers: start at 0"),
            (("versions", 0, "parameters", "redemption_chain"), "none", "the file has no chain 'none'"),
            (("versions", 0, "parameters", "order_number"), "X{what}", "order_number: is no pattern"),
            (("versions", 0, "terms", 0, "unit"), "years", "versions[0].terms[0].unit:"),
            (("versions", 0, "evidence", 0, "color"), "red", "versions[0].evidence[0].color: unknown"),
            (("versions", 0, "assumed"), ["luck"], "versions[0].assumed: no parameter 'luck'"),
            (("overrides", 0, "parameters", "min_contract"), "1", "min_contract: not overridable"),
            (("overrides", 0, "parameters", "cap_year"), "500001", "is not within 0 and 500000"),
            (("overrides", 0, "region"), "999999", "there is no region '999999'"),
            (("programme", "region"), "999999", "there is no region '999999'"),
            (("programme", "color"), "red", "programme: 'color' is unknown"),
            (("chains", 0, "steps", 0, "scope"), "moon", "chains[0].steps[0].scope:"),
        ],
    )
    def test_every_mistake_is_said_with_its_place(
        self, preset: dict[str, Any], tmp_path: Path, path: tuple[Any, ...], value: Any, words: str
    ) -> None:
        place = preset
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        file = tmp_path / "broken.json"
        file.write_text(json.dumps(preset))
        with pytest.raises(CommandError) as error:
            call_command("load_programme", str(file))
        assert words in str(error.value)
        assert not Programme.objects.exists()

    def test_the_command_knows_presets_by_name(self, preset: dict[str, Any], capsys: Any) -> None:
        call_command("load_programme", "zj")
        assert "programme" in capsys.readouterr().out
        call_command("load_programme", "zj")
        assert "nothing new" in capsys.readouterr().out

    def test_a_file_that_is_not_there_names_the_presets(self) -> None:
        with pytest.raises(CommandError, match=r"presets are .*zj"):
            call_command("load_programme", "nowhere")

    def test_a_file_that_is_no_json_is_said(self, tmp_path: Path) -> None:
        file = tmp_path / "broken.json"
        file.write_text("{")
        with pytest.raises(CommandError, match="is no JSON"):
            call_command("load_programme", str(file))


class TestResolving:
    def test_the_nearest_region_has_the_last_word(self, programme: Programme) -> None:
        factories.add_override(programme, cast.make_region("330100"), cap_year=Decimal(7), cap_claim=Decimal(5))
        factories.add_override(programme, cast.make_region(cast.COUNTY), cap_year=Decimal(6))
        found = rules(programme)
        assert (found.cap_year, found.cap_claim) == (6, 5)
        assert rules(programme, cast.OTHER_COUNTY).cap_year == 7

    def test_a_class_has_its_own_values(self, programme: Programme) -> None:
        factories.add_override(programme, class_key="talent", cap_year=Decimal(9))
        assert rules(programme, class_key="talent").cap_year == 9
        assert rules(programme).cap_year == 200_000

    def test_overrides_count_from_their_day(self, programme: Programme) -> None:
        tomorrow = calendar.today() + timedelta(days=1)
        factories.add_override(programme, cast.make_region(), day=tomorrow, cap_year=Decimal(1))
        assert rules(programme).cap_year == 200_000
        assert rules(programme, day=tomorrow).cap_year == 1

    def test_what_is_not_published_does_not_count(self, programme: Programme) -> None:
        Override.objects.create(
            programme=programme, region=cast.make_region(), effective_from=calendar.today(), cap_year=Decimal(1)
        )
        assert rules(programme).cap_year == 200_000

    def test_before_the_first_version_there_are_no_rules(self, programme: Programme) -> None:
        with pytest.raises(Refused, match="还没有公布规则"):
            rules(programme, day=programme.opens_on - timedelta(days=1))

    def test_equal_rules_share_one_snapshot(self, programme: Programme) -> None:
        one = snapshot(programme, cast.make_region(cast.COUNTY))
        other = snapshot(programme, cast.make_region(cast.OTHER_COUNTY))
        assert one == other
        assert PolicySnapshot.objects.count() == 1

    def test_a_publication_is_seen_at_once(
        self, programme: Programme, django_capture_on_commit_callbacks: Capture, django_assert_num_queries: Any
    ) -> None:
        region = cast.make_region()
        with django_capture_on_commit_callbacks(execute=True):
            assert rules(programme).cap_year == 200_000
        with django_assert_num_queries(0):
            snapshot(programme, region)
        factories.add_override(programme, region, cap_year=Decimal(3))
        assert rules(programme).cap_year == 3

    def test_scenario_17_a_voucher_keeps_the_rules_of_its_day(
        self, enterprise: Organization, programme: Programme
    ) -> None:
        """Scenario 17: a voucher's own snapshot."""
        voucher = factories.make_voucher(enterprise, programme)
        factories.add_version(programme, **{**factories.INSTANT, "redeemer": "carrier"})
        assert rules(programme).redeemer == "carrier"
        voucher.refresh_from_db()
        assert policy_of(voucher.snapshot).redeemer == "choice"

    def test_programmes_are_found_for_whom_they_are_open(self, enterprise: Organization, programme: Programme) -> None:
        factories.make_programme(region_code="320000", kind="far")
        assert programme_for(enterprise) == [programme]
        assert programme_for(cast.make_region("330100")) == [programme]
        assert programme_for(enterprise, day=programme.closes_on + timedelta(days=1)) == []


class TestPublished:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE vouchers_programmeversion SET cap_year = 1",
            "DELETE FROM vouchers_programmeversion",
            "UPDATE vouchers_override SET cap_year = 1",
            "DELETE FROM vouchers_override",
            "UPDATE vouchers_termrow SET days = 1",
            "DELETE FROM vouchers_evidencerow",
            INSERT_ROW,
        ],
    )
    def test_it_stays_as_it_is(self, preset: dict[str, Any], statement: str) -> None:
        load_programme(preset)
        before = [list(m.objects.values()) for m in (ProgrammeVersion, Override, TermRow, EvidenceRow)]
        with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(statement)
        assert [list(m.objects.values()) for m in (ProgrammeVersion, Override, TermRow, EvidenceRow)] == before

    def test_a_draft_may_be_changed_and_thrown_away(self, programme: Programme) -> None:
        draft = ProgrammeVersion.objects.create(programme=programme, number=2, effective_from=calendar.today())
        row = TermRow.objects.create(version=draft, act="x", days=1, unit="d", on_expiry="lapse")
        row.days = 2
        row.save()
        row.delete()
        draft.cap_year = Decimal(1)
        draft.save()
        draft.delete()
        assert programme.versions.count() == 1

    def test_it_is_published_once(self, programme: Programme) -> None:
        with pytest.raises(Refused, match="已经公布"):
            publish(programme.versions.get(), by=None)

    def test_a_programme_opens_with_rules_and_once(self, programme: Programme) -> None:
        with pytest.raises(Refused, match="不是草稿"):
            open_programme(programme, by=None)
        bare = Programme.objects.create(
            family="bare",
            year=2026,
            name="空",
            region=programme.region,
            opens_on=programme.opens_on,
            closes_on=programme.closes_on,
        )
        with pytest.raises(Refused, match="先公布一版规则"):
            open_programme(bare, by=None)

    def test_a_vouchers_facts_are_frozen_from_its_issue(self) -> None:
        factories.make_voucher()
        for column in ("amount = amount - 1", "contract_name = 'x'", "carrier_id = carrier_id + 1", "redeemer = 'x'"):
            with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(f"UPDATE vouchers_voucher SET {column}")


@pytest.mark.parametrize(
    ("valid_days", "grace", "valid", "redeem"),
    [
        (None, "03-15", "2026-12-31", "2027-03-15"),
        (90, "03-31", "2026-04-01", "2027-03-31"),
        (None, None, "2026-12-31", "2026-12-31"),
    ],
)
def test_last_days(programme: Programme, valid_days: int | None, grace: str | None, valid: str, redeem: str) -> None:
    programme.year = 2026
    policy = Policy(valid_days=valid_days, redeem_grace=grace)
    day = calendar.today().replace(year=2026, month=1, day=1)
    last = accounts.last_valid_day(programme, policy, day)
    assert last.isoformat() == valid
    assert accounts.last_redeem_day(policy, last).isoformat() == redeem
