"""Every parameter can be asked for and read in plain words; forms lose nothing of a preset."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.forms.models import model_to_dict, modelform_factory

from vouchers.admin.forms import RulesForm, field_of
from vouchers.models import Programme, ProgrammeVersion
from vouchers.models.parameters import Parameters
from vouchers.parameter_fields import labels, parameter_field
from vouchers.parameter_help import HELP
from vouchers.parameter_words import value_words

from . import factories

pytestmark = pytest.mark.django_db

NAMES = Parameters.parameter_names()
PRESETS = sorted((Path(settings.BASE_DIR) / "vouchers" / "data").glob("*.json"))


def test_every_parameter_is_explained_and_no_other() -> None:
    assert list(HELP) == list(NAMES)
    assert all(str(HELP[name]).strip() for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_has_a_field_that_may_stay_empty(name: str) -> None:
    field = parameter_field(name)
    assert not field.required
    assert field.label == labels()[name]
    assert field.help_text == HELP[name]
    assert field.clean([] if isinstance(field, forms.MultipleChoiceField) else "") is None


@pytest.mark.parametrize(
    ("name", "widget"),
    [
        ("redeemer", forms.RadioSelect),
        ("stamped_form", forms.RadioSelect),
        ("hold_at", forms.Select),
        ("claim_chain", forms.Select),
        ("invoice_fields", forms.CheckboxSelectMultiple),
        ("subsidy_tiers", forms.Textarea),
    ],
)
def test_choices_are_radios_or_selects_and_lists_are_lines(name: str, widget: type[forms.Widget]) -> None:
    assert type(parameter_field(name).widget) is widget


def version_form(version: ProgrammeVersion) -> Any:
    names = [*NAMES, "overridable", "bounds", "assumed"]
    form: Any = modelform_factory(ProgrammeVersion, form=RulesForm, fields=names, formfield_callback=field_of)
    shown = form(instance=version)
    return form({name: shown[name].value() for name in names}, instance=version)


def said(version: ProgrammeVersion) -> dict[str, Any]:
    """All that the version says; an empty list asks for nothing, as one that is not set."""
    return {name: value for name, value in model_to_dict(version).items() if value not in (None, [])}


@pytest.mark.parametrize("path", PRESETS, ids=[path.stem for path in PRESETS])
def test_a_preset_goes_through_its_form_unchanged(path: Path) -> None:
    preset = json.loads(path.read_text(encoding="utf-8"))
    factories.make_chains(preset)
    data = preset["versions"][0]
    plain = {key: data[key] for key in ("overridable", "bounds")}
    assumed = [name for name in data["assumed"] if "." not in name]
    version = ProgrammeVersion(assumed=assumed, **plain, **data["parameters"])
    version.clean_fields(exclude={"programme", "number", "effective_from"})
    before = said(version)
    form = version_form(version)
    assert form.is_valid(), form.errors
    assert said(form.save(commit=False)) == before


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("cap_year", Decimal(200_000), "200,000 元"),
        ("cap_year", None, "—"),
        ("redeemer", "choice", "企业选择"),
        ("stamped_form", False, "否"),
        ("stamped_form", True, "是"),
        ("subsidy_tiers", [["0", "1"], ["10000", "0.5"]], "0 元起 100%；10,000 元起 50%"),
        ("cost_share", [["county", "0.4"], ["province", "0.6"]], "县（市、区） 40%；省 60%"),
        ("eligible_classes", ["any", "individual"], "各类企业、创业者"),
        ("eligible_classes", ["unnamed"], "unnamed"),
        ("invoice_fields", ["code", "number"], "发票代码、发票号码"),
        ("sample_rate", Decimal("0.0500"), "5%"),
        ("redeem_grace", "03-15", "03-15"),
        ("use_chain", "unknown-chain", "unknown-chain"),
        ("valid_days", 90, "90"),
    ],
)
def test_a_value_reads_like_words(name: str, value: Any, words: str) -> None:
    assert value_words(name, value) == words


def test_a_class_is_called_as_the_scheme_names_it(programme: Programme) -> None:
    factories.add_version(programme, classes=[{"key": "listed_sme", "label": "科技型中小企业", "proof": "list"}])
    assert value_words("eligible_classes", ["any", "listed_sme"]) == "各类企业、科技型中小企业"


def test_a_chain_is_called_by_its_name() -> None:
    factories.make_chains({"chains": [{"key": "some-chain", "name": "某审核"}]})
    assert value_words("use_chain", "some-chain") == "某审核"
    choices = dict(parameter_field("use_chain").choices)  # type: ignore[attr-defined]
    assert choices["some-chain"] == "某审核"
