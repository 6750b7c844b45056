"""The main window and its parts: each shows one thing, and knows neither the others nor the session."""
