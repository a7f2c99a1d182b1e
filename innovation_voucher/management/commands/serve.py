"""The portal on one machine: web server and the clock (sweeps, outbox) side by side."""

import argparse
import os
import signal
import subprocess
import sys
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, call_command, get_commands
from django.db import connections

GRACE_SECONDS = 10


class Command(BaseCommand):
    help = "Run gunicorn and the clock until Ctrl+C; ends when either of them ends."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="first migrate, and load the demo data into an empty database",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # SIGINT too: a shell that starts us in the background has it ignored.
        signal.signal(signal.SIGTERM, _interrupt)
        signal.signal(signal.SIGINT, _interrupt)
        if options["prepare"]:
            self._prepare()
        children = [subprocess.Popen(command) for command in _commands(options["port"])]
        self.stdout.write(f"http://localhost:{options['port']}/ (Ctrl+C stops)")
        self.stdout.flush()
        try:
            while all(child.poll() is None for child in children):
                time.sleep(0.5)
        except KeyboardInterrupt:
            pass
        finally:
            codes = [stop(child) for child in children]
        if any(codes):
            sys.exit(1)

    def _prepare(self) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        empty = not get_user_model().objects.exists()
        if empty and settings.DEMO_MODE and "demo" in get_commands():
            self.stdout.write("Loading the demo data")
            self.stdout.flush()
            call_command("demo")
        # The children open their own connections; this process needs none.
        connections.close_all()


def _commands(port: int) -> list[list[str]]:
    """The command lines of both processes; the folder of manage.py is the working one."""
    manage = str(settings.BASE_DIR / "manage.py")
    os.environ["PORT"] = str(port)
    config = str(settings.BASE_DIR / "deploy/gunicorn.conf.py")
    commands = [
        [sys.executable, "-m", "gunicorn", "-c", config, "innovation_voucher.wsgi"],
        [sys.executable, manage, "clock"],
    ]
    return commands if "clock" in get_commands() else commands[:1]


def stop(child: subprocess.Popen[bytes]) -> int:
    """Exit code of the process after a polite request, then after force; 0 if we ended it."""
    if child.poll() is not None:
        return child.returncode
    child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    return 0


def _interrupt(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - signature of a handler
    raise KeyboardInterrupt
