"""The site as a WSGI application, for gunicorn and `flask`: `wsgi:app`."""

from app import create_app

app = create_app()
