"""The form base: words of messages, ids to jump to, pins, boxes of every kind."""

from types import SimpleNamespace

import pytest
from django import forms
from django.test import RequestFactory

from innovation_voucher.lib.forms import MoneyField, PortalForm, render_form


class Contract(PortalForm):
    name = forms.CharField(label="合同名称", max_length=20)
    number = forms.CharField(label="合同编号", help_text="首页右上角", required=False)
    amount = MoneyField(label="合同金额")
    day = forms.DateField(label="签订日期")
    payee = forms.ChoiceField(label="兑付方", widget=forms.RadioSelect, choices=[("a", "企业"), ("b", "机构")])
    paper = forms.FileField(label="合同文件")
    effect = forms.CharField(label="成效", widget=forms.Textarea, max_length=1000, required=False)
    agree = forms.BooleanField(label="承诺合同真实")
    secret = forms.CharField(label="口令", widget=forms.PasswordInput, error_messages={"required": "口令在短信里"})


def test_an_empty_form_says_per_field_what_to_do() -> None:
    assert dict(Contract({}).error_summary) == {
        "id_name": "填写合同名称",
        "id_amount": "填写合同金额",
        "id_day": "填写签订日期",
        "id_payee_0": "选择兑付方",
        "id_paper": "上传合同文件",
        "id_agree": "勾选后才能继续：承诺合同真实",
        "id_secret": "口令在短信里",
    }


def test_a_wrong_value_is_named_with_an_example() -> None:
    form = Contract({"amount": "一万", "day": "昨天", "payee": "c"})
    assert form.errors["amount"] == ["合同金额填写数字，如 18,000.00"]
    assert form.errors["day"] == ["签订日期按 2026-11-18 的格式填写"]
    assert form.errors["payee"] == ["从列出的选项中选择兑付方"]


def test_summary_keeps_the_order_of_the_page_and_puts_general_errors_first() -> None:
    form = Contract({"name": "甲"})
    form.add_error(None, "额度不够")
    assert form.error_summary[0] == ("main", "额度不够")
    assert [anchor for anchor, _ in form.error_summary[1:3]] == ["id_amount", "id_day"]


def test_a_form_that_passed_or_was_not_sent_has_no_summary() -> None:
    assert Contract().error_summary == []


@pytest.mark.parametrize("typed", ["18,000.00", "¥18000", "１8000", " 18 000 元", "18，000"])
def test_money_is_read_with_what_people_paste(typed: str) -> None:
    assert MoneyField().clean(typed) == 18000


@pytest.mark.parametrize("typed", ["-1", "1.234", "1e9999", "999999999999999"])
def test_money_refuses_what_cannot_be_an_amount(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        MoneyField().clean(typed)


def test_messages_of_the_author_and_of_other_forms_are_not_touched() -> None:
    Contract({})
    assert forms.CharField().error_messages["required"] is forms.Field.default_error_messages["required"]


def drawn(name: str, form: forms.BaseForm | None = None) -> str:
    return str((form or Contract())[name].as_field_group())


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    assert "合同编号（选填）" in drawn("number")
    assert "选填" not in drawn("name")


def test_no_box_relies_on_the_browser_to_validate() -> None:
    form = Contract({})
    assert all(" required" not in drawn(name, form) for name in form.fields)


def test_an_error_is_announced_with_hint_and_box() -> None:
    form = Contract({"number": "x" * 300})
    form.add_error("number", "编号与合同不符")
    html = drawn("number", form)
    assert 'aria-describedby="id_number_helptext id_number_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_number_error"' in html
    assert "govuk-input--error" in html
    assert "x" * 300 in html


def test_radios_are_a_group_with_a_legend_that_announces_the_error() -> None:
    html = drawn("payee", Contract({}))
    assert "<fieldset" in html
    assert "<legend" in html
    assert 'aria-describedby="id_payee_error"' in html
    assert 'id="id_payee_0"' in html
    assert html.count("govuk-radios__item") == 2


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("amount", 'inputmode="decimal"'),
        ("paper", 'data-module="govuk-file-upload"'),
        ("effect", 'data-maxlength="1000"'),
        ("agree", "govuk-checkboxes__input"),
        ("secret", "govuk-js-password-input-input"),
        ("name", 'class="govuk-input"'),
    ],
)
def test_each_kind_of_field_gets_its_box(name: str, mark: str) -> None:
    assert mark in drawn(name)


def test_money_is_text_with_the_unit_behind_it() -> None:
    html = drawn("amount")
    assert 'type="text"' in html
    assert '<span aria-hidden="true">元</span>' in html


def test_the_reviewers_words_stand_at_the_field_and_are_announced_first() -> None:
    form = Contract()
    form.pins = {"number": SimpleNamespace(number=2, text="编号看不清", by="科技局")}
    html = drawn("number", form)
    assert 'id="id_number_pin"' in html
    assert "第 2 项补正意见：" in html
    assert 'aria-describedby="id_number_pin id_number_helptext"' in html
    assert "pin" not in drawn("name", form)


def test_typed_html_is_shown_as_text() -> None:
    html = drawn("name", Contract({"name": "<script>alert(1)</script>"}))
    assert "<script>" not in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "status", "prefixed"),
    [(None, 200, False), ({}, 422, True)],
)
def test_a_refused_form_answers_422_with_the_title_prefix(
    rf: RequestFactory, data: dict[str, str] | None, status: int, prefixed: bool
) -> None:
    response = render_form(rf.get("/"), "pages/help.html", form=Contract(data))
    html = response.content.decode()
    assert response.status_code == status
    assert ("<title>错误：" in html) is prefixed
    assert ("govuk-error-summary" in html) is prefixed


def test_the_service_may_refuse_a_form_that_passed(rf: RequestFactory) -> None:
    class Empty(PortalForm):
        pass

    assert render_form(rf.get("/"), "pages/help.html", form=Empty({}), status=409).status_code == 409
