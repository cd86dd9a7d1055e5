"""CPython: how much memory the process has; loaded when somebody asks. Layer 3."""

import os
import resource


def resident_memory():
    """Bytes of this process in memory; where the system does not tell (macOS), the most it ever had."""
    if os.path.exists("/proc/self/statm"):
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if os.uname().sysname == "Darwin" else most * 1024
