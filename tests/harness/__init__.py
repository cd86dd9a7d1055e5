"""What the tests stand on: interpreters, certificates, programs that are reaped, and bytes on a wire.

Runs on CPython only and knows nothing of microhttps but where its source is.
"""
