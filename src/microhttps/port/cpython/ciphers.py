"""CPython: what a sealed key is opened with. PBKDF2 is in its library; AES is not, and is written out here.

Only the direction that encrypts (FIPS 197 section 5.1), which is all that counter mode needs, and only for a kilobyte
or two at a start. Its time may tell of the key: who can measure that here can read the memory, too. Layer 3.
"""

from hashlib import pbkdf2_hmac


def stretch(secret, salt, iterations):
    """32 bytes of PBKDF2 with HMAC-SHA256 (RFC 8018 section 5.2)."""
    return pbkdf2_hmac("sha256", secret, salt, iterations)


def encrypt_blocks(key, data):
    """Whole blocks of 16 bytes, each encrypted for itself with AES."""
    round_keys = _round_keys(key)
    return b"".join(_encrypt_block(round_keys, data[at : at + 16]) for at in range(0, len(data), 16))


def _double(byte):
    """Twice a polynomial, modulo x^8 + x^4 + x^3 + x + 1 (section 4.2.1)."""
    return byte << 1 ^ (0x11B if byte & 0x80 else 0)


def _make_box():
    """The S-box (section 5.1.1): the inverse of each byte, then an affine map. 3 generates them all."""
    box = bytearray(256)
    box[0] = 0x63
    forth = back = 1  # forth runs through the powers of 3, back through those of its inverse
    for _ in range(255):
        forth ^= _double(forth)
        back ^= back << 1
        back ^= back << 2
        back ^= back << 4
        back &= 0xFF
        back ^= 0x09 if back & 0x80 else 0
        turned = back * 0x101
        box[forth] = 0x63 ^ back ^ (turned >> 7 ^ turned >> 6 ^ turned >> 5 ^ turned >> 4) & 0xFF
    return bytes(box)


_BOX = _make_box()


def _round_keys(key):
    """The key expansion (section 5.2), as rounds of 16 bytes."""
    length = len(key) // 4
    words = [key[at : at + 4] for at in range(0, len(key), 4)]
    constant = 1
    for place in range(length, 4 * (length + 7)):
        word = words[-1]
        if place % length == 0:
            word = (word[1:] + word[:1]).translate(_BOX)
            word = bytes((word[0] ^ constant,)) + word[1:]
            constant = _double(constant)
        elif length > 6 and place % length == 4:
            word = word.translate(_BOX)
        words.append(_exclusive(word, words[-length]))
    return [b"".join(words[at : at + 4]) for at in range(0, len(words), 4)]


def _encrypt_block(round_keys, block):
    state = _exclusive(block, round_keys[0])
    for round_key in round_keys[1:-1]:
        state = _exclusive(_mix(_shift(state.translate(_BOX))), round_key)
    return _exclusive(_shift(state.translate(_BOX)), round_keys[-1])


def _shift(state):
    """ShiftRows (section 5.1.2): byte r of a column comes from the column r further on."""
    return bytes(state[5 * place % 16] for place in range(16))


def _mix(state):
    """MixColumns (section 5.1.3)."""
    mixed = bytearray()
    for at in range(0, 16, 4):
        column = state[at : at + 4]
        whole = column[0] ^ column[1] ^ column[2] ^ column[3]
        for row in range(4):
            mixed.append(column[row] ^ whole ^ _double(column[row] ^ column[(row + 1) % 4]))
    return mixed


def _exclusive(one, other):
    return bytes(a ^ b for a, b in zip(one, other))
