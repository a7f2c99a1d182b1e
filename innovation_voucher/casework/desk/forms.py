"""Forms of the desks: filters of a queue, and the decision on a case."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from innovation_voucher.lib.forms import MoneyField, PortalForm, say_what_to_do

from .. import calendar
from ..models import ReturnReason, ReviewTask
from ..rules import may_agree
from ..subjects import Award, Line, Target

#: How many things a return can name at once.
ITEMS = 6

_ANY = ("", _("不限"))
_DAY = forms.DateInput({"placeholder": "2026-01-31", "autocomplete": "off"})
_DAY_ERROR = {"invalid": _("日期写成 2026-01-31 的样子")}


class FilterForm(PortalForm):
    """What narrows a queue; every field may stay empty, and each stands in the address."""

    step = forms.CharField(label=_("状态"), required=False, widget=forms.Select)
    since = forms.DateField(label=_("受理日期从"), required=False, widget=_DAY, error_messages=_DAY_ERROR)
    until = forms.DateField(label=_("受理日期到"), required=False, widget=_DAY, error_messages=_DAY_ERROR)
    most = MoneyField(label=_("金额不超过（元）"), required=False)
    checks = forms.ChoiceField(
        label=_("核对结果"), required=False, choices=(_ANY, ("good", _("全部通过")), ("bad", _("有未通过")))
    )
    round = forms.ChoiceField(
        label=_("第几次提交"), required=False, choices=(_ANY, ("first", _("首次")), ("again", _("补正后")))
    )
    left = forms.ChoiceField(
        label=_("剩余天数"),
        required=False,
        choices=(_ANY, ("0", _("今天到期或逾期")), ("2", _("2 个工作日内")), ("5", _("5 个工作日内"))),
    )
    q = forms.CharField(label=_("编号或企业名"), required=False, max_length=100, strip=True)

    def __init__(self, data: Any, *, view: str = "") -> None:
        super().__init__(data)
        for name in ("view", "sort"):
            if view if name == "view" else self.data.get(name):
                self.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.is_valid()

    def offer_steps(self, steps: list[str]) -> None:
        """Name the steps at which something waits."""
        chosen = self.data.get("step", "")
        names = [*steps, chosen] if chosen and chosen not in steps else steps
        self.fields["step"].widget.choices = [_ANY, *((name, name) for name in names)]

    @property
    def condition(self) -> Q:
        """What the well-filled fields ask."""
        given = self.cleaned_data
        asked = Q()
        for name, lookup in _LOOKUPS.items():
            if given.get(name) not in (None, ""):
                asked &= Q(**{lookup: given[name]})
        for name in ("checks", "round"):
            asked &= _CHOICES.get((name, given.get(name, "")), Q())
        if given.get("left"):
            asked &= Q(due_on__lte=calendar.add_working_days(calendar.today(), int(given["left"])))
        if words := given.get("q"):
            asked &= Q(case__number__icontains=words) | Q(case__applicant__icontains=words)
        return asked

    @property
    def in_use(self) -> Iterator[tuple[str, str]]:
        """Names of the filters in use, with the words of their chips."""
        for bound in self:
            value = self.cleaned_data.get(bound.name)
            if value not in (None, "") and not bound.is_hidden:
                choices = dict(getattr(bound.field, "choices", ()))
                yield bound.name, f"{bound.label}：{choices.get(value, value)}"


_LOOKUPS = {
    "step": "step__name",
    "since": "case__submitted_at__date__gte",
    "until": "case__submitted_at__date__lte",
    "most": "case__amount__lte",
}
_CHOICES = {
    ("checks", "good"): Q(case__checks_bad=0),
    ("checks", "bad"): Q(case__checks_bad__gt=0),
    ("round", "first"): Q(case__round=1),
    ("round", "again"): Q(case__round__gt=1),
}


class DecisionForm(PortalForm):
    """The decision on one task, with the amount where the step may lower it, and a full return."""

    task = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=_("审核结论"),
        choices=ReviewTask.Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("选择审核结论")},
    )
    amount = MoneyField(label=_("核定金额"), required=False)
    reason = forms.CharField(
        label=_("办理意见"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("核减金额或不予通过时写明理由，申请人会看到"),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        task: ReviewTask,
        targets: list[Target],
        lines: Sequence[Line] = (),
        reasons: Sequence[ReturnReason] = (),
    ) -> None:
        super().__init__(data, initial={"task": task.pk, "amount": task.case.amount})
        self._task = task
        known = dict(targets)
        # A reason for a field that this case does not have is about the whole.
        self._reasons = {str(row.pk): (row.target if row.target in known else "", row.words) for row in reasons}
        if self._reasons:
            self.fields["reasons"] = forms.MultipleChoiceField(
                label=_("常见补正理由"),
                required=False,
                choices=[(pk, words) for pk, (_target, words) in self._reasons.items()],
                widget=forms.CheckboxSelectMultiple,
                help_text=_("勾选的内容写入告知书，其他内容写在下面"),
            )
        self._lines = lines if task.step.may_lower else []
        for line in self._lines:
            self._ask(line)
        if self._lines or not (task.step.may_lower and task.case.amount is not None):
            del self.fields["amount"]
        for number in range(1, ITEMS + 1):
            self.fields[f"target_{number}"] = forms.ChoiceField(
                label=_("第 %(n)s 项针对") % {"n": number}, required=False, choices=[("", _("整份申请")), *targets]
            )
            self.fields[f"words_{number}"] = forms.CharField(
                label=_("第 %(n)s 项需补正的内容") % {"n": number}, required=False, max_length=300
            )

    def _ask(self, line: Line) -> None:
        """The boxes of one line: what it is given, and why it is less."""
        asked = _("申请 %(amount)s 元") % {"amount": f"{line.amount:,.2f}"}
        amount = MoneyField(label=line.label, initial=line.amount, required=False, help_text=asked)
        say_what_to_do(amount, line.label)
        self.fields[f"line_{line.key}"] = amount
        if line.basis is not None:
            most = _("申报 %(amount)s 元") % {"amount": f"{line.basis:,.2f}"}
            basis = MoneyField(label=_("认定合同金额"), initial=line.basis, required=False, help_text=most)
            say_what_to_do(basis, _("认定合同金额"))
            self.fields[f"basis_{line.key}"] = basis
        label = _("%(line)s的核减理由") % {"line": line.label}
        self.fields[f"why_{line.key}"] = forms.CharField(label=label, required=False, max_length=300)

    @property
    def line_rows(self) -> list[tuple[BoundField | None, BoundField, BoundField]]:
        """The boxes of each line: what is recognized, what it is given, and why."""
        bases = [f"basis_{line.key}" for line in self._lines]
        return [
            (self[basis] if basis in self.fields else None, self[f"line_{line.key}"], self[f"why_{line.key}"])
            for line, basis in zip(self._lines, bases, strict=True)
        ]

    @property
    def lines(self) -> dict[int, Award]:
        """What each line is given, by key; a box that did not pass leaves its line out."""
        given = {line.key: self.cleaned_data.get(f"line_{line.key}") for line in self._lines}
        rest = {key: (self.cleaned_data[f"why_{key}"], self.cleaned_data.get(f"basis_{key}")) for key in given}
        return {key: Award(amount, *rest[key]) for key, amount in given.items() if amount is not None}

    @property
    def item_rows(self) -> list[tuple[BoundField, BoundField]]:
        """The pairs of boxes of a return."""
        return [(self[f"target_{number}"], self[f"words_{number}"]) for number in range(1, ITEMS + 1)]

    @property
    def items(self) -> list[tuple[str, str]]:
        """What was ticked and written: target (empty = the whole) and words."""
        ticked = [self._reasons[pk] for pk in self.cleaned_data.get("reasons", ())]
        pairs = [(self.cleaned_data.get(t.name, ""), self.cleaned_data.get(w.name, "")) for t, w in self.item_rows]
        return ticked + [(target, words) for target, words in pairs if words]

    def clean(self) -> None:
        """Say at the box what the verb would refuse."""
        decision = self.cleaned_data.get("decision")
        if decision == ReviewTask.Decision.RETURN and not self.items:
            self.add_error("words_1", _("写明需要补正的内容，至少一项"))
        if decision in ("approve", "reject") and self.items:
            self.add_error("decision", _("已填写需补正的内容：改选“退回补正”，或清空这些内容"))
        if decision == ReviewTask.Decision.REJECT and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("写明不予通过的理由"))
        if decision == ReviewTask.Decision.APPROVE:
            self._clean_amount()

    def _clean_amount(self) -> None:
        reason = self.cleaned_data.get("reason", "")
        amount = self.cleaned_data.get("amount")
        if self._lines:
            self._clean_lines()
            amount = sum((award.amount for award in self.lines.values()), Decimal("0.00"))
        if self.errors:
            return
        allowed, words = may_agree(self._task.case, self._task.step, amount, reason)
        if not allowed:
            at = "amount" if "amount" in self.fields else "reason" if amount and not reason else None
            self.add_error(at, words)

    def _clean_lines(self) -> None:
        for line in self._lines:
            self._clean_basis(line)
            given = self.cleaned_data.get(f"line_{line.key}")
            if given is None and f"line_{line.key}" not in self.errors:
                self.add_error(f"line_{line.key}", _("填写这一项的核定金额，不予支付填 0"))
            elif given is not None and given > line.amount:
                most = _("最多 %(most)s 元") % {"most": f"{line.amount:,.2f}"}
                self.add_error(f"line_{line.key}", most)

    def _clean_basis(self, line: Line) -> None:
        """Less of the basis is worth less: the amount follows what is recognized."""
        basis, amount = self.cleaned_data.get(f"basis_{line.key}"), self.cleaned_data.get(f"line_{line.key}")
        if line.basis is None or line.worth is None or basis is None:
            return
        if basis > line.basis:
            self.add_error(f"basis_{line.key}", _("最多 %(most)s 元") % {"most": f"{line.basis:,.2f}"})
        elif amount is not None:
            self.cleaned_data[f"line_{line.key}"] = min(amount, line.worth(basis))


class RecuseForm(PortalForm):
    """Why a reviewer keeps away from a case."""

    reason = forms.CharField(
        label=_("回避原因"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("例如近亲属在申请单位任职；写入审计记录，并告知本机构其他办理人员"),
        error_messages={"required": _("写明需要回避的原因")},
    )


class BulkForm(PortalForm):
    """The confirmation of a bulk approval."""

    reason = forms.CharField(
        label=_("办理意见"), max_length=500, widget=forms.Textarea({"rows": 2}), help_text=_("写入每一件的办理记录")
    )
    seen = forms.BooleanField(
        label=_("已看过这些件的核对结果"), error_messages={"required": _("先看核对结果，再勾选这一项")}
    )


class AssignForm(PortalForm):
    """To whom of the office the chosen cases are given."""

    to = forms.ChoiceField(label=_("分派给"), error_messages={"required": _("选择办理人")})

    def __init__(self, data: Any = None, *, people: list[Any]) -> None:
        super().__init__(data)
        self._people = {str(person.pk): person for person in people}
        choices = [("", _("选择办理人")), *((pk, str(person)) for pk, person in self._people.items())]
        self.fields["to"] = forms.ChoiceField(
            label=_("分派给"), choices=choices, error_messages={"required": _("选择办理人")}
        )

    @property
    def person(self) -> Any:
        """The chosen colleague of a valid form."""
        return self._people[self.cleaned_data["to"]]
