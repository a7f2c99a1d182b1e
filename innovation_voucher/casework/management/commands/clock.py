"""Runs every sweep when it is due, until it is told to end: the embedded stand-in for Celery."""

import signal
import threading
from types import FrameType
from typing import Any

from django.core.management import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from innovation_voucher.casework.sweeps import Clock

STEP_SECONDS = 1.0


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()

        def end(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001  signature of a handler
            """A sweep that runs now is finished first."""
            stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        clock = Clock()
        while not stop.is_set():
            # A connection that the server has dropped would fail for ever.
            close_old_connections()
            clock.tick(timezone.now())
            stop.wait(STEP_SECONDS)
