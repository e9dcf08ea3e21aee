"""The addresses of views."""

from rest_framework import routers


class Router(routers.SimpleRouter):
    """Addresses work with and without a slash at the end."""

    def __init__(self):
        super().__init__()
        self.trailing_slash = "/?"
