"""What the views of models have in common."""

from rest_framework import viewsets


class ModelViewSet(viewsets.ModelViewSet):
    """Lists, makes, reads, changes and deletes the rows of a model."""

    def get_success_headers(self, data):
        return {"Location": f"{self.request.path.rstrip('/')}/{data['id']}"}
