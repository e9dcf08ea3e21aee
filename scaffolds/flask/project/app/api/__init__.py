"""What every part of the API has in common."""
