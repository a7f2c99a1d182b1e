"""The running portal, and what every proof asks of the answers and of the rows afterwards."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import environ
import pytest
from django.db import connections

from innovation_voucher.casework import invariants

from .processes import Place, Server, stop, wait_until
from .wire import Answer, get, send

Say = Callable[[str], None]


@pytest.fixture(scope="session")
def place(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A folder, the migrated database by the application's role, and a Redis."""
    name = connections["default"].settings_dict["NAME"]
    url = urlsplit(environ.Env()("APP_DATABASE_URL"))
    place = Place(tmp_path_factory.mktemp("portal"), f"postgresql://{url.username}@/{name}?{url.query}")
    redis = place.start_redis()
    yield place
    stop(redis)


@pytest.fixture(scope="session")
def portal(place: Place) -> Iterator[Server]:
    """The portal as it is deployed: four workers."""
    place.collect_static()
    server = Server(place, "innovation_voucher.wsgi")
    try:
        wait_until(lambda: _is_ready(server.socket), 60, "the portal")
        yield server
    finally:
        server.stop()


def _is_ready(path: Path) -> bool:
    return path.exists() and send(path, get("/readyz", "")).status == 200


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """One plain line for the person who runs the storm."""

    def line(text: str) -> None:
        with capsys.disabled():
            print(f"\nstorm: {text}")

    return line


@pytest.fixture
def whole(portal: Server) -> Iterator[None]:
    """After the proof every invariant holds and no answer was an error of ours."""
    yield
    assert invariants.broken() == {}
    assert "Internal Server Error" not in portal.log()


def tally(answers: list[Answer]) -> Counter[int]:
    """How many answers of each status; none may be an error of the server or be missing."""
    found = Counter(answer.status for answer in answers)
    assert all(200 <= status < 500 for status in found), found
    return found
