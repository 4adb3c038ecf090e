from django.urls import path, re_path

from talent.dashboard.views import (
    about,
    charts,
    corrections,
    event,
    events,
    home,
    moves,
    organizations,
    pay,
    people,
    search,
    seats,
    status,
    stays,
    waves,
)

app_name = "dashboard"
urlpatterns = [
    path("", home.home, name="home"),
    path("events/", events.event_list, name="event_list"),
    path("events/<slug:slug>/", event.event, name="event"),
    path("search/", search.search, name="search"),
    path("about/", about.about, name="about"),
    path("corrections/", corrections.correction_list, name="corrections"),
    path("moves/", moves.moves, name="moves"),
    path("moves/list/", moves.move_list, name="move_list"),
    path("seats/", seats.seats, name="seats"),
    path("status/", status.status, name="status"),
    path("stays/", stays.stays, name="stays"),
    path("stints/", stays.stint_list, name="stint_list"),
    path("pay/", pay.pay, name="pay"),
    path("pay/packages/", pay.packages, name="pay_packages"),
    path("pay/reasons/", pay.reasons, name="pay_reasons"),
    path("pay/deals/", pay.deals, name="pay_deals"),
    path("waves/", waves.waves, name="wave_list"),
    path("waves/<slug:slug>/", waves.wave, name="wave"),
    re_path(
        r"^charts/(?P<name>[a-z-]+)\.(?P<extension>svg|png|csv)$",
        charts.chart,
        name="chart",
    ),
    path("people/<slug:slug>/", people.person, name="person"),
    path("organizations/<slug:slug>/", organizations.organization, name="organization"),
]
