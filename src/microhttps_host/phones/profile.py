"""The authority's certificate as a profile for iPhone, iPad and Mac (Apple, Configuration Profile Reference). Layer 12.

Not signed: it says of itself whose it is, and Apple's systems show it as unverified, which it is.
"""

import hashlib
import plistlib
import uuid


def profile(der: bytes, name: str) -> bytes:
    """The same authority gives the same profile, so that installing it twice replaces it."""
    digest = hashlib.sha256(der).digest()
    identifier = f"microhttps.authority.{digest.hex()[:16]}"
    root = {
        "PayloadType": "com.apple.security.root", "PayloadVersion": 1, "PayloadIdentifier": identifier + ".root",
        "PayloadUUID": str(uuid.UUID(bytes=digest[:16])).upper(), "PayloadDisplayName": name,
        "PayloadCertificateFileName": "microhttps.crt", "PayloadContent": der,
    }  # fmt: skip
    return plistlib.dumps({
        "PayloadType": "Configuration", "PayloadVersion": 1, "PayloadIdentifier": identifier,
        "PayloadUUID": str(uuid.UUID(bytes=digest[16:])).upper(), "PayloadDisplayName": name,
        "PayloadDescription": "Has this device trust servers of your own whose certificates are by this authority.",
        "PayloadOrganization": "microhttps", "PayloadRemovalDisallowed": False, "PayloadContent": [root],
    })  # fmt: skip
