"""Every move of every state machine: state, verb, next state. Taken from the code, so that a change shows here."""

EDGES: dict[str, str] = {
    "redemption.Redemption": """
        in_review approve approved
        draft ask_consent awaiting_consent
        in_publicity contest contested
        returned expire expired
        approved make_payable payable
        in_publicity make_payable payable
        payable pay paid
        approved publish in_publicity
        paid recover recovered
        awaiting_consent refuse_consent draft
        in_review reject rejected
        contested reject rejected
        contested resume_publicity in_publicity
        in_review return_ returned
        contested review_again in_review
        draft submit in_review
        awaiting_consent submit in_review
        returned submit in_review
        draft withdraw withdrawn
        awaiting_consent withdraw withdrawn
        in_review withdraw withdrawn
        returned withdraw withdrawn
    """,
    "redemption.SettlementBatch": """
        draft cancel cancelled
        frozen cancel cancelled
        frozen countersign countersigned
        countersigned export exported
        draft freeze frozen
        exported reconcile reconciled
    """,
    "redemption.Payment": """
        sent fail failed
        sent pay paid
        pending send sent
    """,
    "redemption.Publicity": """
        open close closed
        draft open open
    """,
    "redemption.Objection": """
        received dismiss dismissed
        received uphold upheld
    """,
    "orders.Order": """
        placed accept accepted
        placed cancel cancelled
        accepted cancel cancelled
        placed complete completed
        accepted complete completed
        delivered complete completed
        placed decline declined
        accepted decline declined
        accepted deliver delivered
        placed lapse lapsed
        accepted lapse lapsed
        delivered reopen accepted
    """,
    "orders.Quote": """
        offered accept accepted
        offered expire expired
        offered withdraw withdrawn
    """,
    "vouchers.Programme": """
        closed archive archived
        open close closed
        draft open open
    """,
    "vouchers.QuotaAccount": """
        active lapse lapsed
    """,
    "vouchers.Claim": """
        submitted approve approved
        waitlisted approve approved
        imported approve approved
        offered approve approved
        draft await_stamp awaiting_stamp
        returned await_stamp awaiting_stamp
        offered decline declined
        draft lapse lapsed
        awaiting_stamp lapse lapsed
        submitted lapse lapsed
        returned lapse lapsed
        waitlisted lapse lapsed
        offered lapse lapsed
        submitted reject rejected
        submitted return_ returned
        approved revoke revoked
        draft submit submitted
        awaiting_stamp submit submitted
        returned submit submitted
        submitted waitlist waitlisted
        draft withdraw withdrawn
        awaiting_stamp withdraw withdrawn
        submitted withdraw withdrawn
        returned withdraw withdrawn
        waitlisted withdraw withdrawn
    """,
    "vouchers.Voucher": """
        issued confirm confirmed
        requested issue issued
        returned issue issued
        requested lapse lapsed
        returned lapse lapsed
        issued lapse lapsed
        confirmed lapse lapsed
        redeeming pay paid
        requested refuse refused
        returned refuse refused
        returned resubmit requested
        requested return_ returned
        issued return_by_carrier returned_by_carrier
        confirmed start_redeeming redeeming
        redeeming stop_redeeming confirmed
        confirmed terminate terminated
        redeeming terminate terminated
        requested void voided
        returned void voided
        issued void voided
        confirmed void voided
    """,
    "carriers.CarrierRecognition": """
        recognized end ended
        suspended end ended
        submitted recognize recognized
        submitted reject rejected
        suspended resume recognized
        submitted return_ returned
        draft submit submitted
        returned submit submitted
        recognized suspend suspended
        draft withdraw withdrawn
        submitted withdraw withdrawn
        returned withdraw withdrawn
    """,
    "accounts.Verification": """
        submitted approve approved
        returned expire expired
        submitted reject rejected
        submitted return_ returned
        draft submit submitted
        returned submit submitted
        approved supersede superseded
        draft withdraw withdrawn
        submitted withdraw withdrawn
        returned withdraw withdrawn
    """,
    "casework.ReviewCase": """
        open approve approved
        returned expire expired
        open reject rejected
        returned resume open
        open return_ returned
        open withdraw withdrawn
        returned withdraw withdrawn
    """,
    "casework.Panel": """
        ended conclude concluded
        scoring end ended
        ended score_again scoring
    """,
    "casework.PanelSeat": """
        invited declare declared
        invited recuse recused
        declared recuse recused
        submitted reopen declared
        invited replace replaced
        declared replace replaced
        declared submit submitted
    """,
    "casework.ReviewTask": """
        open finish done
        waiting open open
        waiting skip skipped
        open skip skipped
    """,
}
