"""A key with a password, opened by each of those given. Both interpreters.

    locked.py FOLDER KEY PASSWORD...
"""

import sys

from microhttps import Identity, MicrohttpsError, Trust


def main(folder, key, *passwords):
    trust = Trust.load(folder + "/ca.crt")
    for password in passwords:
        try:
            trust.client_context(Identity(folder + "/client.crt", key, password=password or None))
            print("opened")
        except MicrohttpsError as error:
            print(type(error).__name__, error.code, error.facts.get("setting", ""))


main(*sys.argv[1:])
