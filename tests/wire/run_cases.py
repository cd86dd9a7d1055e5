"""On MicroPython: judges every case of one case file and prints the verdicts, a JSON object a line, in order."""

import json
import sys

import microhttps.wire.heads_by_split as heads
from wire.verdicts import judge

cases = __import__("wire." + sys.argv[1], None, None, ("CASES",))
for case in cases.CASES:
    print(json.dumps(judge(cases.KIND, case, heads)))
