"""Peers that mean harm or are broken, against a server of ours on each interpreter; a good client is served throughout."""
