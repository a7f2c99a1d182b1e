"""What the apps register with the shared floor: complete, named once, and in words."""

import ast
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import Resolver404, resolve
from django_fsm import FSMField

from innovation_voucher.casework import attachments, audit, invariants, messaging, subjects, sweeps
from innovation_voucher.casework.fsm import Stateful
from innovation_voucher.casework.models import Office, Region, ReviewCase
from innovation_voucher.casework.statuses import _registry as status_registry, statuses_of
from innovation_voucher.tests import cast

from . import trial

APPS = ("innovation_voucher", "accounts", "carriers", "vouchers", "orders", "redemption")
MACHINES = [model for model in apps.get_models() if issubclass(model, Stateful)]


def calls_of(name: str) -> list[ast.Call]:
    """Every call of a function of that name in the code of the portal, tests left out."""
    nodes = (node for tree in trees() for node in ast.walk(tree))
    return [node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(name)]


@cache
def trees() -> list[ast.Module]:
    """All modules of the portal, read once."""
    paths = (path for app in APPS for path in Path(settings.BASE_DIR / app).rglob("*.py"))
    ours = [path for path in paths if not {"tests", "migrations"} & set(path.parts)]
    return [ast.parse(path.read_text(encoding="utf-8")) for path in ours]


# --- Words of the record, of states and of messages ------------------------------------------


def test_every_verb_that_the_code_records_has_its_words() -> None:
    calls = [call for call in calls_of("audit.record") if call.args]
    verbs = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    assert len(verbs) > 20
    assert verbs - set(audit.verbs()) == set()


def test_every_kind_of_message_that_the_code_sends_has_a_category() -> None:
    kinds = {
        word.value.value
        for call in calls_of("notify")
        for word in call.keywords
        if word.arg == "kind" and isinstance(word.value, ast.Constant)
    }
    assert {"task", "claim.granted"} <= kinds
    assert {kind for kind in kinds if messaging.kind_words(kind) == messaging.kind_words("unheard of")} == set()


@pytest.mark.parametrize("label", sorted(status_registry))
def test_every_state_of_a_model_has_one_row_with_words(label: str) -> None:
    model, rows = apps.get_model(label), statuses_of(label)
    states = {
        str(value)
        for field in model._meta.fields
        if isinstance(field, FSMField)
        for value, _label in field.flatchoices  # type: ignore[attr-defined]
    }
    assert states - set(rows) == set()
    assert all(str(row.label).strip() for row in rows.values())
    assert {row.tone for row in rows.values()} <= {"grey", "blue", "amber", "green", "red", "purple"}


def test_a_state_in_which_somebody_acts_says_who() -> None:
    waiting = {"amber"}
    silent = [
        f"{label}.{code}"
        for label, rows in status_registry.items()
        for code, row in rows.items()
        if row.tone in waiting and not row.turn
    ]
    assert silent == []


def test_state_machines_are_protected_and_refreshed_without_touching_the_field() -> None:
    fields = [field for model in MACHINES for field in model._meta.fields if isinstance(field, FSMField)]
    assert len(fields) >= 8
    assert all(field.protected for field in fields)


# --- Subjects -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_subject_has_a_queue_with_words_and_a_template() -> None:
    for subject in subjects.all_subjects():
        assert subjects.by_key(subject.key) is subjects.subject_for(subject.model) is subject
        assert resolve(f"/desk/{subject.key}/").kwargs == {"subject": subject}
        assert str(subject.label).strip()
        assert (subject.expire is None) or callable(subject.expire)


def test_a_subject_is_registered_once_by_key_and_by_model(subject: subjects.Subject) -> None:
    for same in (subject, trial.SUBJECT.__class__(**{**vars(subject), "key": "another"})):
        with pytest.raises(ValueError, match="registered twice"):
            subjects.register(same)
    assert [s.key for s in subjects.all_subjects()].count("trial") == 1
    with pytest.raises(LookupError):
        subjects.by_key("another")


def test_a_forgotten_subject_has_no_queue() -> None:
    with pytest.raises(LookupError):
        subjects.subject_for(Office)
    with pytest.raises(Resolver404):
        resolve("/desk/no-such-queue-anywhere/x/take/")


@pytest.mark.django_db
def test_a_subject_says_by_itself_only_what_it_must(subject: subjects.Subject) -> None:
    usual = {
        name: value
        for name, value in vars(subject).items()
        if name not in {"checks", "parties", "targets", "files_of", "expire", "remind", "withdraw"}
    }
    bare = subjects.Subject(**usual)
    office = cast.make_office()
    assert (list(bare.checks(office)), list(bare.parties(office))) == ([], [])
    assert (bare.targets, bare.files_of, bare.expire, bare.remind, bare.withdraw) == (None,) * 5
    assert bare.content_type.model_class() is Office


@pytest.mark.parametrize("ok", [True, False, None])
def test_a_check_shows_its_rule_as_text(ok: bool | None) -> None:
    check = subjects.Check("编号已登记", expected="是", found="否", ok=ok)
    assert (check.text, check.ok) == ("编号已登记", ok)


# --- Sweeps, invariants, files ----------------------------------------------------------------


def test_sweeps_have_dotted_or_plain_names_and_sane_intervals() -> None:
    found = sweeps.all()
    assert len({sweep.name for sweep in found}) == len(found)
    assert all(1 <= sweep.every_seconds <= 86400 for sweep in found)
    assert [sweep.position for sweep in found] == sorted(sweep.position for sweep in found)


def test_every_invariant_is_a_question_without_arguments() -> None:
    assert {"guards", "regions", "audit"} <= set(invariants.names())
    assert len(set(invariants.names())) == len(invariants.names())


@pytest.mark.django_db
@pytest.mark.parametrize("damage", ["330108", "330000"])
def test_a_region_out_of_its_place_is_named(damage: str) -> None:
    region = cast.make_region(damage)
    Region.objects.filter(pk=region.pk).update(path=f"lost/{damage}/")
    assert f"region {damage}: path lost/{damage}/" in list(invariants.region_paths())


@pytest.mark.django_db
def test_files_of_a_model_that_nobody_owns_are_closed_and_an_owner_opens_them() -> None:
    region, user = cast.make_region(), cast.make_user()
    file: Any = attachments.generated(region, "map", name="地图.txt", content=b"x", by=None)
    assert not attachments.may_open(user, file)
    attachments.register_owner(Region, lambda who, obj: who == user and obj == region)
    try:
        assert attachments.may_open(user, file)
        assert not attachments.may_open(cast.make_user(), file)
    finally:
        del attachments._owners[Region]


def test_the_case_is_a_machine_with_two_live_states() -> None:
    live = {"open", "returned"}
    sources = {move.source for move in ReviewCase().get_all_status_transitions()}
    assert sources == live
