"""One slice of load: how many answers a second, and what they cost in CPU time."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from storm.processes import Server
from storm.wire import send

from .databases import backends

CLIENTS = 8
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Side:
    """A running server, its database, and an endless supply of requests by kind."""

    server: Server
    database: str
    requests: dict[str, Iterator[bytes]]

    def pids(self) -> list[int]:
        """The web processes and the database's processes that work for them."""
        return [*self.server.worker_pids(), *backends(self.database)]


@dataclass(frozen=True)
class Slice:
    """What came of one slice; CPU in milliseconds a request, `foreign` the share of the machine that others used."""

    rate: float
    cpu: float
    foreign: float
    wrong: int


def load(side: Side, kind: str, seconds: float, expected: int, clients: int = CLIENTS) -> Slice:
    """So many seconds of one kind of request by so many clients; `expected` is the right status.

    Raises RuntimeError when the requests do not last so long.
    """
    pids = side.pids()
    statuses: list[int] = []
    lock, end = threading.Lock(), time.monotonic() + seconds

    def client() -> None:
        while time.monotonic() < end:
            with lock:
                request = next(side.requests[kind], None)
            if request is None:
                raise RuntimeError(f"the requests to {kind} ran out")
            statuses.append(send(side.server.socket, request).status)

    started, ours, client_ticks, all_ticks = time.monotonic(), _ticks(pids), _ticks([os.getpid()]), _busy()
    with ThreadPoolExecutor(clients) as pool:
        for one in [pool.submit(client) for _n in range(clients)]:
            one.result()
    took = time.monotonic() - started
    ours, client_ticks, all_ticks = _ticks(pids) - ours, _ticks([os.getpid()]) - client_ticks, _busy() - all_ticks
    return Slice(
        rate=len(statuses) / took,
        cpu=1000 * ours / _TICK / max(len(statuses), 1),
        foreign=max(0.0, (all_ticks - ours - client_ticks) / _TICK / took / (os.cpu_count() or 1)),
        wrong=sum(status != expected for status in statuses),
    )


def _ticks(pids: list[int]) -> int:
    """CPU time of processes, in ticks; one that has ended counts as none."""
    total = 0
    for pid in pids:
        path = Path(f"/proc/{pid}/stat")
        if path.exists():
            fields = path.read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total


def _busy() -> int:
    """Ticks in which the machine did something."""
    fields = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    idle, waiting = fields[3:5]
    # The last two, time of guests, are part of the first two.
    return sum(fields[:8]) - idle - waiting
