"""Fills the reference's database and prints the sessions and tokens that the measurement uses, as JSON."""

import json
import os
import secrets
import sys
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command

from storm.wire import sign_in

BUDGETS, USERS, ROWS = 10, 200, 40


def main(tickets: int) -> None:
    # Our own tables have no migrations, and they refer to those that have.
    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    users = _rows("auth.User", [{"username": f"user-{n}", "password": "!"} for n in range(USERS)])
    budgets = _rows("reference.Budget", [{"left": 10**12}] * BUDGETS)
    accounts = [{"user": user, "budget": budgets[n % BUDGETS], "cap": 10**12} for n, user in enumerate(users)]
    _rows("reference.Account", accounts)
    tokens = [secrets.token_hex(16) for _n in range(tickets)]
    _rows("reference.Ticket", [{"token": token, "title": "样机试验", "user": users[0]} for token in tokens])
    _rows("reference.Ticket", [{"token": f"row-{n}", "title": "成分分析", "user": users[1]} for n in range(ROWS)])
    print(json.dumps({"cookies": [sign_in(user) for user in users], "tokens": tokens}))


def _rows(label: str, values: list[dict[str, Any]]) -> list[Any]:
    model = apps.get_model(label)
    return list(model._default_manager.bulk_create(model(**one) for one in values))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.reference.settings"
    django.setup()
    main(int(sys.argv[1]))
