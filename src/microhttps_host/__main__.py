"""python -m microhttps_host: the command `microhttps`."""

import sys

from .cli import main

sys.exit(main())
