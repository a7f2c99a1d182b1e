from django.urls import path, re_path

from .views import desk, items, mapping, mutual, public, workbench

ITEM = r"^carrier/items/(?P<kind>services|instruments)/"
NUMBER = r"(?P<number>[-\w]+)/"

urlpatterns = [
    path("services/", public.services, name="services"),
    path("services/<slug:number>/", public.service, name="service"),
    path("instruments/", public.instruments, name="instruments"),
    path("instruments/<slug:number>/", public.instrument, name="instrument"),
    path("carriers/", public.carriers, name="carriers"),
    path("carriers/<slug:number>/", public.carrier_page, name="carrier-page"),
    path("mutual/", mutual.mutual_list, name="mutual-list"),
    path("map/", mapping.innovation_map, name="map"),
    path("map/data/", mapping.data, name="map-data"),
    path("map/carrier/<slug:number>/", mapping.card, name="map-card"),
    path("carrier/", workbench.home, name="carrier-home"),
    path("carrier/open/", workbench.open_profile, name="carrier-open"),
    path("carrier/profile/", workbench.profile, name="carrier-profile"),
    path("carrier/cert/", workbench.cert, name="carrier-cert"),
    path("carrier/cert/apply/", workbench.apply, name="carrier-apply"),
    path("carrier/cert/<slug:number>/", workbench.recognition, name="carrier-recognition"),
    path("carrier/cert/<slug:number>/withdraw/", workbench.withdraw, name="carrier-recognition-withdraw"),
    path("carrier/items/", items.items, name="carrier-items"),
    re_path(f"{ITEM}new/$", items.item_new, name="carrier-item-new"),
    re_path(f"{ITEM}{NUMBER}$", items.item_edit, name="carrier-item"),
    re_path(f"{ITEM}{NUMBER}listing/$", items.item_listing, name="carrier-item-listing"),
    # Not below /desk/: there the first word is a kind of case.
    path("bureau/carriers/", desk.carriers, name="desk-carriers"),
    path("bureau/carriers/new/", desk.carrier_new, name="desk-carrier-new"),
    path("bureau/carriers/<slug:number>/", desk.carrier, name="desk-carrier"),
    path("bureau/carriers/<slug:number>/<slug:act>/", desk.carrier_act, name="desk-carrier-act"),
]
