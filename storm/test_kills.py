"""kill -9 and an emptied Redis under load: nothing acknowledged is lost, nothing happens twice."""

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from django.utils import timezone

from innovation_voucher.casework import messaging
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import Outgoing
from innovation_voucher.tests import cast
from vouchers.models import Claim
from vouchers.tests.factories import make_programme

from . import often
from .conftest import Say
from .processes import Place, Server, kill, stop, wait_until
from .wire import post, send, sign_in

pytestmark = [pytest.mark.storm, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("whole")]

CLIENTS = 8
#: Claims between two kills, so that each kill meets work.
BETWEEN = 5
SECONDS_PER_KILL = 60


class Client:
    """Claims one yuan after the other, each until it is answered; keeps what was acknowledged."""

    def __init__(self, path: Path, cookie: str) -> None:
        self.path, self.cookie = path, cookie
        self.acknowledged: list[str] = []
        self.sent_again = 0

    def run(self, until: threading.Event, deadline: float) -> None:
        while not until.is_set():
            request = post("/ent/quota/claim/", self.cookie, token=new_token(), amount="1", agree="on")
            answer = send(self.path, request)
            while answer.status != 302:
                # A killed worker gives no answer at all; anything else would be an error of ours.
                assert answer.status == 0, answer
                assert time.monotonic() < deadline
                self.sent_again += 1
                answer = send(self.path, request)
            self.acknowledged.append(answer.location.split("/")[-3])


@pytest.mark.feature("X-4")
def test_web_workers(portal: Server, worker: "Worker", say: Say) -> None:
    """Claims go on while web workers and the Celery worker are killed and Redis is emptied."""
    make_programme()
    clients = [Client(portal.socket, sign_in(cast.owner_of(cast.make_organization()))) for _n in range(CLIENTS)]
    kills, done = often(12, 200), threading.Event()
    deadline = time.monotonic() + SECONDS_PER_KILL * kills
    with ThreadPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(client.run, done, deadline) for client in clients]
        try:
            for n in range(kills):
                _kill_one_at_work(portal, clients)
                if n % 4 == 1:
                    worker.ask()
                    worker.kill()
                    worker.restart()
                if n % 4 == 3:
                    portal.place.flush_redis()
        finally:
            done.set()
        for one in running:
            one.result()
    numbers = Counter(number for client in clients for number in client.acknowledged)
    assert max(numbers.values()) == 1
    # What was acknowledged is what is there: nothing lost, and no token took effect twice.
    assert set(numbers) == set(Claim.objects.values_list("number", flat=True))
    assert portal.process.poll() is None
    again = sum(client.sent_again for client in clients)
    and_others = f"{kills // 4} of Celery, {kills // 4} flushes"
    say(f"web: {kills} kills, {and_others}, {len(numbers)} claims, {again} sent again; 0 lost, 0 doubled")


def _kill_one_at_work(portal: Server, clients: list[Client]) -> None:
    def count() -> int:
        return sum(len(client.acknowledged) for client in clients)

    before = count()
    wait_until(lambda: count() >= before + BETWEEN, SECONDS_PER_KILL, "further claims")
    wait_until(portal.worker_pids, SECONDS_PER_KILL, "a worker")
    assert kill([random.choice(portal.worker_pids())]) == 1


class Worker:
    """A Celery worker that can be killed with all its children, and started again."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.broker = f"redis+socket://{place.redis_socket}"
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", "innovation_voucher", "worker", "--concurrency", "2"]
        return self.place.start(*command, "--without-gossip", "--without-mingle", log="celery.log")

    def ask(self) -> None:
        """Put one task that sends what waits into the queue."""
        with Celery(broker=self.broker) as app:
            app.send_task("run_sweep", args=["messages"])

    def kill(self) -> None:
        kill([-self.process.pid])
        self.process.wait()

    def restart(self) -> None:
        self.process = self._start()


@pytest.fixture
def worker(place: Place) -> Iterator[Worker]:
    worker = Worker(place)
    yield worker
    stop(worker.process)


def test_a_celery_worker(place: Place, worker: Worker, say: Say) -> None:
    """The outbox is in PostgreSQL: whatever happens to worker and Redis, each message leaves once."""
    kills = often(3, 30)
    people = [cast.make_user() for _n in range(50)]
    for n in range(kills + 1):
        messaging.notify(people, kind="voucher", title="券", sms="【创新券】试验", dedupe=f"storm:{n}")
    for _n in range(kills):
        _interrupt(place, worker)
    # What a killed worker had claimed waits for its pause; the clock is told that it is over.
    later = timezone.now()
    while Outgoing.objects.filter(status="pending").exists():
        later += timedelta(hours=1)
        place.manage("sweep", "messages", "--at", later.isoformat())
    keys = Counter(json.loads(line)["key"] for line in place.sms)
    assert set(keys) == set(Outgoing.objects.values_list("dedupe", flat=True))
    # A row that was handed over and not yet marked goes out again under the same key, one a kill at most.
    again = sum(keys.values()) - len(keys)
    assert again <= kills
    say(f"outbox: {kills} kills and flushes, {len(keys)} messages, 0 lost, {again} handed over again by the same key")


def _interrupt(place: Place, worker: Worker) -> None:
    """Kill the worker while it sends, and lose all of Redis."""
    before = len(place.sms)
    worker.ask()
    wait_until(lambda: len(place.sms) > before + random.randint(1, 20), 90, "the worker sends")
    worker.kill()
    place.flush_redis()
    worker.restart()
