"""Sign-up and verification in a real browser: every page meets the bars, every step works without scripts."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts import services
from accounts.models import Organization, Verification
from accounts.tests.conftest import ANSWERS, code_in, last_sms, picture
from innovation_voucher.tests import cast
from innovation_voucher.tests.browser import browser, check, follow, page, plain, sign_in, visit

__all__ = ["browser", "page", "plain"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]

NUMBER = "19900054377"


@pytest.mark.feature("ZO-1", "JS-1")
def test_sign_up_works_without_scripts(plain: Page, live_server: LiveServer) -> None:
    cast.make_region()
    plain.goto(f"{live_server.url}/register/form/?kind=enterprise&region={cast.COUNTY}")
    typed = {"credit_code": cast.credit_code(), "name": "新芽材料有限公司", "person_name": "赵甲", "phone": NUMBER}
    for name, value in {**typed, "password": cast.PASSWORD}.items():
        plain.locator(f"[name={name}]").fill(value)
    plain.locator("[name=terms]").check()
    follow(plain, plain.locator("main form[method=post] button[type=submit]"))
    assert plain.locator("[name=name]").input_value() == typed["name"]
    assert "阅读并勾选《隐私政策》后才能注册" in plain.content()
    plain.locator("[name=privacy]").check()
    plain.locator("[name=password]").fill(cast.PASSWORD)
    follow(plain, plain.locator("main form[method=post] button[type=submit]"))
    plain.locator("[name=code]").fill(code_in(last_sms(f"+86{NUMBER}")))
    follow(plain, plain.locator("main form[method=post] button[type=submit]").first)
    assert plain.url == live_server.url + reverse("register-done")
    assert Organization.objects.get().name == typed["name"]


@pytest.mark.feature("ZJ-3", "ZO-2")
@pytest.mark.usefixtures("chain")
def test_verification_works_without_scripts(plain: Page, live_server: LiveServer, tmp_path: Path) -> None:
    person = cast.make_organization("entrepreneur", verified=False, name="赵甲")
    services.start_verification(person, by=cast.owner_of(person))
    sign_in(plain, live_server.url, cast.owner_of(person))
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(picture().read())
    plain.goto(live_server.url + reverse("ent-cert-section", args=["unit"]))
    for name, value in {"name": "赵甲", "resident_id": ANSWERS["resident_id"], "address": "示例路 1 号"}.items():
        plain.locator(f"[name={name}]").fill(value)
    for name in ("id_front", "id_back"):
        plain.locator(f"[name={name}]").set_input_files(scan)
    follow(plain, plain.locator("main button[name=next]"))
    follow(plain, plain.locator("main button[name=next]"))
    for name, value in {"holder": "赵甲", "bank": "云帆银行", "account_number": ANSWERS["account_number"]}.items():
        plain.locator(f"[name={name}]").fill(value)
    follow(plain, plain.locator("main button[name=next]"))
    plain.locator("[name=declared]").check()
    follow(plain, plain.locator("main form[method=post] button[type=submit]").last)
    assert plain.url == live_server.url + reverse("ent-cert-done")
    assert Verification.objects.get().status == "submitted"


def test_pages_of_sign_up_meet_the_bars(page: Page, live_server: LiveServer) -> None:
    cast.make_region()
    for path in ("/register/", f"/register/form/?kind=enterprise&region={cast.COUNTY}", "/accounts/login/sms/"):
        visit(page, live_server.url + path)
    page.goto(f"{live_server.url}/register/form/?kind=entrepreneur&region={cast.COUNTY}")
    follow(page, page.locator("main form[method=post] button[type=submit]"))
    check(page, status=422)


def test_pages_of_a_verification_meet_the_bars(page: Page, live_server: LiveServer, complete: Verification) -> None:
    owner = cast.owner_of(complete.organization)
    sign_in(page, live_server.url, owner)
    sections = [reverse("ent-cert-section", args=[key]) for key in ("unit", "class", "account")]
    for path in (reverse("ent-cert"), *sections, reverse("ent-cert-check"), reverse("security")):
        visit(page, live_server.url + path)
    services.submit_verification(complete, by=owner)
    for name in ("ent-cert", "ent-cert-done", "ent-cert-history", "ent-cert-withdraw"):
        visit(page, live_server.url + reverse(name))
