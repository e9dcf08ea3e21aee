"""Pages of the site itself."""

from django.shortcuts import render


def welcome(request):
    """The first page; replace it with yours."""
    return render(request, "welcome.html")
