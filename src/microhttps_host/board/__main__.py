"""`python -m microhttps_host.board --to FOLDER`."""

import sys

from .build import main

sys.exit(main())
