from django.urls import path

from .views import quota, wall

urlpatterns = [
    path("ent/quota/", quota.quota, name="ent-quota"),
    path("ent/quota/claim/", quota.claim_new, name="ent-claim-new"),
    path("ent/quota/claims/<slug:number>/", quota.claim, name="ent-claim"),
    path("ent/quota/claims/<slug:number>/done/", quota.claim_done, name="ent-claim-done"),
    path("ent/quota/ledger/<slug:number>/", quota.ledger, name="ent-ledger"),
    path("ent/vouchers/", wall.wall, name="ent-vouchers"),
    path("ent/vouchers/void/", wall.void, name="ent-voucher-void"),
    path("ent/vouchers/voided/", wall.voided, name="ent-voucher-voided"),
    path("ent/vouchers/<slug:code>/", wall.voucher, name="ent-voucher"),
    path("ent/vouchers/<slug:code>/pdf/", wall.pdf, name="ent-voucher-pdf"),
    path("ent/vouchers/<slug:code>/qr.png", wall.qr_png, name="ent-voucher-qr"),
    path("ent/vouchers/<slug:code>/reprint/", wall.new_print, name="ent-voucher-reprint"),
]
