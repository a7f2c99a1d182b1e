"""A test that commits leaves nothing behind, and takes nothing of the migrations away."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from innovation_voucher.casework.models import AuditRow, NumberRow, Region
from innovation_voucher.tests import cleaning


@pytest.mark.django_db(transaction=True)
def test_committed_rows_go_and_seeded_ones_stay() -> None:
    kept = cleaning.seeds()
    regions = Region.objects.count()
    kind = ContentType.objects.get_for_model(NumberRow)
    AuditRow.objects.create(verb="x", subject_type=kind, subject_id=1, subject_label="x", at=timezone.now())
    NumberRow.objects.create(key="x")
    cleaning.clean(kept)
    assert AuditRow.objects.count() == NumberRow.objects.count() == 0
    assert Region.objects.count() == regions
    assert ContentType.objects.filter(pk=kind.pk).exists()
    assert cleaning.seeds() == kept
