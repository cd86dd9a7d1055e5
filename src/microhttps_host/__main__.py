"""python -m microhttps_host: the command `microhttps`. Layer 13."""

import sys

from .cli import main

sys.exit(main())
