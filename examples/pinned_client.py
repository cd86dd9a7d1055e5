"""A client that believes one key and nobody else: for a device whose certificate no authority has signed.

In place of Sming's sample Basic_Ssl with its fingerprints. Pinned is the key, so that a renewed certificate is
believed as long as it is for the same key; and it holds for every connection, the second one included.

The pin is made where the certificate is, not from what somebody on the network shows:

    openssl x509 -in device.crt -noout -pubkey | openssl pkey -pubin -outform der | openssl sha256 -binary | base64

    python examples/pinned_client.py            with that pin in it, behind `sha256//`
    micropython examples/pinned_client.py

It says the status and the answer; or `failed: wrong_pin` and whom it met, who was told nothing. Pin a second key,
kept in a drawer, for the day the first is lost.
"""

from microhttps import MicrohttpsError, Trust, fetch
from microhttps.explain import explain

URL = "https://lamp.local/"
PINS = ["sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]


def main() -> None:
    try:
        answer = fetch(URL, trust=Trust.pinned(*PINS))
    except MicrohttpsError as error:
        print("failed:", error.code)
        print(*explain(error), sep="\n")
        return
    print(answer.status, answer.text())


if __name__ == "__main__":
    main()
