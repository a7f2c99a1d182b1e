from django.urls import path

from .views import bank, papers, payee

urlpatterns = [
    path("ent/redeem/", payee.redeem_list, name="ent-redeem-list"),
    path("carrier/redeem/", payee.redeem_list, name="carrier-redeem-list"),
    path("account/bank/", bank.bank_account, name="account-bank"),
    path("redeem/check/", payee.redeem_check, name="redeem-check"),
    path("redeem/submit/", payee.redeem_submit, name="redeem-submit"),
    path("redeem/papers/<slug:code>/", papers.papers, name="ent-redeem-papers"),
    path("redeem/papers/<slug:code>/<slug:kind>/<int:pk>/remove/", papers.paper_remove, name="redeem-paper-remove"),
    path("redeem/<slug:number>/", payee.redeem, name="ent-redeem"),
    path("redeem/<slug:number>/withdraw/", payee.redeem_withdraw, name="redeem-withdraw"),
    path("redeem/<slug:number>/resubmit/", payee.redeem_resubmit, name="redeem-resubmit"),
]
