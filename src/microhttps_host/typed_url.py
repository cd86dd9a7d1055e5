"""A URL as somebody has typed it, taken apart by the runtime's own reader. Layer 13."""

from microhttps.errors import UsageError
from microhttps.wire.url import Url, parse_url


def read_url(text: str) -> Url:
    """The Url of an argument, https assumed; raises UsageError("bad_url"), also for bytes that are no UTF-8."""
    try:
        return parse_url(text, "https")
    except UnicodeEncodeError as error:
        raise UsageError("bad_url", f"text in UTF-8 expected, got {ascii(text)}", cause=error) from None
