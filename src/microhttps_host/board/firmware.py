"""The names that every firmware of MicroPython has interned: whatever is given one of them costs a board nothing.

Layer 12.
"""

# Names that MicroPython's core interns in every firmware (py/makeqstrdata.py), and that are no built-in functions.
# Without `const`, which the compiler looks at.
FREE = (
    "append args bytecode clear copy count end endswith extend find format from_bytes get index insert isalpha "
    "isdigit islower isspace isupper items join key keys little lower lstrip pop popitem read readinto readline remove "
    "replace reverse rfind rindex rsplit rstrip send sep setdefault sort split start startswith step stop strip throw "
    "to_bytes upper value values write"
).split()
# Names of what every firmware with TLS has: math, struct, time, errno, io, asyncio; sets, cmath, random, uctypes, os.
USUAL = (
    "encode decode partition center add discard update difference union acos asin atan atan2 ceil cos degrees exp fabs "
    "floor fmod frexp isfinite isinf isnan ldexp log modf radians sin sqrt tan trunc calcsize pack pack_into unpack "
    "unpack_from sleep_ms sleep_us ticks_add ticks_cpu ticks_diff ticks_ms ticks_us gmtime localtime mktime time_ns "
    "hexlify unhexlify a2b_base64 b2a_base64 mem_alloc mem_free threshold isenabled getvalue seek tell flush digest "
    "getaddrinfo setsockopt setblocking settimeout makefile recvfrom sendto accept bind listen ipoll modify unregister "
    "dumps loads popleft opt_level mem_info stack_use heap_lock heap_unlock kbd_intr schedule maxsize byteorder "
    "EACCES EADDRINUSE EAGAIN EALREADY EBADF ECONNABORTED ECONNREFUSED ECONNRESET EEXIST EHOSTUNREACH EINPROGRESS "
    "EINVAL EIO EISDIR ENOBUFS ENODEV ENOENT ENOMEM ENOTCONN EOPNOTSUPP EPERM ETIMEDOUT "
    "issuperset issubset isdisjoint intersection intersection_update difference_update symmetric_difference fromkeys "
    "splitlines acosh asinh atanh cosh sinh tanh erf erfc expm1 gamma lgamma log10 log2 factorial isclose phase polar "
    "rect getrandbits randrange randint uniform heapify heappop heappush UINT8 UINT16 UINT32 UINT64 INT8 INT16 INT32 "
    "INT64 BFUINT8 BFUINT16 BIG_ENDIAN LITTLE_ENDIAN NATIVE bytes_at bytearray_at addressof statvfs ilistdir mkdir "
    "rmdir chdir getcwd listdir umount mount urandom"
).split()
