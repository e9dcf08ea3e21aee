"""Accounts in the API: who one is, and a token for clients."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, permissions, serializers
from rest_framework.authtoken.models import Token
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from . import models

TOO_MANY = {(429, "application/problem+json"): OpenApiTypes.OBJECT}


class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = models.User
        fields = ["id", "username", "email", "first_name", "last_name"]
        read_only_fields = ["id", "username"]


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField(read_only=True)


class Me(generics.RetrieveUpdateAPIView):
    """The user who asks."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = UserSerializer

    def get_object(self):
        return self.request.user


class Tokens(APIView):
    """A token for a user name and its password."""

    permission_classes = [permissions.AllowAny]
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "login"

    @extend_schema(request=AuthTokenSerializer, responses={201: TokenSerializer} | TOO_MANY)
    def post(self, request):
        credentials = AuthTokenSerializer(data=request.data, context={"request": request})
        credentials.is_valid(raise_exception=True)
        token, _ = Token.objects.get_or_create(user=credentials.validated_data["user"])
        return Response({"token": token.key}, status=201)

    @extend_schema(request=None, responses={204: None} | TOO_MANY)
    def delete(self, request):
        """Makes the user's token worthless."""
        if request.user.is_authenticated:
            Token.objects.filter(user=request.user).delete()
        return Response(status=204)
