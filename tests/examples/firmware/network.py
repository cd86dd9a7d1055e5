"""A stand-in for the module `network` of a board's firmware: a station that joins after so many looks at it.

MicroPython alone. The file `access_point` in this folder of the program's says after how many; without it there is
none.
"""

STA_IF = 0


def country(code):
    print("country", code)


class WLAN:
    """The interface."""

    def __init__(self, interface):
        self._looks = None
        assert interface == STA_IF

    def active(self, is_active):
        self._is_active = is_active

    def connect(self, ssid, key):
        assert self._is_active
        print("joining", ssid, key)
        try:
            with open("access_point") as file:
                self._looks = int(file.read())
        except OSError:
            pass

    def isconnected(self):
        if self._looks is None:
            return False
        self._looks -= 1
        return self._looks < 0

    def ifconfig(self):
        return "192.168.4.2", "255.255.255.0", "192.168.4.1", "192.168.4.1"
