"""The phrases behind status codes, for answers other than 200. Layer 2: imports nothing.

One text and not a dictionary, which would cost a board four times as much. The phrases are those of RFC 9110 15.
"""

_REASONS = """
101 Switching Protocols
201 Created
202 Accepted
204 No Content
206 Partial Content
301 Moved Permanently
302 Found
303 See Other
304 Not Modified
307 Temporary Redirect
308 Permanent Redirect
400 Bad Request
401 Unauthorized
403 Forbidden
404 Not Found
405 Method Not Allowed
406 Not Acceptable
408 Request Timeout
409 Conflict
410 Gone
411 Length Required
412 Precondition Failed
413 Content Too Large
414 URI Too Long
415 Unsupported Media Type
416 Range Not Satisfiable
417 Expectation Failed
421 Misdirected Request
422 Unprocessable Content
426 Upgrade Required
429 Too Many Requests
431 Request Header Fields Too Large
500 Internal Server Error
501 Not Implemented
502 Bad Gateway
503 Service Unavailable
504 Gateway Timeout
505 HTTP Version Not Supported
"""


def find_reason(status):
    """The phrase for a status code (int), "" if it has none here."""
    at = _REASONS.find("\n%d " % status)
    return _REASONS[at + 5 : _REASONS.find("\n", at + 5)] if at >= 0 else ""
