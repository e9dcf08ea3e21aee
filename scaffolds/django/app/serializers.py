"""Models as the API reads and writes them."""
