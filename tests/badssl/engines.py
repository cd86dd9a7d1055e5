"""What each engine on CPython says of the range where it differs from OpenSSL: a file of data for each, `by_NAME`."""

from badssl import by_bearssl, by_mbedtls
from badssl.sites import HERE, KINDS

BY_ENGINE = {"mbedtls": by_mbedtls, "bearssl": by_bearssl}


def verdict_of(engine, site, *circumstances):
    """What our client says of a site by this engine: the code of an error and its class."""
    data = BY_ENGINE[engine]
    if site.name not in data.VERDICTS:
        return site.verdict_on("cpython", *circumstances)
    code = data.VERDICTS[site.name][0]
    for circumstance in circumstances:
        code = data.UNDER.get(circumstance, {}).get(site.name, code)
    return code if code == HERE else f"{code} {KINDS.get(code, 'TrustError')}"
