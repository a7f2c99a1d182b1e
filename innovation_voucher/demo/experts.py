"""Registers of experts in the demo world, region by region."""

from collections.abc import Iterable

from accounts.models import User
from carriers.models import Category
from innovation_voucher.casework.models import Region
from redemption import services as redemption
from redemption.models import Expert

from .people import ExpertRow, phone
from .world import World, hashed


def register(world: World, rows: Iterable[ExpertRow], field: Category, region: Region, *, by: User) -> None:
    """Experts of one field with a sign-in each."""
    for row in rows:
        user = User.objects.create(
            username=row.username, password=hashed(), name=row.name, phone=phone(world.next()), phone_verified=True
        )
        world.owners[row.username] = user
        expert = Expert(user=user, number=row.number, unit=row.unit, title=row.title, region=region)
        redemption.save_expert(expert, by=by, fields=[field])
        what = {"username": row.username, "name": row.name, "role": "评审专家", "what": f"{row.number}，{field.name}"}
        world.accounts.append({**what, "id": str(user.pk), "region": region.code})
