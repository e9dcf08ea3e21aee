"""How clients of the API say who they are: `Authorization: Bearer TOKEN`."""

from rest_framework.authentication import TokenAuthentication


class BearerAuthentication(TokenAuthentication):
    keyword = "Bearer"
