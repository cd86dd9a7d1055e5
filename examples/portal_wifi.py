"""The Wi-Fi of a board for portal.py: its own and those around it. On a computer they are imaginary.

To be replaced where your board wants something else. It is written after MicroPython's documentation for ESP32 and
Pico W.
"""

import asyncio
import sys

IS_BOARD = sys.platform in ("esp32", "rp2")


def open_wifi(name: str, key: str) -> str:
    """Open a Wi-Fi of our own (WPA2); our address in it."""
    if not IS_BOARD:
        return "127.0.0.1"
    import network

    point = network.WLAN(network.AP_IF)
    point.config(ssid=name, key=key)
    if sys.platform == "esp32":
        point.config(security=network.AUTH_WPA2_PSK)  # elsewhere this is what a key means
    point.active(True)
    return str(point.ifconfig()[0])


def close_wifi() -> None:
    if IS_BOARD:
        import network

        network.WLAN(network.AP_IF).active(False)


async def join(name: str, passphrase: str) -> bool:
    """Join a Wi-Fi; whether it let us in within twenty seconds."""
    if not IS_BOARD:
        return (name, passphrase) == ("home", "correct horse")
    import network

    station = network.WLAN(network.STA_IF)
    station.active(True)
    station.disconnect()
    station.connect(name, passphrase)
    for _ in range(20):
        if station.isconnected():
            return True
        await asyncio.sleep(1)
    station.disconnect()
    return False


def networks() -> list[str]:
    """The names of the Wi-Fis that can be received."""
    if not IS_BOARD:
        return ["home", "a <neighbour>"]
    import network

    station = network.WLAN(network.STA_IF)
    station.active(True)
    return sorted({found[0].decode() for found in station.scan() if found[0]})
