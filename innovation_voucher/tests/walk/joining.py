"""Slice a: an enterprise signs up, fills in its verification, and the bureau approves it."""

import re

from innovation_voucher.casework.models import Outgoing

from .files import Papers
from .people import Person
from .stage import CODE, NAME, Stage

PHONE = "19912345678"
PASSWORD = "Blue-harbour-2026"


#: Province, city and county as the registration asks for them.
HOME = ("浙江省", "杭州市", "滨江区")


def sign_up(ent: Person, *, where: tuple[str, str, str] = HOME, code: str = CODE) -> None:
    """Register from the home page with a phone confirmed by an SMS code."""
    ent.open("/")
    ent.press("注册")
    ent.shot("01-register-who")
    ent.tick("企业")
    for label, option in zip(("省", "市", "县（市、区）"), where, strict=True):
        ent.choose(label, option)
        ent.press("下一步")
    ent.press("注册", status=422)
    ent.sees("填写统一社会信用代码，共 18 位")
    ent.fill("统一社会信用代码", code)
    ent.fill("单位名称", NAME)
    ent.fill("经办人姓名", "周岚")
    ent.fill("手机号", PHONE)
    ent.page.get_by_label("密码", exact=True).fill(PASSWORD)
    ent.tick("用户协议")
    ent.tick("隐私政策")
    ent.shot("02-register-form")
    ent.press("注册")
    ent.shot("03-sms-code")
    ent.fill("短信验证码", sms_code())
    ent.press("验证并注册")
    ent.shot("04-register-done")


def sms_code() -> str:
    """The six digits of the newest SMS."""
    body = Outgoing.objects.filter(channel="sms", to__endswith=PHONE).latest("id").body
    found = re.search(r"\d{6}", body)
    assert found is not None
    return found.group()


def fill_verification(ent: Person, papers: Papers, *, bureau: str = "滨江区科技局") -> None:
    """Every section, the registry's data by ticks, and submit."""
    ent.open("/ent/")
    ent.shot("05-ent-home-new")
    ent.open("/ent/cert/")
    ent.press("开始实名认证")
    ent.shot("06-cert-tasklist")
    autofill(ent)
    section(ent, "unit", {"地址": "江汉路 1785 号", "单位性质": "有限责任公司", "成立日期": "2019-03-18"})
    ent.attach("licence", papers.licence)
    ent.press("保存并返回")
    section(ent, "people", {"法定代表人姓名": "许澄"}, save=True)
    section(ent, "finance", {"上年度营业收入": "32,000,000", "上年度研发投入": "4100000", "从业人数": "48"}, save=True)
    section(ent, "account", {"开户银行": "示例银行科技支行", "银行账号": "6217000010000000123"}, save=True)
    ent.open("/ent/cert/check/")
    ent.shot("08-cert-check")
    ent.page.get_by_role("checkbox").first.check()
    ent.press("提交认证")
    ent.sees(bureau)
    ent.shot("09-cert-done")


def autofill(ent: Person) -> None:
    """自动更新企业信息 changes only what is ticked."""
    ent.open("/ent/cert/autofill/")
    ent.sees("工商登记")
    ent.shot("07-cert-autofill")
    ent.page.get_by_role("checkbox").first.check()
    ent.press("更新所选项目")


def section(ent: Person, key: str, answers: dict[str, str], *, save: bool = False) -> None:
    """Fill one section of the verification."""
    ent.open(f"/ent/cert/section/{key}/")
    for label, value in answers.items():
        ent.fill(label, value)
    if save:
        ent.press("保存并返回")


def approve(officer: Person, stage: Stage, queue: str, *, amount: str = "", reason: str = "") -> None:
    """The bureau's officer takes the oldest case of a queue and agrees."""
    officer.open("/desk/")
    officer.shot(f"{queue}-desk")
    officer.open(f"/desk/{queue}/")
    officer.shot(f"{queue}-queue")
    officer.press("从最早的一件开始")
    officer.shot(f"{queue}-case")
    officer.tick("同意")
    if amount:
        officer.fill("核定金额", amount)
    if reason:
        officer.fill("办理意见", reason)
    officer.press("提交并返回队列")
