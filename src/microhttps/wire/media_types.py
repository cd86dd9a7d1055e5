"""Which media type the end of a file's name stands for: one text, a quarter of what a dictionary costs. Layer 2."""

_TYPES = (
    " html:text/html htm:text/html css:text/css js:text/javascript mjs:text/javascript txt:text/plain log:text/plain"
    " csv:text/csv md:text/markdown ics:text/calendar vtt:text/vtt json:application/json map:application/json"
    " webmanifest:application/manifest+json xml:application/xml svg:image/svg+xml png:image/png jpg:image/jpeg"
    " jpeg:image/jpeg gif:image/gif webp:image/webp avif:image/avif ico:image/vnd.microsoft.icon woff:font/woff"
    " woff2:font/woff2 ttf:font/ttf otf:font/otf wasm:application/wasm pdf:application/pdf zip:application/zip"
    " gz:application/gzip tar:application/x-tar mp3:audio/mpeg wav:audio/wav ogg:audio/ogg mp4:video/mp4"
    " webm:video/webm crt:application/x-x509-ca-cert der:application/x-x509-ca-cert pem:application/x-pem-file "
)


def media_type_of(path):
    """The media type for a path, text with its charset; `application/octet-stream` for what is not known."""
    end = path[-16:].rpartition(".")[2].lower()
    at = _TYPES.find(" " + end + ":")
    if at < 0 or not end or end == path[-16:].lower():
        return "application/octet-stream"
    start = at + len(end) + 2
    found = _TYPES[start:_TYPES.find(" ", start)]
    return found + "; charset=utf-8" if found.startswith("text/") else found
