"""How much memory there is when it is too little: the numbers for an error. Loaded when that is so. Layer 5."""

from ..errors import OutOfMemory
from ..port import system

EXACT = 32  # bytes by which what is told may be less than there is


def lack(settings):
    """The OutOfMemory of a handshake that is not begun: what is asked for in one piece, and what there is."""
    need = settings.min_free_memory
    have = _largest(need) if system.SIZE == 0 else None  # a computer would really fetch what it is asked for
    return OutOfMemory("out_of_memory", setting="min_free_memory", need=need, have=have)


def _largest(most):
    """The bytes of the heap that are free in one piece, less than `most`."""
    least = 0
    while most - least > EXACT:
        middle = (least + most) // 2
        try:
            bytearray(middle)
            least = middle
        except MemoryError:
            most = middle
    return least
