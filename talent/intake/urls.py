from django.urls import path

from talent.intake.views import tips

app_name = "intake"
urlpatterns = [
    path("suggest/", tips.tip_form, {"name": "suggest"}, name="suggest"),
    path("correct/", tips.tip_form, {"name": "correct"}, name="correct"),
    path("reply/", tips.tip_form, {"name": "reply"}, name="reply"),
    path("remove/", tips.tip_form, {"name": "remove"}, name="remove"),
    path("tips/<str:token>/", tips.outcome, name="outcome"),
]
