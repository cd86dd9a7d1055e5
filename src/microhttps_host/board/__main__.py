"""`python -m microhttps_host.board --to FOLDER`. Layer 12."""

import sys

from .build import main

sys.exit(main())
