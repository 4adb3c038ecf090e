from django.urls import path, re_path

from talent.opendata.views import api, data_sets, exports, feeds, figures, sitemaps

app_name = "opendata"
urlpatterns = [
    path("api/v1/", api.index, name="api"),
    path("api/v1/openapi.json", api.openapi, name="openapi"),
    path("api/v1/figures", figures.listing, name="figures"),
    path("api/v1/figures/<str:name>", figures.one, name="figure"),
    path("api/v1/data-sets", data_sets.listing, name="data_sets"),
    path("api/v1/data-sets/<str:name>", data_sets.one, name="data_set_row"),
    path("api/v1/<str:name>", api.rows, name="list"),
    path("api/v1/<str:name>/<str:key>", api.row, name="row"),
    re_path(
        r"^data/(?P<name>[0-9-]{7,20})/(?P<file>[a-z0-9-]+\.zip)$",
        data_sets.download,
        name="data_set_file",
    ),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_of_pages"),
    path("sitemaps/<slug:name>-<int:number>.xml", sitemaps.part, name="sitemap_part"),
    path("data/events.atom", feeds.events, name="feed"),
    re_path(
        r"^data/(?P<name>[a-z-]+)\.(?P<form>csv|jsonl)$", exports.export, name="export"
    ),
]
