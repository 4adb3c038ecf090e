from django.urls import path

from talent.digests.views import archive, mail, manage, subscribe, unsubscribe

app_name = "digests"
urlpatterns = [
    path("digests/", archive.archive, name="archive"),
    path("digests/mail/<str:token>/", mail.view, name="view"),
    path("digests/<str:frequency>/<str:period>/", archive.edition, name="edition"),
    path("subscribe/", subscribe.subscribe, name="subscribe"),
    path("subscribe/asked/", subscribe.asked_for, name="asked"),
    path("subscribe/link/", subscribe.link, name="link"),
    path("subscribe/link/asked/", subscribe.link_asked, name="link_asked"),
    path("subscribe/confirm/<str:token>/", subscribe.confirm, name="confirm"),
    path("subscribe/move/<str:token>/", subscribe.move, name="move"),
    path("subscribe/settings/<str:token>/", manage.manage, name="manage"),
    path(
        "subscribe/settings/<str:token>/<slug:action>/",
        manage.act,
        name="manage_action",
    ),
    path("subscribe/stop/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path(
        "subscribe/stop/<str:token>/<slug:action>/",
        unsubscribe.act,
        name="unsubscribe_action",
    ),
]
