"""The site as a whole."""

import io
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import TestCase
from django.utils.module_loading import import_string

OPENAPI = "/api/openapi.json"


class SiteTests(TestCase):
    def test_pages_and_probes_answer(self):
        for path in ["/", "/healthz", "/readyz", "/account/login", "/api/docs", OPENAPI]:
            with self.subTest(path):
                self.assertEqual(self.client.get(path).status_code, 200)

    def test_unknown_addresses_of_the_api_are_problems(self):
        for method in ["get", "post"]:
            response = getattr(self.client, method)("/api/nowhere")
            self.assertEqual(response.status_code, 404)
            self.assertEqual(response["Content-Type"], "application/problem+json")

    def test_a_body_is_read_before_the_answer(self):
        body = io.BytesIO(b"a" * 3_000_000)
        environ = {"PATH_INFO": "/api/nowhere", "REQUEST_METHOD": "POST"}
        environ |= {"HTTP_HOST": "testserver", "CONTENT_LENGTH": "3000000", "wsgi.input": body}
        setup_testing_defaults(environ)
        application = import_string(settings.WSGI_APPLICATION)
        response = application(environ, lambda status, headers: None)
        self.assertEqual(response.status_code, 404)
        self.assertEqual(body.read(), b"")

    def test_a_token_tells_who_asks(self):
        get_user_model().objects.create_user("ada", password="correct horse battery")
        self.assertEqual(self.client.get("/api/account/me").status_code, 401)
        wrong = {"username": "ada", "password": "wrong"}
        response = self.client.post("/api/account/tokens", wrong, content_type="application/json")
        self.assertEqual(response.status_code, 422)
        right = {"username": "ada", "password": "correct horse battery"}
        response = self.client.post("/api/account/tokens", right, content_type="application/json")
        self.assertEqual(response.status_code, 201)
        bearer = f"Bearer {response.json()['token']}"
        response = self.client.get("/api/account/me", headers={"authorization": bearer})
        self.assertEqual(response.json()["username"], "ada")
