"""Experts and their panels for tests of redemption."""

from itertools import count
from typing import Any

from accounts.models import User
from carriers.models import Category
from innovation_voucher.casework.models import Chain, ChainStep, Panel, PanelSeat, ReviewTask
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Expert, Redemption
from redemption.tests import factories

_serial = count(1)
CHAIN = "redemption-experts"


def make_field(name: str = "检验检测") -> Category:
    """A field of experts: a first level of the categories."""
    found, _made = Category.objects.get_or_create(code=f"T-{name}", defaults={"name": name})
    return found


def make_expert(field: Category | None = None, *, region_code: str = factories.PROVINCE, **values: Any) -> Expert:
    """A new person in the register of the province."""
    serial = next(_serial)
    usual = {"number": f"E-T{serial:03d}", "unit": f"云帆大学第{serial}学院", "region": cast.make_region(region_code)}
    user = values.pop("user", None) or cast.make_user(f"专家{serial}")
    expert = Expert(user=user, **{**usual, **values})
    return services.save_expert(expert, by=user, fields=[field or make_field()])


def redemption(rules: dict[str, Any] | None = None, **parameters: Any) -> Redemption:
    """A redemption of 14,000 yuan whose only step asks experts."""
    chain, made = Chain.objects.get_or_create(key=CHAIN, defaults={"name": "专家评审"})
    if made:
        ChainStep.objects.create(
            chain=chain,
            position=1,
            name="专家评审",
            office_kind="agency",
            scope="province",
            right="review_redemption",
            working_days=10,
            may_lower=True,
            panel=True,
            panel_rules=rules,
        )
    return factories.submitted(programme=factories.make_programme(redemption_chain=CHAIN, **parameters))


def owner(name: str = "冯组织") -> User:
    """A person of the agency that owns the step."""
    return cast.make_officer(factories.PROVINCE, "review_redemption", kind="agency", name=name)


def owner_of_other_province() -> User:
    """The same kind of office elsewhere."""
    return cast.make_officer("320000", "review_redemption", kind="agency", name="外省组织")


def task_of(row: Redemption) -> ReviewTask:
    """The open step."""
    return factories.case_of(row).tasks.select_related("case", "step", "region").get(status="open")


def drawn(row: Redemption, by: User, experts: int = 3) -> Panel:
    """A panel drawn from so many new experts."""
    field = make_field()
    for _number in range(experts):
        make_expert(field)
    return services.draw_panel(task_of(row), field, by=by, office=None, seed="0123456789abcdef")


def seats(panel: Panel) -> list[PanelSeat]:
    """Its seats, fresh, in the order of the draw."""
    return list(PanelSeat.objects.filter(panel=panel).select_related("user", "panel__case").order_by("id"))


#: 85 points of the standard sheet.
POINTS: dict[str, int] = {"reality": 22, "relevance": 18, "novelty": 20, "effect": 16, "cost": 9}
