"""What a client does beyond one request: proxies, resumption, and that forgetting to close costs nothing."""
