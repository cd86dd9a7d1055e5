"""A name server for portal.py: whatever name is asked for, the answer is one address (RFC 1035)."""

import asyncio
import socket


def listen_for_names(port: int = 53) -> socket.socket:
    """Where questions arrive; raises OSError when the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(socket.getaddrinfo("0.0.0.0", port)[0][-1])
    listener.setblocking(False)
    return listener


async def answer_names(listener: socket.socket, address: str) -> None:
    """Answer every question with this address, until cancelled."""
    while True:
        try:
            question, asker = listener.recvfrom(512)
            answer = answer_to(question, address)
            if answer:
                listener.sendto(answer, asker)
            await asyncio.sleep(0)
        except OSError:  # nobody asks just now
            await asyncio.sleep(0.05)


def answer_to(question: bytes, address: str) -> bytes:
    """The answer to one question, b"" for what is none; no address for those who ask for another kind than A."""
    end = question.find(b"\0", 12) + 5  # behind the name, its type and its class
    if len(question) < end or end < 17 or question[2] & 0xF8 or question[4:6] != b"\0\1":
        return b""
    wants_address = question[end - 4:end] == b"\0\1\0\1"
    head = question[:2] + b"\x85\0\0\1" + (b"\0\1" if wants_address else b"\0\0") + b"\0\0\0\0"
    found = b"\xc0\x0c\0\1\0\1" + b"\0\0\0\0" + b"\0\4" + bytes([int(part) for part in address.split(".")])
    return head + question[12:end] + (found if wants_address else b"")
