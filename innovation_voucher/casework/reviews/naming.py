"""What a state is called after a step: a row of the step, carried by what walks the chain."""

from typing import Any

from .. import audit
from ..models import ChainStep, Office, ReviewCase, Walker
from ..subjects import subject_of


def step_before(step: ChainStep) -> ChainStep | None:
    """The step in front of another, None before the first."""
    return ChainStep.objects.filter(chain=step.chain_id, position__lt=step.position).order_by("-position").first()


def call_by(case: ReviewCase, passed: ChainStep | None, *, by: Any = None, office: Office | None = None) -> None:
    """Let the subject carry the name that the step passed last gives its state; None = no step is passed.

    A name that is given by a decision (`by`) stands on the subject's timeline too; between two steps the
    applicant is told.
    """
    subject: Any = case.subject
    if not isinstance(subject, Walker):
        return
    label = passed.passed_label if passed else ""
    if (subject.passed_label or "") == label:
        return
    subject.passed_label = label
    # One column, past the instance: the verb of the decision has moved the state of another one.
    type(subject)._default_manager.filter(pk=subject.pk).update(passed_label=label)
    if label and passed and by:
        _say(case, subject, label)
        said = {"step": passed.name, "called": label}
        audit.record("review.called", subject, by=by, region=case.region, office=office, after=said)


def _say(case: ReviewCase, subject: Any, label: str) -> None:
    """What ends the case tells of itself; a step in between does not."""
    tell = subject_of(case).called
    if tell and case.status == ReviewCase.State.OPEN:
        tell(subject, label)
