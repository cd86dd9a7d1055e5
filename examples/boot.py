"""A board's boot.py: joins a Wi-Fi and sets the clock, by which certificates are judged.

In place of `WiFi.begin(ssid, password)` with its `while (WiFi.status() != WL_CONNECTED)`, of the book's
`setup(country, ssid, key)`, and of ESP-IDF's `example_connect`. Only for a board with Wi-Fi, where MicroPython runs
it at each start:

    mpremote cp examples/boot.py :boot.py       with your SSID and KEY in it

It prints a dot each tenth of a second, then the address, and lets the application begin after PATIENCE seconds also
without: network_server.py waits for the network, and the interface goes on trying by itself.
"""

import time

import network
import ntptime

COUNTRY = "DE"
SSID = "your-ssid"
KEY = "your-password"
PATIENCE = 20  # seconds


def connect() -> bool:
    """Whether there is a network, at the latest after PATIENCE seconds."""
    network.country(COUNTRY)
    wlan = network.WLAN(network.STA_IF)
    wlan.active(True)
    if not wlan.isconnected():
        wlan.connect(SSID, KEY)
    for _ in range(PATIENCE * 10):
        if wlan.isconnected():
            print("\nConnected to", SSID, "as", wlan.ifconfig()[0])
            return True
        print(".", end="")
        time.sleep(0.1)
    print("\nNot connected to", SSID)
    return False


def set_clock() -> None:
    """UTC, from the network: a clock that was never set makes every certificate one of the future (clock_not_set)."""
    try:
        ntptime.settime()
    except OSError as error:
        print("the clock is not set:", error)


if connect():
    set_clock()
