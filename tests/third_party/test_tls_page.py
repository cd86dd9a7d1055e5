"""docs/tls.md says how certificates are made and shown: its commands are run as they stand, with the example."""

import json
import os
import re
import subprocess
import sys

from harness.interpreters import ROOT
from harness.programs import until

PAGE = (ROOT / "docs" / "tls.md").read_text()
MAKING, ASKING = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


def run(command, folder):
    environment = {**os.environ, "MICROHTTPS_HOME": str(folder / "home"),
                   "PATH": os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])}
    done = subprocess.run(["sh", "-ec", command], cwd=folder, env=environment, capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_example_knows_alice_by_the_certificate_that_the_page_makes(interpreter, programs, tool, tmp_path, port):
    tool("curl")
    run(MAKING, tmp_path)
    example = tmp_path / "door.py"
    example.write_text((ROOT / "examples" / "door.py").read_text().replace("8443", str(port)))
    programs.run(interpreter, example, cwd=tmp_path, name="door")
    asking = ASKING.replace("8443", str(port)).replace("curl ", "curl --silent --show-error ")

    def is_up():
        try:
            return run(asking, tmp_path)
        except AssertionError:
            return None

    assert json.loads(until(is_up))["names"] == ["alice"]
    assert run(asking.replace("/who", "/open").replace("curl ", "curl --request POST "), tmp_path) == "open\n"


def test_every_code_on_the_page_has_a_sentence():
    from microhttps.sentences import SENTENCES

    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| .* \| .* \|$", PAGE[PAGE.index("Its `code`"):], re.MULTILINE)
    codes = re.findall(r"`(\w+)`", " ".join(rows[:5]))
    assert len(codes) == 6 and not [code for code in codes if code not in SENTENCES]
