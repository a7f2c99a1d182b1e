"""异议: a stranger objects to one row of a list, an officer answers, the stranger reads the answer."""

from redemption.models import Objection

from .people import Person

CONTACT = "19900001234"
ANSWER = "经核对检测报告与发票，服务属实，异议不成立。"


def object_to(stranger: Person, service: str) -> str:
    """From the page of the list; the number of the objection."""
    stranger.press("提出异议")
    row = stranger.page.get_by_label("对哪一项有异议")
    row.select_option(label=next(text for text in row.locator("option").all_inner_texts() if service in text))
    stranger.fill("姓名或单位名称", "于同学")
    stranger.fill("手机号或电子邮箱", CONTACT)
    stranger.fill("异议内容", "报告日期早于下单日期。")
    stranger.shot("d31-objection")
    stranger.press("提交异议")
    number = Objection.objects.get().number
    stranger.sees("异议已提交", number)
    stranger.shot("d32-objection-done")
    return number


def answer(publisher: Person, number: str) -> None:
    """Somebody who did not decide on it says why it is not right."""
    publisher.open("/desk/objections/")
    publisher.shot("d36-objections")
    publisher.press(number)
    publisher.tick("不成立：继续办理")
    publisher.fill("答复和理由", ANSWER)
    publisher.shot("d37-answer")
    publisher.press("提交答复")
    publisher.sees("已答复")


def read_answer(stranger: Person, number: str) -> None:
    """By the number and the contact that were given."""
    stranger.open("/objection/")
    stranger.fill("异议编号", number)
    stranger.fill("手机号或电子邮箱", CONTACT)
    stranger.press("查询")
    stranger.sees("不成立", ANSWER)
    stranger.shot("d38-answered")
