from django.urls import URLPattern, path

from .views import (
    acts,
    booking,
    carrier,
    cart,
    desk,
    enterprise,
    missing,
    offline,
    quick,
    reviews,
    scan,
    talks,
    use,
    verify,
)

BOOK = "ent/order/"
ORDER = "ent/orders/<str:number>/"
AT = "carrier/bookings/<str:number>/"
Q = "q/<str:code>/"


def _acts() -> list[URLPattern]:
    """One address per act, such as ent-order-cancel."""
    ours = [path(f"{ORDER}{act}/", acts.enterprise, {"act": act}, name=f"ent-order-{act}") for act in acts.ENTERPRISE]
    theirs = [path(f"{AT}{act}/", acts.carrier, {"act": act}, name=f"carrier-booking-{act}") for act in acts.CARRIER]
    return ours + theirs


urlpatterns = [
    path(f"{BOOK}new/<str:number>/", booking.order_new, name="order-new"),
    path(f"{BOOK}check/<str:number>/", booking.order_check, name="order-check"),
    path(f"{BOOK}done/<str:number>/", booking.order_done, name="order-done"),
    path("ent/orders/missing/", missing.order_missing, name="order-missing"),
    path("ent/cart/", cart.cart, name="ent-cart"),
    path("ent/cart/add/", cart.add, name="ent-cart-add"),
    path("ent/cart/<str:number>/quantity/", cart.count, name="ent-cart-quantity"),
    path("ent/cart/<str:number>/remove/", cart.remove, name="ent-cart-remove"),
    path("ent/orders/", enterprise.order_list, name="ent-orders"),
    path(ORDER, enterprise.order, name="ent-order"),
    path(f"{ORDER}message/", enterprise.message, name="ent-order-message"),
    path(f"{ORDER}contract/", enterprise.contract, name="ent-order-contract"),
    path(f"{ORDER}contract-template/", enterprise.template, name="ent-order-contract-template"),
    path(f"{ORDER}files/<str:token>/remove/", enterprise.file_remove, name="ent-order-file-remove"),
    path(f"{ORDER}review/", reviews.review, name="ent-order-review"),
    path(f"{ORDER}use/", use.use, name="ent-use"),
    path(f"{ORDER}use/check/", use.check, name="ent-use-check"),
    path(f"{ORDER}use/done/", use.done, name="ent-use-done"),
    path("ent/use/offline/", offline.find, name="ent-use-offline"),
    path("ent/quick/", quick.quick, name="ent-quick"),
    path("ent/reviews/", reviews.ent_reviews, name="ent-reviews"),
    path("carrier/bookings/", carrier.bookings, name="carrier-bookings"),
    path(AT, carrier.booking, name="carrier-booking"),
    path(f"{AT}accept/", carrier.accept, name="carrier-booking-accept"),
    path(f"{AT}message/", carrier.message, name="carrier-booking-message"),
    path(f"{AT}record/", carrier.record, name="carrier-record"),
    path(f"{AT}reply/", reviews.reply, name="carrier-review-reply"),
    path("carrier/reviews/", reviews.carriers_reviews, name="carrier-reviews"),
    path("carrier/scan/", scan.scan, name="carrier-scan"),
    path("carrier/scan/photo/", scan.photo, name="carrier-scan-photo"),
    path("carrier/vouchers/", scan.vouchers, name="carrier-vouchers"),
    path("carrier/bookings/phone/new/", talks.enter, name="order-phone"),
    path(f"{AT}quote/", talks.quote, name="order-quote"),
    path(f"{ORDER}phone/", talks.confirm, name="ent-order-phone"),
    *_acts(),
    path("bureau/vouchers/<slug:code>/", desk.voucher, name="desk-voucher"),
    path("bureau/enterprises/", desk.enterprises, name="desk-enterprises"),
    path("bureau/enterprises/<str:key>/", desk.enterprise, name="desk-enterprise"),
    path("q/", verify.verify_form, name="verify-form"),
    path(f"{Q}receive/", verify.receive, name="verify-receive"),
    path(f"{Q}return/", verify.send_back, name="verify-return"),
    path(Q, verify.verify, name="verify"),
    path(f"{Q}<str:signature>/", verify.verify, name="verify"),
    # The printed address has no slash at its end.
    path(f"{Q}<str:signature>", verify.verify),
]
