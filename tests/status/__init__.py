"""The page that shows what a server is doing: its figures, on both interpreters, and itself, in a browser."""
