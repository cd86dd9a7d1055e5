"""Keys that everybody has, because they were published in the examples of others: no secret for anybody's server.

Facts only: where the private key is to be read, and the first half of the SHA-256 of the public key (of its
SubjectPublicKeyInfo in DER, of which pins are made, too): a board has to have all of them at once. Of whatever
certificate, `openssl x509 -in FILE -noout -pubkey | openssl pkey -pubin -outform der | sha256sum` tells it. Loaded when
an identity is checked, and then forgotten. Layer 4.
"""

from binascii import hexlify
from hashlib import sha256

from ..errors import UsageError

PUBLISHED = """
ESP-IDF examples: https_server
5bb47b4a48b5096b38006cf74fee31d3
a451a28bc1a26ef038ccd8da71d001f1
7efb051caf944cc7b8df1ce034469b9d
ESP-IDF examples: esp_local_ctrl, https_request
411f90a43714a5a43d56dd372edac653
d6f2a2864c1a5033b21e74dc41881a83
ESP-IDF examples: esp_http_client_mutual_auth
ce93b932de8c2305e6c14b1c3800120f
7d10551afa0dbe7e09c9309520976b91
d609e62281bca01b9690990d49bf06ef
ESP-IDF examples: OTA updates
77177007ff75c1c62795f9a7de429ba1
7f7c0b1d4c9a661e2e758d076e590717
ESP-IDF examples: wifi_enterprise, wifi_eap_fast
21ba121f12f6359ccddcb2f5af579900
c6c4d84b2d7812c71a1493b07638eb99
Arduino examples: HelloServerBearSSL, SecureBearSSLUpdater
f2968de4c8db1251bb416fc0e0708b82
Arduino examples: BearSSL_Server
81524ef389d385364dba4ac188e41b37
f5c33fc0c4626817a36d411a171625b8
Arduino examples: BearSSL_ServerClientCert
652dc284e7bfe9d33080045fc01db0fa
8700ec87dece6ec99657e8231e5bb42c
b6e6467c057377807276fca1fa641a3a
Mongoose tutorials and tests
e073fa72083c618142a3c6a41b6a4e85
22c0a45bf0a688aa68f1f84b2ad31040
3ac8b95009a9501bd9e0310cfd780081
b9c45dc6c86c7b5897cd0db6d1c54a7b
5d38235e58750eb45443cad6cdce8699
Sming samples
d38119a01695104d5d0dc78c3af4121d
9ed992779ff93eb1ac3d64a4d5f8a85c
e9464893c0b5c856559d31240fc5e610
esp32_https_server
e0cdcd12bf7cbac044e6854f38e86730
MicroPython tests
bdb4e1d7be1d56bdf51b640f798e4779
907177f53804012f1bf700d12975be60
CPython tests
010f3d5e0d322d24d7cbeb50b3fe54fb
Mbed TLS tests
26b0f4b5b3b8ef8f54af9ca9cbef6555
6703a04285f61bf2f79b143b1841435d
af0124ea50fbe17b3680aede200e89e4
"""


def refuse_published(spki, name):
    """Raise UsageError("demonstration_key") for the key of a certificate that others have, too."""
    place = PUBLISHED.find(hexlify(sha256(spki).digest()[:16]).decode())
    if place >= 0:
        where = [line for line in PUBLISHED[:place].split("\n") if " " in line or "_" in line][-1]
        raise UsageError("demonstration_key", certificate=name, published=where)
