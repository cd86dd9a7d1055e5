"""Keys that everybody has, because they were published in the examples of others: no secret for anybody's server.

Facts only: the SHA-256 of the public key (its SubjectPublicKeyInfo in DER, what pins are made of too) and where its
private key is to be read. Of whatever certificate, `openssl x509 -in FILE -noout -pubkey | openssl pkey -pubin -outform
der | sha256sum` tells it. Loaded when an identity is checked, and then forgotten. Layer 4.
"""

from binascii import hexlify
from hashlib import sha256

from ..errors import UsageError

PUBLISHED = """
ESP-IDF examples: https_server
5bb47b4a48b5096b38006cf74fee31d31d93d420409e04d009ff603a13eebf0c
a451a28bc1a26ef038ccd8da71d001f13939346954aaa14147e0b6e9f2d4b3cf
7efb051caf944cc7b8df1ce034469b9d849e2757ee6afa8d5b315821a26df3ae
ESP-IDF examples: esp_local_ctrl, https_request
411f90a43714a5a43d56dd372edac653182b44feb414c7ecd781d4473573dfd6
d6f2a2864c1a5033b21e74dc41881a83969c1e46156be9a908463813c5d178e9
ESP-IDF examples: esp_http_client_mutual_auth
ce93b932de8c2305e6c14b1c3800120f7e7997492c92b3199c8c5283decebaed
7d10551afa0dbe7e09c9309520976b915e79d98c77d90b2c4fd95663a10cdc5b
d609e62281bca01b9690990d49bf06ef19b1dba63ec0ee5dc60fcb1b222f625f
ESP-IDF examples: OTA updates
77177007ff75c1c62795f9a7de429ba1ef0f1f7d23db68c83dcca8b3167a1839
7f7c0b1d4c9a661e2e758d076e59071735981abd6461a70f23d52b48f4bba249
ESP-IDF examples: wifi_enterprise, wifi_eap_fast
21ba121f12f6359ccddcb2f5af579900fe38dcc6fc1674cd25ba8a7ea6cac3ab
c6c4d84b2d7812c71a1493b07638eb99c38c5664397954c7fd1a9cced0fbc56b
Arduino examples: HelloServerBearSSL, SecureBearSSLUpdater
f2968de4c8db1251bb416fc0e0708b82da1802767e03e35d71ad3d36abc1dc13
Arduino examples: BearSSL_Server
81524ef389d385364dba4ac188e41b37f35ead4d7ca13c4e08ac93c44ebfcf9a
f5c33fc0c4626817a36d411a171625b87d2b75fe403b02f9eae93417f8fddc91
Arduino examples: BearSSL_ServerClientCert
652dc284e7bfe9d33080045fc01db0fa1330fc2035c389fd3d5a4cecc7a12e4a
8700ec87dece6ec99657e8231e5bb42c15b75c74b145e9cd0fe86fd3d6028c68
b6e6467c057377807276fca1fa641a3a0f16ff9335dfbb449784412b7ee952bf
Mongoose tutorials and tests
e073fa72083c618142a3c6a41b6a4e8572897b6d185dc28ec361a0797624f48d
22c0a45bf0a688aa68f1f84b2ad31040061ba0022fab1e151f90a8f564573a55
3ac8b95009a9501bd9e0310cfd7800814abf0884000251a3f9e478c0bb233d2e
b9c45dc6c86c7b5897cd0db6d1c54a7bfb518df8634ca90164ca6520f8b49ac5
5d38235e58750eb45443cad6cdce8699bede0697cfd7dbcb9e002ba2826f3c3b
Sming samples
d38119a01695104d5d0dc78c3af4121daad0fb20b962863c407d6ad0d8334d74
9ed992779ff93eb1ac3d64a4d5f8a85cb451a11c26338f1b7ca2dfde29704a98
e9464893c0b5c856559d31240fc5e610473d9ae544fccaf349703679f485738c
esp32_https_server
e0cdcd12bf7cbac044e6854f38e867305931bc8cfbabd2045f22ee4e31ed8753
MicroPython tests
bdb4e1d7be1d56bdf51b640f798e47796a4f7aeb0229a6c5ae042d325dd9ea95
907177f53804012f1bf700d12975be60f1f2d179416e87c320f343384bd1bb08
CPython tests
010f3d5e0d322d24d7cbeb50b3fe54fb18eebf9f30f23909140b3e07af22619a
Mbed TLS tests
26b0f4b5b3b8ef8f54af9ca9cbef655501179e7337f2ac52f2eadcf953635999
6703a04285f61bf2f79b143b1841435d503b448c3df1db998e9aebc7f05d3815
af0124ea50fbe17b3680aede200e89e4f0a5dc266970614679f7ae3aa1705592
"""


def refuse_published(spki, name):
    """Raise UsageError("demonstration_key") for the key of a certificate that others have, too."""
    place = PUBLISHED.find(hexlify(sha256(spki).digest()).decode())
    if place >= 0:
        where = [line for line in PUBLISHED[:place].split("\n") if " " in line or "_" in line][-1]
        raise UsageError("demonstration_key", certificate=name, published=where)
