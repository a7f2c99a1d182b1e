from django.urls import path

from . import control
from .views import claim_desk, claim_stamp, claims, desk, external_api, local_rules, lookup, places, quota, wall

VOUCHER = "bureau/vouchers/<slug:code>/"
ACCOUNT = "bureau/accounts/<slug:number>/"
RULE = "bureau/rules/<int:pk>/"

urlpatterns = [
    path("ent/quota/", quota.quota, name="ent-quota"),
    path("ent/quota/years/", quota.years, name="quota-years"),
    path("ent/quota/claim/", quota.claim_new, name="ent-claim-new"),
    path("ent/quota/claims/<slug:number>/", claims.show, name="ent-claim"),
    path("ent/quota/claims/<slug:number>/edit/", claims.edit, name="ent-claim-edit"),
    path("ent/quota/claims/<slug:number>/check/", claims.check, name="ent-claim-check"),
    path("ent/quota/claims/<slug:number>/withdraw/", claims.withdraw, name="ent-claim-withdraw"),
    path("ent/quota/claims/<slug:number>/stamp/", claim_stamp.stamp, name="claim-stamp"),
    path("ent/quota/claims/<slug:number>/form.pdf", claim_stamp.form_pdf, name="claim-form-pdf"),
    path("ent/quota/claims/<slug:number>/done/", quota.claim_done, name="ent-claim-done"),
    path("ent/quota/ledger/<slug:number>/", quota.ledger, name="ent-ledger"),
    path("programmes/regions/", places.programme_regions, name="programme-regions"),
    path("quota-lookup/", lookup.quota_lookup, name="quota-lookup"),
    path("api/v1/external-claims/", external_api.external_claims, name="external-claims"),
    path("desk/claim/<slug:number>/revoke/", claim_desk.revoke, name="desk-claim-revoke"),
    path("ent/vouchers/", wall.wall, name="ent-vouchers"),
    path("ent/vouchers/void/", wall.void, name="ent-voucher-void"),
    path("ent/vouchers/voided/", wall.voided, name="ent-voucher-voided"),
    path("ent/vouchers/<slug:code>/", wall.voucher, name="ent-voucher"),
    path("ent/vouchers/<slug:code>/pdf/", wall.pdf, name="ent-voucher-pdf"),
    path("ent/vouchers/<slug:code>/qr.png", wall.qr_png, name="ent-voucher-qr"),
    path("ent/vouchers/<slug:code>/reprint/", wall.new_print, name="ent-voucher-reprint"),
    # Not below /desk/: there the first word is a kind of case.
    path("bureau/vouchers/", desk.vouchers, name="desk-vouchers"),
    path("bureau/vouchers.csv", desk.export, name="desk-vouchers-csv"),
    path(f"{VOUCHER}terminate/", desk.voucher_act, {"act": control.TERMINATE}, name="desk-voucher-terminate"),
    path(f"{VOUCHER}freeze/", desk.voucher_act, {"act": control.FREEZE}, name="desk-voucher-freeze"),
    path(f"{VOUCHER}lift/", desk.voucher_act, {"act": control.LIFT}, name="desk-voucher-lift"),
    path(f"{ACCOUNT}freeze/", desk.account_act, {"act": control.FREEZE}, name="desk-account-freeze"),
    path(f"{ACCOUNT}lift/", desk.account_act, {"act": control.LIFT}, name="desk-account-lift"),
    path("bureau/rules/", local_rules.rules, name="desk-rules"),
    path("bureau/rules/new/<int:pk>/", local_rules.new, name="desk-rule-new"),
    path(RULE, local_rules.rule, name="desk-rule"),
    path(f"{RULE}confirm/", local_rules.act, {"act": local_rules.CONFIRM}, name="desk-rule-confirm"),
    path(f"{RULE}withdraw/", local_rules.act, {"act": local_rules.WITHDRAW}, name="desk-rule-withdraw"),
]
