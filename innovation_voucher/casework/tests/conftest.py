"""The trial subject is known to the desks while a test asks for it."""

from collections.abc import Iterator

import pytest

from innovation_voucher.casework import subjects

from . import trial


@pytest.fixture
def subject() -> Iterator[subjects.Subject]:
    subjects.register(trial.SUBJECT)
    yield trial.SUBJECT
    subjects.unregister(trial.SUBJECT)
