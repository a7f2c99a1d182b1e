"""Starts both sides and measures them in turn."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from django.core.management import call_command

from storm import often
from storm.processes import Place, Server, stop, wait_until
from storm.wire import get, post

from . import contention, databases, portal, report, search, sets, sheets
from .measure import Side, load

#: Of the tickets each receipt uses one up, on the quicker side some five hundred a second.
ROUNDS, SECONDS, TICKETS = often(3, 5), often(2, 4), often(5_000, 16_000)
#: Kind of request -> the status of a right answer.
KINDS = {"claim": 302, "receive": 302, "list": 200}
#: gunicorn as in the figures of the goals: plain workers, two of them, the same ones to the end: the CPU time of a
#: worker that was replaced would be lost.
SYNC = ("--worker-class", "sync", "--threads", "1", "--max-requests", "0")


def measure(folder: Path, only: str) -> None:
    """Both parts, or `only` one: the requests with what is done to many rows, or the search."""
    call_command("migrate", verbosity=0)
    if only != "search":
        _requests(folder)
    if only != "requests":
        report.show_search(search.measure(folder))


def _requests(folder: Path) -> None:
    """Fill both databases, let the load on, show what came of it."""
    requests, queries = portal.fill(TICKETS)
    with _servers(folder) as (reference, ours):
        sides = Side(reference, "bench_reference", _reference_requests()), Side(ours, "bench_portal", requests)
        rounds = list(_rounds(*sides))
        found = contention.measure(sides[1], ROUNDS, SECONDS)
    counts = {kind: count() for kind, count in queries.items()}
    found += [*sheets.measure(ROUNDS), *sets.settlement(ROUNDS), *sets.expiry(folder)]
    report.show(rounds, counts, found)


@contextmanager
def _servers(folder: Path) -> Iterator[tuple[Server, Server]]:
    """The reference and the portal, each on its own database."""
    place = Place(folder, databases.url_of("bench_portal", "APP_DATABASE_URL"))
    place.collect_static()
    redis = place.start_redis()
    servers = (
        Server(Place(folder, databases.url_of("bench_reference")), "bench.reference.wsgi", workers=2, options=SYNC),
        Server(place, "innovation_voucher.wsgi", workers=2, options=SYNC),
    )
    try:
        for server in servers:
            wait_until(server.socket.exists, 60, server.application)
        yield servers
    finally:
        for server in servers:
            server.stop()
        stop(redis)


def _reference_requests() -> portal.Requests:
    command = [sys.executable, "-m", "bench.reference.seed", str(TICKETS)]
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": databases.url_of("bench_reference")}
    made = json.loads(subprocess.check_output(command, cwd=databases.ROOT, env=environment))
    cookies = made["cookies"]
    return {
        "claim": (post("/claim/", cookie, amount="1") for cookie in cycle(cookies)),
        "receive": (post(f"/redeem/{token}/", cookies[0]) for token in made["tokens"]),
        "list": (get("/list/", cookie) for cookie in cycle(cookies[1:2])),
    }


def _rounds(reference: Side, ours: Side) -> Iterator[report.Round]:
    """Per kind a slice of the reference, then one of the portal; a first round only warms up."""
    for n in range(ROUNDS + 1):
        found = {
            kind: (load(reference, kind, SECONDS, ok), load(ours, kind, SECONDS, ok)) for kind, ok in KINDS.items()
        }
        if n:
            yield found
