"""YuanField in the database: yuan outside, fen inside, on both databases."""

from decimal import Decimal

import pytest
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connections, models, transaction
from django.db.models import Avg, Exists, F, Max, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Least

from innovation_voucher.lib.money import YuanField, YuanFormField, yuan


class Purse(models.Model):
    available = YuanField(default=0, verbose_name="可用")
    held = YuanField(default=Decimal(0))
    cap = YuanField(null=True, blank=True)
    uses = models.IntegerField(default=1)

    objects = models.Manager()

    class Meta:
        app_label = "lib_tests"
        constraints = [
            models.CheckConstraint(condition=Q(available__gte=0), name="available_not_negative"),
            models.CheckConstraint(
                condition=Q(cap=None) | Q(cap__gte=F("available") + F("held") + Decimal("0.01")),
                name="a_cent_below_the_cap",
            ),
        ]

    def __str__(self):
        return f"{self.available}"


@pytest.fixture
def purses(table):
    return table(Purse)


def stored(purse, column="available"):
    with connections[purse._state.db].cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM lib_tests_purse WHERE id = %s", [purse.pk])
        return cursor.fetchone()[0]


def test_yuan_are_stored_as_fen_and_read_back(purses):
    purse = purses.create(available="18000.5", held=3, cap=None)
    assert stored(purse) == 1800050
    purse.refresh_from_db()
    assert (purse.available, purse.held, purse.cap) == (Decimal("18000.50"), Decimal("3.00"), None)
    assert str(purse.available) == "18000.50"


def test_a_default_is_an_amount_before_and_after_saving(purses):
    assert str(Purse().available) == "0.00"
    assert Purse().cap is None
    assert str(purses.create().held) == "0.00"


def test_a_float_never_reaches_the_column(purses):
    with pytest.raises(TypeError), transaction.atomic(using=purses.db):
        purses.create(available=0.1)
    assert not purses.exists()


def test_filters_take_yuan(purses):
    purse = purses.create(available="18000.50", cap="20000")
    purses.create(available="5")
    for found in (
        purses.get(available=Decimal("18000.50")),
        purses.get(available="18000.50"),
        purses.get(available__gt=6),
        purses.get(available__range=("18000.49", "18000.51")),
        purses.get(available__in=[Decimal("18000.50"), 7]),
        purses.get(cap__gte=F("available") + Decimal("1999.50")),
        purses.get(available__lt=F("cap") - 1999),
        purses.exclude(available__lte=5).get(),
    ):
        assert found == purse
    assert not purses.filter(cap__gte=F("available") + Decimal("1999.51")).exists()


def test_the_conditional_update_of_the_ledger_moves_yuan(purses):
    purse = purses.create(available=100)
    amount = Decimal("99.99")
    move = {"available": F("available") - amount, "held": F("held") + amount}
    assert purses.filter(pk=purse.pk, available__gte=amount).update(**move) == 1
    purse.refresh_from_db()
    assert (purse.available, purse.held) == (Decimal("0.01"), Decimal("99.99"))
    assert purses.filter(pk=purse.pk, available__gte=amount).update(**move) == 0
    assert purses.filter(pk=purse.pk, available__gte="0.01").update(available=F("available") - "0.01") == 1
    assert stored(purse) == 0


def test_an_expression_can_be_assigned_and_saved(purses):
    purse = purses.create(available=100)
    purse.available = 5 + F("available") - 1
    purse.save()
    purse.refresh_from_db()
    assert purse.available == Decimal("104.00")


def test_bulk_writes_convert(purses):
    first, second = purses.bulk_create([Purse(available="1.5"), Purse(available=2)])
    first.available, second.available = Decimal("7.25"), F("available") + 1
    purses.bulk_update([first, second], ["available"])
    assert list(purses.order_by("pk").values_list("available", flat=True)) == [
        Decimal("7.25"),
        Decimal("3.00"),
    ]


def test_aggregates_are_yuan(purses):
    assert purses.aggregate(total=Sum("available")) == {"total": None}
    assert purses.aggregate(total=Sum("available", default=0)) == {"total": Decimal("0.00")}
    purses.bulk_create([Purse(available="0.10"), Purse(available="0.20"), Purse(available="70000000000000")])
    found = purses.aggregate(
        total=Sum("available"), low=Min("available"), high=Max("available"),
        pair=Sum(F("available") + F("held") + 1), small=Sum("available", filter=Q(available__lt=1)),
    )  # fmt: skip
    assert found == {
        "total": Decimal("70000000000000.30"),
        "low": Decimal("0.10"),
        "high": Decimal("70000000000000.00"),
        "pair": Decimal("70000000000003.30"),
        "small": Decimal("0.30"),
    }
    assert str(found["total"]) == "70000000000000.30"


def test_an_average_is_yuan_cut_to_the_fen(purses):
    purses.bulk_create([Purse(available="100.01"), Purse(available="100.02")])
    assert purses.aggregate(mean=Avg("available")) == {"mean": Decimal("100.01")}


