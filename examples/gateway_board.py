"""A board of the fleet that gateway.py collects from: it answers the gateway, known by its certificate, and no other.

    microhttps ca init
    microhttps ca issue board-1.local 192.168.4.11
    microhttps push examples/gateway_board.py --for board-1.local --for 192.168.4.11

or, with device.crt, device.key and ca.crt in this folder, `python examples/gateway_board.py`, `micropython …`.

    curl --cacert ca.crt --cert gateway.crt --key gateway.key https://board-1.local:8443/reading

It asks every client for a certificate of the authority in ca.crt (mutual TLS), and the route wants that of the gateway.
"""

import sys
import time

from microhttps import Identity, Request, Server, Trust

GATEWAY = "gateway.local"

server = Server(Identity("device.crt", "device.key"), trust=Trust.load("ca.crt"), port=8443)


@server.get("/reading", client_certificate=GATEWAY)
def reading(request: Request) -> dict[str, object]:
    """What is measured, and how often this connection has asked: it is kept from one reading to the next."""
    return {"temperature": temperature(), "asked": request.session.requests}


def temperature() -> float:
    """Degrees Celsius of the chip of an ESP32; elsewhere of an imaginary room."""
    if sys.platform == "esp32":
        import esp32

        return float(esp32.mcu_temperature())
    return round(20 + abs(time.time() % 60 - 30) / 10, 1)


if __name__ == "__main__":
    server.run()
