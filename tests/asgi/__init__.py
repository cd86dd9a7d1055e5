"""What began as a Server of ours, under ASGI servers that are not ours."""
