"""Build the demo world by the portal's own verbs, and print how to sign in."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import transaction

from accounts import demo_accounts
from accounts.models import User
from innovation_voucher.demo import (
    build as people,
    coming,
    corners,
    csj_claims,
    csj_ends,
    csj_orders,
    csj_payments,
    csj_redemptions,
    js_claims,
    js_ends,
    js_orders,
    js_payments,
    js_redemptions,
    payments,
    reviewed,
    shown,
    tj_ends,
    tj_lists,
    tj_redemptions,
    tj_walks,
    uses,
    walks,
    world,
    year_end,
    zj_ends,
    zo_ends,
)
from innovation_voucher.demo.people import PASSWORD
from vouchers import resolve
from vouchers.models import Programme

PRESETS = Path(settings.BASE_DIR) / "vouchers" / "data"
#: Whose programme most of the world's stories use.
FIRST_FAMILY = "zj"


class Command(BaseCommand):
    help = "Fill an empty database with the demo world. Refuses on a database that holds anything else."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the sign-ins with ids as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("The database holds people already; the demo world needs an empty one.")
        with transaction.atomic(), resolve.kept_early():
            made = build()
        demo_accounts.register(
            demo_accounts.DemoAccount(**{key: row[key] for key in ("role", "username", "name", "what")})
            for row in made.accounts
        )
        self._print(made, as_json=options["json"])

    def _print(self, made: world.World, *, as_json: bool) -> None:
        if as_json:
            rows = [{**row, "password": PASSWORD, "url": settings.BASE_URL} for row in made.accounts]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"Sign in at {settings.BASE_URL} with the password {PASSWORD} as")
        for row in made.accounts:
            self.stdout.write(f"  {row['username']:<12} {row['name']}  {row['role']}，{row['what']}")


def build() -> world.World:
    """Load the presets and walk every story; the caller's transaction holds it all."""
    for preset in sorted(PRESETS.glob("*.json")):
        call_command("load_programme", str(preset), verbosity=0)
    programme = Programme.objects.filter(status=Programme.State.OPEN, family=FIRST_FAMILY).first()
    if programme is None:
        raise CommandError(f"No preset opens a programme of the family {FIRST_FAMILY}.")
    reviewed.limit()
    made = people.populate(programme)
    reviewed.walk_claims(made)
    walks.walk_orders(made)
    payments.walk_redemptions(made)
    corners.walk_corners(made)
    year_end.walk_year_end(made)
    uses.walk_uses(made, reviewed.scheme())
    zo_ends.walk_ends(made, reviewed.scheme())
    uses.freeze_account(made)
    js_ends.walk_claims(made)
    js_claims.walk_claims(made)
    js_orders.walk_orders(made)
    js_redemptions.walk_redemptions(made)
    js_payments.walk_payments(made)
    js_ends.walk_waiting(made)
    js_ends.walk_ends(made)
    csj_claims.walk_claims(made)
    csj_orders.walk_orders(made)
    csj_redemptions.walk_redemptions(made)
    csj_payments.walk_payments(made)
    csj_ends.walk_ends(made)
    shown.walk_shown(made)
    zj_ends.walk_ends(made)
    coming.prepare(made)
    tj_lists.keep_lists(made)
    tj_walks.walk_applications(made)
    tj_ends.walk_ends(made, tj_redemptions.walk_redemptions(made))
    return made
