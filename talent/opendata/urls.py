from django.urls import path, re_path

from talent.opendata.views import api, exports, feeds, pages

app_name = "opendata"
urlpatterns = [
    path("api/v1/", api.index, name="api"),
    path("api/v1/openapi.json", api.openapi, name="openapi"),
    path("api/v1/<str:name>", api.rows, name="list"),
    path("api/v1/<str:name>/<str:key>", api.row, name="row"),
    path("data/", pages.data, name="data"),
    path("data/events.atom", feeds.events, name="feed"),
    re_path(
        r"^data/(?P<name>[a-z-]+)\.(?P<form>csv|jsonl)$", exports.export, name="export"
    ),
]
