"""The password of a device, for the examples that ask for one: made at the first start, kept in a file, said once.

Every device has its own. To choose another write it into `password.txt` and start again.
"""

import os
from binascii import hexlify


def password(file_name: str = "password.txt") -> str:
    try:
        with open(file_name) as file:
            return file.read().strip()
    except OSError:
        made = hexlify(os.urandom(6)).decode()
    with open(file_name, "w") as file:
        if hasattr(os, "chmod"):  # boards keep no permissions
            os.chmod(file_name, 0o600)
        file.write(made + "\n")
    print("the password of this device, kept in", file_name, "is", made)
    return made
