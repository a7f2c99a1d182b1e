"""A recognition in every state, with every act, by everybody: one table says what may happen."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from carriers import rules, services
from carriers.models import Carrier, CarrierRecognition
from innovation_voucher.casework import reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message, Region
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, post, text_of

from .factories import make_recognition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("chain")]

State = CarrierRecognition.State
STATES = State.values
#: Act of the bureau → states in which it may happen, and where it leads.
BUREAU = {
    "suspend": ({"recognized"}, "suspended"),
    "resume": ({"suspended"}, "recognized"),
    "end": ({"recognized", "suspended"}, "ended"),
}
#: Who → may they act for the carrier, may they act for the bureau, may they see the case.
ROLES = {
    "owner": (True, False, True),
    "handler": (True, False, True),
    "finance": (False, False, True),
    "viewer": (False, False, True),
    "former": (False, False, False),
    "stranger": (False, False, False),
    "officer": (False, True, True),
    "province": (False, True, True),
    "looker": (False, False, True),
    "foreign": (False, False, False),
    "other_right": (False, False, False),
    "operator": (False, False, False),
}
everybody = pytest.mark.parametrize("who", ROLES)
every_state = pytest.mark.parametrize("state", STATES)


def person(who: str, carrier: Carrier) -> User:
    """Somebody of the table."""
    if who == "owner":
        return cast.owner_of(carrier.organization)
    if who in {"handler", "finance", "viewer"}:
        return cast.make_member(carrier.organization, role=who)
    if who == "former":
        found = cast.make_member(carrier.organization, role="owner")
        found.memberships.update(active=False)
        return found
    return _outsider(who)


def _outsider(who: str) -> User:
    if who == "looker":
        centre = cast.make_office("centre", rights=("view_cases",))
        return cast.make_officer(kind="centre", office=centre)
    made = {
        "stranger": lambda: cast.owner_of(cast.rival()),
        "officer": lambda: cast.make_officer(cast.COUNTY, rules.RIGHT),
        "province": lambda: cast.make_officer("330000", rules.RIGHT, kind="province"),
        "foreign": lambda: cast.make_officer(cast.OTHER_COUNTY, rules.RIGHT),
        "other_right": lambda: cast.make_officer(cast.COUNTY, "review_verification"),
        "operator": lambda: cast.make_user(is_staff=True, is_superuser=True),
    }
    return made[who]()


def snapshot(row: CarrierRecognition) -> tuple[Any, ...]:
    """What a refused act must leave as it was."""
    fresh = CarrierRecognition.objects.get(pk=row.pk)
    carrier = Carrier.objects.get(pk=row.carrier_id)
    return fresh.status, fresh.reason, fresh.decided_at, carrier.shown, carrier.standings, AuditRow.objects.count()


@every_state
@pytest.mark.parametrize("act", BUREAU)
def test_the_bureau_s_acts_lead_where_the_table_says(carrier: Carrier, county: Region, state: str, act: str) -> None:
    row, officer = make_recognition(carrier, county, state), person("officer", carrier)
    before = snapshot(row)
    allowed, target = BUREAU[act]
    verb = getattr(services, f"{act}_recognition")
    if state in allowed:
        assert verb(row, by=officer, reason="年度核查").status == target
        assert AuditRow.objects.latest("pk").after == {"status": target}
    else:
        with pytest.raises(Refused, match="刷新页面查看最新进展"):
            verb(row, by=officer, reason="年度核查")
        assert snapshot(row) == before


@everybody
@pytest.mark.parametrize("act", BUREAU)
def test_only_the_bureau_of_the_region_acts(carrier: Carrier, county: Region, who: str, act: str) -> None:
    state = min(BUREAU[act][0])
    row, by = make_recognition(carrier, county, state), person(who, carrier)
    before = snapshot(row)
    verb = getattr(services, f"{act}_recognition")
    if ROLES[who][1]:
        assert verb(row, by=by, reason="年度核查").status == BUREAU[act][1]
    else:
        with pytest.raises(NotAllowed, match="审核机构入库"):
            verb(row, by=by, reason="年度核查")
        assert snapshot(row) == before


@everybody
def test_who_may_apply(carrier: Carrier, county: Region, who: str) -> None:
    by = person(who, carrier)
    if ROLES[who][0]:
        assert services.apply_for_recognition(carrier, county, by=by).status == "submitted"
    else:
        with pytest.raises(NotAllowed):
            services.apply_for_recognition(carrier, county, by=by)
        assert not CarrierRecognition.objects.exists()


@everybody
def test_who_may_see_an_application(carrier: Carrier, county: Region, who: str) -> None:
    row, by = make_recognition(carrier, county, "submitted"), person(who, carrier)
    assert rules.may_see(by, row) is ROLES[who][2]


@everybody
def test_who_may_withdraw_and_hand_in_again(carrier: Carrier, county: Region, who: str) -> None:
    row = services.apply_for_recognition(carrier, county, by=cast.owner_of(carrier.organization))
    by = person(who, carrier)
    before = snapshot(row)
    if ROLES[who][0]:
        assert services.withdraw_recognition(row, by=by).status == "withdrawn"
        return
    for act in (
        lambda: services.withdraw_recognition(row, by=by),
        lambda: services.resubmit_recognition(row, by=by, statement="改"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert snapshot(row) == before


@every_state
def test_only_what_waits_is_withdrawn(carrier: Carrier, county: Region, state: str) -> None:
    owner = cast.owner_of(carrier.organization)
    allowed = {"draft", "submitted", "returned"}
    row = make_recognition(carrier, county, "draft" if state in allowed else state)
    if state in allowed:
        assert services.withdraw_recognition(row, by=owner).status == "withdrawn"
        return
    before = snapshot(row)
    with pytest.raises(Refused):
        services.withdraw_recognition(row, by=owner)
    assert snapshot(row) == before


@pytest.mark.parametrize("state", sorted(set(STATES) - {"returned"}))
def test_what_was_not_returned_is_not_handed_in_again(carrier: Carrier, county: Region, state: str) -> None:
    row = make_recognition(carrier, county, state)
    before = snapshot(row)
    with pytest.raises(Refused):
        services.resubmit_recognition(row, by=cast.owner_of(carrier.organization), statement="改")
    assert snapshot(row) == before


def test_what_was_returned_is_handed_in_again(carrier: Carrier, county: Region) -> None:
    owner, officer = cast.owner_of(carrier.organization), person("officer", carrier)
    row = services.apply_for_recognition(carrier, county, by=owner)
    task = reviews.live_case(row).tasks.get(status="open")  # type: ignore[union-attr]
    office = officer.groups.get().office
    reviews.decide(task, by=officer, office=office, decision="return", items=[("statement", "写明资质")])
    again = services.resubmit_recognition(CarrierRecognition.objects.get(), by=owner, statement="有资质")
    assert (again.status, again.statement) == ("submitted", "有资质")


# --- The same through the bureau's pages --------------------------------------------------------


def status(client: Client, row: CarrierRecognition, act: str = "") -> int:
    address = f"/bureau/carriers/{row.number}/"
    answer = post(client, f"{address}{act}/", reason="年度核查") if act else client.get(address)
    return int(answer.status_code)


@everybody
def test_pages_answer_everybody_as_the_table_says(carrier: Carrier, county: Region, who: str) -> None:
    row = make_recognition(carrier, county)
    client = client_of(person(who, carrier))
    office = {"officer": (200, 302), "province": (200, 302), "looker": (200, 403)}
    hidden = {"foreign", "other_right"}
    read, act = office.get(who, (404, 404) if who in hidden else (403, 403))
    assert (status(client, row), status(client, row, "suspend")) == (read, act)
    row.refresh_from_db()
    assert row.status == ("suspended" if act == 302 else "recognized")


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "rejected", "withdrawn"])
def test_what_was_never_in_force_has_no_page_of_the_bureau(carrier: Carrier, county: Region, state: str) -> None:
    row = make_recognition(carrier, county, state)
    assert status(client_of(person("officer", carrier)), row) == 404


def test_a_looker_reads_who_can_act(carrier: Carrier, county: Region) -> None:
    row = make_recognition(carrier, county)
    page = text_of(client_of(person("looker", carrier)).get(f"/bureau/carriers/{row.number}/"))
    assert f"此事由{county.name}科技主管部门" in page
    assert f"/bureau/carriers/{row.number}/suspend/" not in page


def test_an_act_tells_writers_once_and_readers_not(carrier: Carrier, county: Region) -> None:
    people = {who: person(who, carrier) for who in ("owner", "handler", "finance", "viewer", "former")}
    services.suspend_recognition(make_recognition(carrier, county), by=person("officer", carrier), reason="资质过期")
    told = set(Message.objects.filter(kind="recognition").values_list("user", flat=True))
    assert told == {people["owner"].pk, people["handler"].pk}
