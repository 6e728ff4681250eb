"""The site as a WSGI application, for gunicorn and `flask run`."""

from webapp import create_app

app = create_app()
