"""The users of the site."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A user; fields of your own go here."""
