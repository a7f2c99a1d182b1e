"""Lists for tests: approved redemptions, their list as far as is asked, and its officers."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Objection, Publicity, Redemption
from redemption.tests import factories
from vouchers.models import Programme

DAYS = 5


def make_programme(**parameters: Any) -> Programme:
    """A scheme whose redemptions are shown to the public before they are paid."""
    return factories.make_programme(publicity_days=DAYS, **parameters)


def publisher(name: str = "顾发布", region_code: str = cast.COUNTY) -> User:
    """Publishes the county's lists and answers objections; always a new person."""
    return cast.make_officer(region_code, "publish_notices", name=name)


def approved(programme: Programme, **values: Any) -> Redemption:
    """It waits for its list."""
    return factories.payable(programme=programme, **values)


def draft(programme: Programme, *rows: Redemption, by: User | None = None, title: str = "拟兑付名单") -> Publicity:
    """A list that nobody outside sees; over two redemptions unless they are named."""
    rows = rows or (approved(programme), approved(programme, contract=8_000))
    region = cast.make_region()
    return services.create_publicity(programme, region, rows, title=title, by=by or publisher())


def opened(programme: Programme, *rows: Redemption, by: User | None = None) -> Publicity:
    """A list before the public."""
    by = by or publisher()
    return services.open_publicity(draft(programme, *rows, by=by), by=by)


def objection(publicity: Publicity, redemption: Redemption | None = None, **values: Any) -> Objection:
    """Somebody objects to one redemption, the first unless it is named."""
    row = redemption or publicity.redemptions.order_by("pk").first()
    assert row is not None
    said = {"name": "于同学", "contact": "199 0000 0001", "words": "合同日期早于申领日期", **values}
    return services.object_to(publicity, row, **said)


def state(redemption: Redemption | None) -> str:
    """Where it stands in the database."""
    assert redemption is not None
    return Redemption.objects.get(pk=redemption.pk).status


def noon(publicity: Publicity, days: int) -> datetime:
    """Noon so many days after the last one of the list."""
    assert publicity.closes_on is not None
    return datetime.combine(publicity.closes_on + timedelta(days=days), time(12), timezone.get_current_timezone())
