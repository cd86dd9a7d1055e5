"""Files, folders and the other answers that are not a handful of bytes."""
