"""The real portal in processes of its own: gunicorn, Celery, Redis, all on unix sockets.

The web processes sign in to PostgreSQL as the application role, which owns nothing.
"""

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from redis import Redis

ROOT = Path(__file__).resolve().parents[1]
GRACE_SECONDS = 15


@dataclass(frozen=True)
class Place:
    """Where a portal keeps its sockets and files, and how its processes are started."""

    folder: Path
    database_url: str

    @property
    def redis_socket(self) -> Path:
        return self.folder / "redis.sock"

    @property
    def sms(self) -> list[str]:
        """The lines of the file to which all SMS go."""
        path = self.folder / "sms.jsonl"
        return path.read_text().splitlines() if path.exists() else []

    def environment(self, **more: str) -> dict[str, str]:
        """What a real installation sets; nothing of the tests, so that the settings are the real ones."""
        return {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.database_url,
            "REDIS_URL": f"unix://{self.redis_socket}",
            "SECRET_KEY": settings.SECRET_KEY,
            "FIELD_KEYS": _written(settings.FIELD_KEYS),
            "QR_KEYS": _written(settings.QR_KEYS),
            "VAR_DIR": str(self.folder),
            "STATIC_ROOT": str(self.folder / "static"),
            "SMS_GATEWAY": "file",
            "LOG_LEVEL": "WARNING",
            **more,
        }

    def start(self, *command: str, log: str, **more: str) -> subprocess.Popen[bytes]:
        """A process that ends with this one, whatever ends it; its output goes to a file of the folder."""
        with (self.folder / log).open("ab") as out:
            return subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *command],
                cwd=ROOT,
                env=self.environment(**more),
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def manage(self, *arguments: str, **more: str) -> str:
        """The output of one command of manage.py, which must succeed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(**more), capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def collect_static(self) -> None:
        """Pages name their files by the manifest that this writes."""
        self.manage("collectstatic", "--noinput", DJANGO_SETTINGS_MODULE="storm.quick_static")

    def start_redis(self) -> subprocess.Popen[bytes]:
        """A Redis that keeps nothing on the disk and may be emptied at any time."""
        options = ["--port", "0", "--unixsocket", str(self.redis_socket), "--save", "", "--appendonly", "no"]
        server = self.start("redis-server", *options, "--dir", str(self.folder), log="redis.log")
        wait_until(self.redis_socket.exists, 10, "Redis")
        return server

    def flush_redis(self) -> None:
        with Redis(unix_socket_path=str(self.redis_socket)) as redis:
            redis.flushall()


@dataclass
class Server:
    """gunicorn with one application on a unix socket."""

    place: Place
    application: str
    workers: int = 4
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        name = self.application.rpartition(".")[0].replace(".", "-")
        self.socket = self.place.folder / f"{name}.sock"
        config = str(ROOT / "deploy/gunicorn.conf.py")
        command = [sys.executable, "-m", "gunicorn", "-c", config, *self.options, self.application]
        more = {"BIND": f"unix:{self.socket}", "WEB_WORKERS": str(self.workers)}
        self.process = self.place.start(*command, log=f"{name}.log", **more)

    def worker_pids(self) -> list[int]:
        """The processes that answer requests now."""
        return children(self.process.pid)

    def log(self) -> str:
        return (self.place.folder / f"{self.socket.stem}.log").read_text()

    def stop(self) -> None:
        stop(self.process)


def children(pid: int) -> list[int]:
    """Process ids of the direct children; none of a process that has ended."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def stop(process: subprocess.Popen[bytes]) -> None:
    """Politely, then by force, with everything that it started."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            kill([-process.pid])
            process.wait()


def kill(pids: Iterable[int]) -> int:
    """kill -9 each; a negative id means its whole group. Answers how many were there."""
    killed = 0
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
            killed += 1
        except ProcessLookupError:
            continue
    return killed


def wait_until(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Wait for a condition, at most so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.05)


def _written(keys: dict[str, bytes]) -> str:
    return ",".join(f"{kid}:{base64.b64encode(key).decode()}" for kid, key in keys.items())
