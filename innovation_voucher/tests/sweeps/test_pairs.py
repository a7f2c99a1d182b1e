"""Who and when belong together: found in the models, held by the database."""

import ast
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from innovation_voucher.casework import audit
from innovation_voucher.tests.sweeps.sources import PACKAGES, trees

#: Pairs without a constraint, and why. Anything else needs one.
FREE = {
    "accounts.ConfirmedPhone confirmed": "neither column can be empty",
    "casework.ApiToken issued": "neither column can be empty",
    "casework.Attachment uploaded": "by is empty when the portal made the file itself",
    "casework.Panel drawn": "neither column can be empty",
    "casework.ReviewCase submitted": "by is empty when the clock submitted; the moment is never empty",
    "orders.CartItem added": "neither column can be empty",
    "orders.Order placed": "by is empty for orders that came in by import; the moment is never empty",
    "orders.Quote offered": "neither column can be empty",
    "orders.ServiceRecord recorded": "neither column can be empty",
    "redemption.SettlementBatch prepared": "neither column can be empty",
    "redemption.Redemption created": "by is empty when the clock opened it; the moment is never empty",
    "vouchers.ExternalImport checked": "neither column can be empty",
    "vouchers.ProgrammeVersion published": "by is empty for versions that a file published",
    "vouchers.Override published": "by is empty for overrides that a file published",
    "vouchers.Voucher confirmed": "by is empty where issuing confirms: no person acted",
}


def ours() -> list[Any]:
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in PACKAGES]


def pairs() -> dict[str, tuple[Any, str]]:
    """`app.Model stem` of every model with both `<stem>_at` and `<stem>_by`."""
    found = {}
    for model in ours():
        names = {field.name for field in model._meta.fields}
        for stem in (name[:-3] for name in names if name.endswith("_at")):
            if f"{stem}_by" in names:
                found[f"{model._meta.label} {stem}"] = (model, stem)
    return found


def is_constrained(model: Any, stem: str) -> bool:
    checks = [c for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
    return any(f"{stem}_at" in str(c.condition) and f"{stem}_by" in str(c.condition) for c in checks)


def can_be_half(model: Any, stem: str) -> bool:
    return any(model._meta.get_field(f"{stem}_{end}").null for end in ("at", "by"))


def test_pairs_are_found() -> None:
    assert "redemption.SettlementBatch countersigned" in pairs()


@pytest.mark.parametrize("name", sorted(pairs()))
def test_a_pair_is_whole_or_said_why_not(name: str) -> None:
    model, stem = pairs()[name]
    assert is_constrained(model, stem) or name in FREE, f"{name}: add a CheckConstraint"
    assert not (is_constrained(model, stem) and name in FREE)


def test_no_reason_is_left_for_a_pair_that_is_gone() -> None:
    assert set(FREE) <= set(pairs())


def test_pairs_said_to_be_never_empty_are_not() -> None:
    never = [pairs()[name] for name, why in FREE.items() if why.startswith("neither")]
    assert [stem for model, stem in never if can_be_half(model, stem)] == []


# --- Verbs of the audit ---------------------------------------------------------------------------


def recorded() -> set[str]:
    """Literal verbs given to `audit.record`, and to helpers that are called like it."""
    calls = [
        (node, node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]
    firsts = [call.args[0] for call, name in calls if name == "record" and call.args]
    return {arg.value for arg in firsts if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}


def test_every_recorded_verb_has_its_words() -> None:
    assert len(recorded()) > 20
    assert recorded() - set(audit.verbs()) == set()


def test_verbs_are_dotted_and_their_words_are_said() -> None:
    assert all(verb.count(".") >= 1 and str(words).strip() for verb, words in audit.verbs().items())
