from django.urls import path

from .views import bank, batches, drafts, papers, payee, settle

urlpatterns = [
    path("ent/redeem/", payee.redeem_list, name="ent-redeem-list"),
    path("carrier/redeem/", payee.redeem_list, name="carrier-redeem-list"),
    path("settle/", settle.year_end, name="settle-round"),
    path("settle/share/<slug:region>/<slug:carrier>/", settle.share, name="settle-share"),
    path("settle/redemptions/", settle.redemption_list, name="settle-redemptions"),
    path("settle/redemptions/<slug:number>/", settle.redemption, name="settle-redemption"),
    path("settle/redemptions/<slug:number>/submit/", settle.submit, name="settle-submit"),
    path("settle/redemptions/<slug:number>/withdraw/", settle.withdraw, name="settle-withdraw"),
    path("settle/redemptions/<slug:number>/drop/<slug:code>/", settle.drop, name="settle-drop"),
    path("settle/batches/", batches.batch_list, name="settle-batches"),
    path("settle/batches/<slug:number>/", batches.batch, name="settle-batch"),
    path("settle/batches/<slug:number>/receipt/", batches.receipt_new, name="settle-receipt-new"),
    path("settle/batches/<slug:number>/sign/", batches.sign, name="settle-sign"),
    path("settle/diff/", batches.diff, name="settle-diff"),
    path("settle/receipts/", batches.receipts, name="settle-receipts"),
    path("account/bank/", bank.bank_account, name="account-bank"),
    path("redeem/check/", payee.redeem_check, name="redeem-check"),
    path("redeem/submit/", payee.redeem_submit, name="redeem-submit"),
    path("redeem/gather/", drafts.gather, name="redeem-gather"),
    path("redeem/draft/<slug:number>/", drafts.draft, name="redeem-draft"),
    path("redeem/draft/<slug:number>/check/", drafts.check, name="redeem-draft-check"),
    path("redeem/draft/<slug:number>/leave/<slug:code>/", drafts.leave, name="redeem-leave"),
    path("redeem/draft/<slug:number>/files/<int:pk>/remove/", drafts.file_remove, name="redeem-draft-file-remove"),
    path("redeem/papers/<slug:code>/", papers.papers, name="ent-redeem-papers"),
    path("redeem/papers/<slug:code>/<slug:kind>/<int:pk>/remove/", papers.paper_remove, name="redeem-paper-remove"),
    path("redeem/<slug:number>/", payee.redeem, name="ent-redeem"),
    path("redeem/<slug:number>/withdraw/", payee.redeem_withdraw, name="redeem-withdraw"),
    path("redeem/<slug:number>/resubmit/", payee.redeem_resubmit, name="redeem-resubmit"),
]
