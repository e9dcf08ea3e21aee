"""Models as clients send them and are answered."""
