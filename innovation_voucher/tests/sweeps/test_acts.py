"""No state changes without a row of the audit: every move of the demo world beside what was recorded."""

from collections import Counter
from collections.abc import Iterable

from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests.sweeps.world import Move, World

#: Moves of a part are recorded on its whole: a task on its case, a payment on its batch.
WHOLES = {
    "orders.Quote": "order",
    "casework.ReviewTask": "case",
    "casework.Panel": "case",
    "casework.PanelSeat": "case",
    "redemption.Payment": "batch",
}
#: The verbs of which one records a move; a move of the world that is not listed here fails.
RECORDED: dict[str, set[str]] = {
    "accounts.Verification submit": {"verification.submitted"},
    "accounts.Verification approve": {"verification.approved"},
    "accounts.Verification reject": {"verification.rejected"},
    "accounts.Verification return_": {"verification.returned"},
    "accounts.Verification withdraw": {"verification.withdrawn"},
    "accounts.Verification expire": {"verification.expired"},
    "accounts.Verification supersede": {"verification.superseded"},
    "carriers.CarrierRecognition return_": {"recognition.returned"},
    "carriers.CarrierRecognition reject": {"recognition.rejected"},
    "carriers.CarrierRecognition withdraw": {"recognition.withdrawn"},
    "carriers.CarrierRecognition suspend": {"recognition.suspended"},
    "carriers.CarrierRecognition end": {"recognition.ended"},
    "carriers.CarrierRecognition submit": {"recognition.submitted", "recognition.recognized"},
    "carriers.CarrierRecognition recognize": {"recognition.recognized"},
    "casework.ReviewCase resume": {"review.resubmitted"},
    "casework.ReviewCase approve": {"review.approved"},
    "casework.ReviewCase reject": {"review.rejected"},
    "casework.ReviewCase return_": {"review.returned"},
    "casework.ReviewCase expire": {"review.expired"},
    "casework.ReviewCase withdraw": {"review.withdrawn"},
    "casework.ReviewTask open": {"review.opened"},
    "casework.ReviewTask finish": {"review.agreed", "review.rejected", "review.returned"},
    "casework.ReviewTask skip": {"review.withdrawn", "review.rejected", "review.returned"},
    "casework.Panel end": {"panel.ended"},
    "casework.Panel conclude": {"panel.concluded"},
    "casework.PanelSeat declare": {"panel.declared"},
    "casework.PanelSeat submit": {"panel.scored"},
    "casework.PanelSeat replace": {"panel.replaced"},
    "casework.PanelSeat recuse": {"panel.recused"},
    "orders.Order accept": {"order.accepted", "order.offline", "order.quote_accepted", "order.phone_confirmed"},
    "orders.Quote accept": {"order.quote_accepted"},
    "orders.Quote withdraw": {"order.quoted", "order.quote_withdrawn"},
    "orders.Quote expire": {"order.lapsed", "order.cancelled", "order.declined"},
    "orders.Order deliver": {"order.delivered"},
    "orders.Order complete": {"order.completed"},
    "orders.Order cancel": {"order.cancelled"},
    "orders.Order decline": {"order.declined"},
    "orders.Order lapse": {"order.lapsed"},
    "redemption.Payment send": {"batch.exported"},
    "redemption.Payment pay": {"batch.results"},
    "redemption.Payment fail": {"batch.results"},
    "redemption.Redemption ask_consent": {"redemption.consent_asked"},
    "redemption.Redemption refuse_consent": {"redemption.consent_refused"},
    "redemption.Redemption submit": {"redemption.submitted"},
    "redemption.Redemption approve": {"redemption.approved"},
    "redemption.Redemption make_payable": {"redemption.approved", "redemption.released"},
    "redemption.Redemption publish": {"redemption.published"},
    "redemption.Redemption contest": {"redemption.contested"},
    "redemption.Redemption resume_publicity": {"redemption.resumed"},
    "redemption.Redemption review_again": {"redemption.reopened"},
    "redemption.Publicity open": {"publicity.opened"},
    "redemption.Publicity close": {"publicity.closed"},
    "redemption.Objection dismiss": {"objection.dismissed"},
    "redemption.Objection uphold": {"objection.upheld"},
    "redemption.Redemption pay": {"redemption.paid"},
    "redemption.Redemption reject": {"redemption.rejected"},
    "redemption.Redemption return_": {"redemption.returned"},
    "redemption.Redemption withdraw": {"redemption.withdrawn"},
    "redemption.Redemption expire": {"redemption.expired"},
    "redemption.SettlementBatch freeze": {"batch.frozen"},
    "redemption.SettlementBatch countersign": {"batch.countersigned"},
    "redemption.SettlementBatch export": {"batch.exported"},
    "redemption.SettlementBatch reconcile": {"batch.reconciled"},
    "redemption.SettlementBatch cancel": {"batch.cancelled"},
    "vouchers.Claim await_stamp": {"claim.awaits_stamp"},
    "vouchers.Claim submit": {"claim.submitted", "claim.resubmitted"},
    "vouchers.Claim approve": {
        "claim.granted_instantly",
        "claim.approved",
        "claim.admitted",
        "claim.external_approved",
    },
    "vouchers.Claim return_": {"claim.returned"},
    "vouchers.Claim reject": {"claim.rejected"},
    "vouchers.Claim waitlist": {"claim.waitlisted"},
    "vouchers.Claim withdraw": {"claim.withdrawn"},
    "vouchers.Claim lapse": {"claim.lapsed"},
    "vouchers.Claim revoke": {"claim.revoked"},
    "vouchers.Programme open": {"programme.opened"},
    "vouchers.Voucher issue": {"voucher.issued"},
    "vouchers.Voucher return_": {"voucher.returned"},
    "vouchers.Voucher resubmit": {"voucher.resubmitted"},
    "vouchers.Voucher refuse": {"voucher.refused"},
    "vouchers.Voucher confirm": {"voucher.confirmed"},
    "vouchers.Voucher start_redeeming": {"voucher.redeeming"},
    "vouchers.Voucher stop_redeeming": {"voucher.redeeming_stopped"},
    "vouchers.Voucher pay": {"voucher.paid"},
    "vouchers.Voucher terminate": {"voucher.terminated", "voucher.redemption_rejected"},
    "vouchers.Voucher lapse": {"voucher.lapsed"},
    "vouchers.Voucher return_by_carrier": {"voucher.returned_by_carrier"},
    "vouchers.Voucher void": {"voucher.voided"},
}


