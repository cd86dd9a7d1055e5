"""How a fact is shown to people: one line, cut, and a peer's bytes escaped. Layer 1: imports nothing."""


def shown(value):
    """The value in at most 80 characters, a peer's bytes escaped."""
    text = repr(value)
    if isinstance(value, str) and value and text == "'" + value + "'":
        text = value
    return text if len(text) <= 80 else text[:77] + "..."
