"""`manage.py serve --prepare`, as `make run` starts it: embedded, in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from innovation_voucher.management.commands import serve


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def answer(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            status: int = response.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
    return status


def until(condition, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (done := condition()) and time.monotonic() < end:
        time.sleep(0.2)
    return bool(done)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The portal without demo data on a free port, its files in a folder of its own."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "PORT": str(port),
        "DEMO_MODE": "0",
        "WEB_WORKERS": "1",
    }
    command = [sys.executable, "manage.py", "serve", "--prepare"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, start_new_session=True)
    yield process, port
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_empty_folder_becomes_a_running_portal(portal, tmp_path: Path, how: signal.Signals) -> None:
    process, port = portal
    assert until(lambda: process.poll() is not None or answer(port, "/healthz") == 200, 180)
    assert answer(port, "/readyz") == 200
    assert (tmp_path / "portal.sqlite3").stat().st_size > 0
    process.send_signal(how)
    assert process.wait(20) == 0
    # Nothing of the group is left: neither the web server nor the clock.
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_child_that_ends_by_itself_keeps_its_code() -> None:
    child = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    child.wait()
    assert serve.stop(child) == 3


def test_a_child_that_is_told_to_end_is_no_fault() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    assert serve.stop(child) == 0
    assert child.returncode == -signal.SIGTERM


def test_a_deaf_child_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "GRACE_SECONDS", 0.2)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    assert child.stdout is not None
    with child.stdout as output:
        assert output.readline() == b"deaf\n"
        assert serve.stop(child) == 0
    assert child.returncode == -signal.SIGKILL
