from django.urls import re_path

from . import api

urlpatterns = [
    re_path("^me/?$", api.Me.as_view()),
    re_path("^tokens/?$", api.Tokens.as_view()),
]
