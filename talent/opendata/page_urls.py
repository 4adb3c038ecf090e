"""Pages for people, one address in each language; what programs fetch is in urls.py."""

from django.urls import path, re_path

from talent.opendata.hooks.views import asking, managing
from talent.opendata.views import citations, data_sets, pages

app_name = "opendata_pages"
urlpatterns = [
    path("data/", pages.data, name="data"),
    re_path(
        r"^data/(?P<name>\d{4}-\d{2}(?:-\d{2}(?:-\d{1,4})?)?)/$",
        data_sets.data_set,
        name="data_set",
    ),
    # Below every page that can be cited: see the view.
    re_path(r"^(?:[^?]*/)?cite\.(?P<form>bib|json)$", citations.cite, name="cite"),
    path("data/webhooks/", asking.webhooks, name="webhooks"),
    path("data/webhooks/guide/", asking.guide, name="webhook_guide"),
    path("data/webhooks/asked/", asking.asked, name="webhook_asked"),
    path("data/webhooks/links/", asking.ask_for_links, name="webhook_links"),
    path("data/webhooks/manage/<str:token>/", managing.webhook, name="webhook"),
    path(
        "data/webhooks/manage/<str:token>/log/<str:number>/",
        managing.delivery,
        name="webhook_delivery",
    ),
    path(
        "data/webhooks/manage/<str:token>/<str:action>/",
        managing.act,
        name="webhook_action",
    ),
]
