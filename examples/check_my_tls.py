"""What does a server see of my TLS? Asks howsmyssl.com, and says why when it fails.

In place of the sketch "How to use HTTPS in Arduino ESP32" with WiFiClientSecure, which check_my_tls_by_hand.py
follows step by step. No certificate is pasted into the program: the public roots come along, and on a board only the
one that this host needs is loaded.

    python examples/check_my_tls.py
    micropython examples/check_my_tls.py

It says for instance `TLS 1.3: Probably Okay, 17 cipher suites offered`. For "connection refused" and everything else
that can go wrong there are three sentences: what happened, the likely cause, what to do.
"""

from microhttps import MicrohttpsError, Trust, fetch
from microhttps.explain import explain

URL = "https://www.howsmyssl.com/a/check"
TRUST = Trust.public()


def main() -> None:
    try:
        seen = fetch(URL, trust=TRUST).json()
    except MicrohttpsError as error:
        print("failed:", error.code)
        print(*explain(error), sep="\n")
        return
    print("%s: %s, %d cipher suites offered"
          % (seen["tls_version"], seen["rating"], len(seen["given_cipher_suites"])))
    for name, reasons in seen["insecure_cipher_suites"].items():
        print("insecure:", name, *reasons)


if __name__ == "__main__":
    main()