def test_no_last_cent_is_lost(purses):
    for cents in range(1, 120, 7):
        amount = yuan(Decimal(cents) / 100)
        purse = purses.create(available=amount)
        spend = purses.filter(pk=purse.pk, available__gte=amount)
        assert spend.update(available=F("available") - amount) == 1
        assert stored(purse) == 0


def test_annotations_are_yuan(purses):
    purses.create(available="18000.50", held="0.5", cap=None, uses=3)
    row = purses.annotate(
        both=F("available") + F("held"),
        left=Decimal(20000) - F("available"),
        twice=F("available") * 2,
        each_use=F("available") * F("uses"),
        at_most=Least("available", Value(Decimal(500), output_field=YuanField())),
        capped=Coalesce("cap", Value(Decimal("1.5"), output_field=YuanField())),
        newest=Subquery(Purse.objects.order_by("-pk").values("available")[:1]),
    ).values("both", "left", "twice", "each_use", "at_most", "capped", "newest")
    assert row.get() == {
        "both": Decimal("18001.00"),
        "left": Decimal("1999.50"),
        "twice": Decimal("36001.00"),
        "each_use": Decimal("54001.50"),
        "at_most": Decimal("500.00"),
        "capped": Decimal("1.50"),
        "newest": Decimal("18000.50"),
    }


def test_annotations_can_be_filtered_and_summed(purses):
    purses.create(available=10, held=5)
    purses.create(available=1, held=1)
    whole = purses.annotate(whole=F("available") + F("held"))
    assert whole.get(whole__gte=15).available == 10
    assert whole.filter(whole__gt=F("held") + 9).count() == 1
    assert whole.aggregate(total=Sum("whole")) == {"total": Decimal("17.00")}
    groups = purses.values("uses").annotate(left=Sum("available") - Sum("held") + Decimal("0.5"))
    assert groups.get() == {"uses": 1, "left": Decimal("5.50")}


def test_an_outer_row_can_be_compared(purses):
    rich = purses.create(available=100)
    poor = purses.create(available=1)
    richer = Purse.objects.filter(available__gt=OuterRef("available") + Decimal(50))
    assert purses.get(Exists(richer)) == poor
    poorer = Purse.objects.filter(available__lt=OuterRef("available") - Decimal("98.99"))
    assert purses.get(Exists(poorer)) == rich


@pytest.mark.parametrize(
    "expression",
    [F("available") * Decimal("0.5"), F("available") / 2, F("available") % 7,
     F("available") * F("held"), F("available") + F("uses"), F("available") / F("held")],
)  # fmt: skip
def test_what_databases_would_round_differently_is_refused(purses, expression):
    with pytest.raises(FieldError, match="amount"):
        purses.annotate(result=expression)


def test_other_arithmetic_is_left_alone(purses):
    purses.create(uses=3)
    assert purses.annotate(more=F("uses") + 1).get().more == 4
    assert purses.annotate(half=F("uses") * Decimal("0.5")).get().half == Decimal("1.5")


def test_a_float_beside_an_amount_is_refused(purses):
    with pytest.raises(TypeError):
        purses.update(available=F("available") + 0.1)


def test_the_database_enforces_constraints_in_yuan(purses):
    purse = purses.create(available=100, cap="100.01")
    broken = (
        {"available": F("available") - Decimal("100.01")},
        {"held": Decimal("0.01")},
        {"cap": 100},
    )
    for change in broken:
        with pytest.raises(IntegrityError), transaction.atomic(using=purses.db):
            purses.filter(pk=purse.pk).update(**change)
    purse.refresh_from_db()
    assert (purse.available, purse.held, purse.cap) == (100, 0, Decimal("100.01"))


def test_constraints_are_checked_in_python_as_well(purses):
    purse = purses.create(available=100, cap="100.01")
    purse.validate_constraints()
    for change in ({"available": Decimal("-0.01")}, {"cap": Decimal(100)}):
        broken = purses.get()
        vars(broken).update(change)
        with pytest.raises(ValidationError):
            broken.validate_constraints()


def test_rows_survive_a_dump(purses):
    purses.create(available="18000.50", cap=None)
    (row,) = serializers.serialize("python", purses.all())
    assert row["fields"]["cap"] is None
    field = Purse._meta.get_field("available")
    assert field.value_to_string(purses.get()) == "18000.50"
    assert field.to_python("18000.50") == row["fields"]["available"] == Decimal("18000.50")


@pytest.mark.parametrize("value", ["abc", 0.5, Decimal("NaN")])
def test_full_clean_answers_a_bad_value_with_a_sentence(value):
    with pytest.raises(ValidationError, match="金额只写数字"):
        Purse._meta.get_field("available").clean(value, None)


def test_model_forms_get_the_amount_field():
    field = Purse._meta.get_field("available").formfield(max_value=Decimal(5))
    assert isinstance(field, YuanFormField)
    assert (field.label, field.max_value, field.required) == ("可用", Decimal(5), True)


def test_a_migration_needs_nothing_but_the_field():
    _, path, args, options = YuanField(default=0, null=True).deconstruct()
    assert (path, args, options) == (
        "innovation_voucher.lib.money.YuanField",
        [],
        {"default": 0, "null": True},
    )
