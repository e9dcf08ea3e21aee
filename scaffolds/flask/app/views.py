"""What the API does with models."""
