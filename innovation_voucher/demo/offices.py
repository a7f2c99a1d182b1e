"""Offices of the demo world, their rights and their people."""

from django.contrib.auth.models import Group

from accounts.models import User
from innovation_voucher.casework.models import Office, Region
from innovation_voucher.casework.rights import grant

from .people import OfficeRow, phone
from .world import World, hashed


def open_office(world: World, row: OfficeRow) -> None:
    region = Region.objects.get(code=row.region)
    group = Group.objects.create(name=row.name)
    office = Office.objects.create(
        name=row.name, kind=row.kind, region=region, group=group, hotline="0571-0000 0000", address="科学路 1 号"
    )
    for right in row.rights:
        grant(office, right, region)
    for username, name in row.people:
        user = _user(world, username, name, row)
        user.groups.add(group)
        world.officers.setdefault(row.name, user)
        world.officers[username] = user
    if row.kind == "bureau":
        world.offices[row.region] = office
    world.offices[row.name] = office
    world.offices.setdefault(f"{row.kind}/{row.region}", office)


def _user(world: World, username: str, name: str, row: OfficeRow) -> User:
    user = User.objects.create(
        username=username,
        password=hashed(),
        name=name,
        phone=phone(world.next()),
        phone_verified=True,
        is_staff=row.kind == "province",
    )
    world.accounts.append(
        {
            "username": username,
            "name": name,
            "role": row.name,
            "what": "办理人员",
            "id": str(user.pk),
            "region": row.region,
        }
    )
    return user
