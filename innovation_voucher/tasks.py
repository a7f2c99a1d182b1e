"""Celery's part in the sweeps; the embedded mode runs the same registry by `manage.py clock`.

Celery imports this module after Django is set up, so every app has registered its sweeps.
"""

import logging

from celery import shared_task

from innovation_voucher.casework import sweeps
from innovation_voucher.celery import app

logger = logging.getLogger(__name__)


@shared_task(name="run_sweep")
def run_sweep(name: str) -> None:
    """Run one sweep; a second delivery does no harm, since each verb re-checks under its lock.

    Raises KeyError for a name that no app has registered.
    """
    for line in sweeps.run(name):
        logger.info("sweep %s: %s", name, line)


app.conf.beat_schedule = {
    sweep.name: {
        "task": run_sweep.name,
        "schedule": sweep.every_seconds,
        "args": (sweep.name,),
        # A run that waited for longer than its interval is overtaken by the next one.
        "options": {"expires": sweep.every_seconds},
    }
    for sweep in sweeps.all()
}
