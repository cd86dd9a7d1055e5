"""Peers that mean harm or are broken, against a server on each interpreter; a good client is served throughout."""
