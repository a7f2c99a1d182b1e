"""Acts that start at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable

from django.db import connections

from innovation_voucher.casework.errors import Refused


def race(*acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads that start together; "done" or the refusal, for each."""
    start = threading.Barrier(len(acts))
    said = [""] * len(acts)

    def run(number: int) -> None:
        try:
            start.wait()
            acts[number]()
            said[number] = "done"
        except Refused as refused:
            said[number] = str(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(said), said
    return said
