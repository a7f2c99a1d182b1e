"""Memberships and rights are read once a request, and on every request."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.memberships import joined, roles_in, sits_at_no_desk
from accounts.models import Membership, Organization
from accounts.rules import may_act, may_see_organization
from innovation_voucher.casework import memo, messaging, rights
from innovation_voucher.casework.models import Office
from innovation_voucher.tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Organization:
    return cast.make_organization()


def officer() -> tuple[Office, object]:
    office = cast.make_office()
    person = cast.make_user("刘办")
    office.group.user_set.add(person)
    return office, person


def test_a_request_reads_the_memberships_once_for_all_organizations(firm: Organization) -> None:
    other, owner = cast.make_organization(), cast.owner_of(firm)
    with memo.remembering(), CaptureQueriesContext(connection) as queries:
        assert may_act(owner, firm)[0]
        assert not may_act(owner, other)[0]
        assert may_see_organization(owner, firm)
        assert not may_see_organization(owner, other)
        assert joined(owner)[0].organization.bureau.name
    assert len(queries) == 1


def test_outside_of_a_request_a_lost_role_counts_at_once(firm: Organization) -> None:
    owner = cast.owner_of(firm)
    assert may_act(owner, firm)[0]
    Membership.objects.filter(user=owner).update(active=False)
    assert not may_act(owner, firm)[0]
    assert roles_in(owner, firm) == set()


def test_the_next_request_sees_a_lost_membership(firm: Organization) -> None:
    client = Client()
    client.force_login(cast.owner_of(firm))
    assert client.get("/ent/").status_code == 200
    Membership.objects.filter(organization=firm).update(active=False)
    assert client.get("/ent/").status_code == 403


def test_the_next_request_sees_a_lost_role(firm: Organization) -> None:
    owner = cast.owner_of(firm)
    with memo.remembering():
        assert may_act(owner, firm)[0]
    Membership.objects.filter(user=owner).update(role="viewer")
    with memo.remembering():
        assert not may_act(owner, firm)[0]
        assert may_act(owner, firm, roles=("viewer",))[0]


def test_memberships_tell_who_sits_at_no_desk(firm: Organization) -> None:
    assert sits_at_no_desk(cast.owner_of(firm))


def test_a_page_reads_the_number_of_unread_messages_along(firm: Organization) -> None:
    owner = cast.owner_of(firm)
    for number in range(3):
        messaging.notify([owner], kind="task", title="待办", dedupe=f"unread:{number}")
    with memo.remembering(page=True), CaptureQueriesContext(connection) as queries:
        joined(owner)
        assert messaging.unread_count(owner) == 3
    assert len(queries) == 1
    messaging.mark_read(owner)
    with memo.remembering(page=True):
        joined(owner)
        assert messaging.unread_count(owner) == 0


def test_an_act_does_not_count_messages(firm: Organization) -> None:
    owner = cast.owner_of(firm)
    with memo.remembering(), CaptureQueriesContext(connection) as queries:
        joined(owner)
    assert "casework_message" not in queries.captured_queries[0]["sql"]


def test_who_belongs_nowhere_is_still_told_of_messages() -> None:
    _office, person = officer()
    messaging.notify([person], kind="task", title="待办", dedupe="unread:desk")
    with memo.remembering(page=True):
        assert joined(person) == []
        assert messaging.unread_count(person) == 1


def test_who_sits_at_a_desk_too_is_still_asked(firm: Organization) -> None:
    owner, (office, _person) = cast.owner_of(firm), officer()
    office.group.user_set.add(owner)
    assert not sits_at_no_desk(owner)


def test_without_memberships_nothing_is_told() -> None:
    _office, person = officer()
    assert not sits_at_no_desk(person)


def test_the_desk_of_a_person_with_an_organization_is_still_their_first_part(firm: Organization) -> None:
    owner, (office, _person) = cast.owner_of(firm), officer()
    office.group.user_set.add(owner)
    client = Client()
    client.force_login(owner)
    assert client.get("/desk/").status_code == 200


def test_a_request_reads_the_rights_once() -> None:
    office, person = officer()
    rights.grant(office, "view_cases", office.region)
    with memo.remembering(), CaptureQueriesContext(connection) as queries:
        assert rights.holds(person, "view_cases", office.region)
        assert not rights.holds(person, "settle", office.region)
        assert rights.reach(person)["view_cases"] == [office.region.path]
    assert len(queries) == 1


def test_a_right_taken_within_the_request_is_gone_at_once() -> None:
    office, person = officer()
    rights.grant(office, "view_cases", office.region)
    with memo.remembering():
        assert rights.holds(person, "view_cases", office.region)
        rights.revoke(office, "view_cases", office.region)
        assert not rights.holds(person, "view_cases", office.region)


def test_an_inactive_person_holds_nothing_in_a_request_either() -> None:
    office, person = officer()
    rights.grant(office, "view_cases", office.region)
    person.is_active = False  # type: ignore[attr-defined]
    with memo.remembering():
        assert not rights.holds(person, "view_cases", office.region)
        assert not rights.reach(person)