def kept(world: World) -> list[Move]:
    """Moves of rows that are there: instant claims move before they are stored, a tried file leaves none."""
    models = {label: apps.get_model(label)._default_manager for label in labels(world)}
    stored = {label: set(rows.values_list("pk", flat=True)) for label, rows in models.items()}
    return [move for move in world.moves if move.pk in stored[move.label]]


def labels(world: World) -> set[str]:
    return {move.label for move in world.moves}


def verbs_about(move: Move) -> Iterable[str]:
    """What was recorded about the row that moved, or about its whole."""
    model, pk = apps.get_model(move.label), move.pk
    if move.label in WHOLES:
        whole = getattr(model._default_manager.get(pk=pk), WHOLES[move.label])
        model, pk = type(whole), whole.pk
    rows = AuditRow.objects.filter(subject_type=ContentType.objects.get_for_model(model), subject_id=pk)
    return rows.values_list("verb", flat=True)


def test_every_kind_of_move_is_listed(world: World) -> None:
    seen = {f"{move.label} {move.verb}" for move in kept(world)}
    assert seen == set(RECORDED)


def test_every_move_has_its_row(world: World) -> None:
    about = {move: set(verbs_about(move)) for move in kept(world)}
    unrecorded = {move: seen for move, seen in about.items() if not RECORDED[f"{move.label} {move.verb}"] & seen}
    assert len(about) > 100
    assert unrecorded == {}


def test_as_many_rows_as_moves(world: World) -> None:
    """Where a word of the audit belongs to one kind of move, it stands there once for each."""
    kinds = Counter(f"{move.label} {move.verb}" for move in kept(world) if move.label not in WHOLES)
    words = Counter(word for kind, verbs in RECORDED.items() for word in verbs if kind.split()[0] not in WHOLES)
    alone = {kind: verbs for kind, verbs in RECORDED.items() if len(verbs) == 1 and kind in kinds}
    alone = {kind: verbs for kind, verbs in alone.items() if all(words[word] == 1 for word in verbs)}
    rows = Counter(AuditRow.objects.values_list("verb", flat=True))
    assert len(alone) > 25
    assert {kind: rows[next(iter(verbs))] for kind, verbs in alone.items()} == {kind: kinds[kind] for kind in alone}


def test_no_row_of_the_audit_lacks_its_words_or_its_moment(world: World) -> None:
    assert AuditRow.objects.filter(verb="").count() + AuditRow.objects.filter(subject_label="").count() == 0
    assert AuditRow.objects.count() > len({(move.label, move.pk) for move in kept(world)})
