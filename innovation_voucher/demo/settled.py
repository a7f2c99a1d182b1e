"""From approved to paid in one go, for schemes whose lists are shown to the public first."""

from collections.abc import Sequence
from datetime import timedelta

from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region
from redemption import services as redemption
from redemption.models import Redemption
from vouchers.models import Programme

from .payments import bank_answers
from .shown import EARLIER
from .world import World


def show(world: World, rows: Sequence[Redemption], *, by: str, title: str, region: Region | None = None) -> None:
    """A list that was opened some weeks ago and is over by now; of the programme's own region, or another."""
    officer, programme = world.officers[by], rows[0].programme
    name = f"{programme.name}{title}"
    made = redemption.create_publicity(programme, region or programme.region, list(rows), title=name, by=officer)
    with calendar.acting_at(calendar.now() - timedelta(days=EARLIER)):
        redemption.open_publicity(made, by=officer)
    redemption.close_publicity(made)


def pay(world: World, programme: Programme, *, maker: str, checker: str, region: Region | None = None) -> None:
    """One batch of everything that is payable, frozen, countersigned, exported, answered by the bank, reconciled."""
    first, second, today = world.officers[maker], world.officers[checker], calendar.today()
    batch = redemption.create_batch(
        programme=programme,
        region=region or programme.region,
        period_from=today.replace(day=1),
        period_to=today,
        by=first,
    )
    batch = redemption.freeze_batch(batch, by=first, typed_total=redemption.preview_of(batch).total)
    batch = redemption.countersign_batch(batch, by=second, typed_total=batch.total)
    redemption.export_batch(batch, by=first)
    batch.refresh_from_db()
    bank_answers(world, batch, failed=0, maker=maker)
    redemption.reconcile_batch(batch, by=first)
