"""Models in the admin."""
