"""`microhttps check` against servers that are not ours, good and bad."""
