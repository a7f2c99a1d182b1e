"""The page on which the enterprise agrees to its carrier's redemption, and where it is found."""

import pytest

from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Redemption
from redemption.tests.consenting import fresh, waiting
from redemption.tests.pages import client_for, client_of, post, text_of
from vouchers.models import Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-9")]


@pytest.fixture
def redemption(db: None) -> Redemption:
    return waiting()


def address(redemption: Redemption) -> str:
    return f"/redeem/{redemption.number}/consent/"


def buyer(role: str = "owner") -> object:
    return client_of(Voucher.objects.get().organization, role)


def test_the_page_names_the_carrier_the_service_and_the_sum(redemption: Redemption) -> None:
    page = text_of(buyer().get(address(redemption)))
    for words in (redemption.payee.name, "样机环境可靠性试验", "6,000.00", "3,000.00", "同意兑付", "不能再撤回"):
        assert words in page, words


def test_agreeing(redemption: Redemption) -> None:
    answer = post(buyer(), address(redemption), answer="agree", reason="")
    assert (answer.status_code, answer.url) == (302, f"/redeem/{redemption.number}/")
    assert fresh(redemption).status == "in_review"


def test_refusing_with_a_reason(redemption: Redemption) -> None:
    answer = post(buyer(), address(redemption), answer="refuse", reason="报告还没有交付")
    assert answer.url == f"/ent/orders/{Voucher.objects.get().order.number}/"
    assert fresh(redemption).status == "draft"
    page = text_of(client_of(redemption.payee).get(f"/redeem/{redemption.number}/", follow=True))
    assert "企业不同意兑付" in page
    assert "报告还没有交付" in page


@pytest.mark.parametrize(
    ("posted", "words"),
    [({}, "选择同意或不同意"), ({"answer": "refuse"}, "写明不同意的原因"), ({"answer": "maybe"}, "选择")],
)
def test_an_answer_that_is_none_changes_nothing(redemption: Redemption, posted: dict[str, str], words: str) -> None:
    answer = post(buyer(), address(redemption), **posted)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert fresh(redemption).status == "awaiting_consent"


def test_looking_changes_nothing(redemption: Redemption) -> None:
    buyer().get(address(redemption))
    assert fresh(redemption).status == "awaiting_consent"


def test_strangers_and_the_carrier_do_not_find_it(redemption: Redemption) -> None:
    for client in (client_for(cast.owner_of(cast.rival())), client_of(redemption.payee)):
        assert client.get(address(redemption)).status_code == 404
        assert post(client, address(redemption), answer="agree").status_code == 404
    assert fresh(redemption).status == "awaiting_consent"


def test_who_may_only_look_reads_it_and_cannot_answer(redemption: Redemption) -> None:
    client = buyer("viewer")
    page = client.get(address(redemption))
    assert page.status_code == 200
    assert 'name="answer"' not in page.content.decode()
    assert post(client, address(redemption), answer="agree").status_code == 403
    assert fresh(redemption).status == "awaiting_consent"


def test_once_answered_the_page_says_so(redemption: Redemption) -> None:
    services.agree_consent(redemption, by=cast.owner_of(Voucher.objects.get().organization))
    page = buyer().get(address(redemption))
    assert page.status_code == 200
    assert "不用您确认" in text_of(page)


def test_the_first_page_and_the_case_lead_there(redemption: Redemption) -> None:
    client = buyer()
    home = client.get("/ent/").content.decode()
    assert address(redemption) in home
    assert "待您确认的兑付" in home
    case = client.get(f"/redeem/{redemption.number}/").content.decode()
    assert address(redemption) in case
    assert address(redemption) not in client_of(redemption.payee).get(f"/redeem/{redemption.number}/").content.decode()
    post(client, address(redemption), answer="agree")
    assert "待您确认的兑付" not in client.get("/ent/").content.decode()
