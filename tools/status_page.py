"""Writes src/microhttps/status.html.gz: the page of `microhttps.status`, from tools/status, in one compressed file.

    python tools/status_page.py          writes it (make docs)
    python tools/status_page.py --check  fails when it is not what would be written, or has grown too large

Style and script stand in the page, whose policy names their hashes, so that a board sends one file as it lies there.
So do the sentences of `microhttps.explain` for what a server may be told of: a board need not load them.
"""

import base64
import gzip
import hashlib
import json
import re
import sys
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from microhttps.errors import (  # noqa: E402
    DeadlineError,
    MicrohttpsError,
    NetworkError,
    OutOfMemory,
    PeerError,
    TrustError,
)
from microhttps.explain import SERVER, explain  # noqa: E402

SOURCE = ROOT / "tools" / "status"
PAGE = ROOT / "src" / "microhttps" / "status.html.gz"
MOST = 12 * 1024  # of everything
# What a server is told of that failed, by class: codes, each with the fact that tells it apart where there is one.
CODES: dict[type[MicrohttpsError], str] = {
    PeerError: "peer_is_not_tls peer_is_not_tls:protocol=http no_common_version no_common_cipher handshake_failed "
               "bad_record peer_speaks_tls",
    TrustError: "handshake_refused handshake_refused:alert=unknown_ca handshake_refused:alert=certificate_unknown "
                "handshake_refused:alert=bad_certificate handshake_refused:alert=certificate_expired "
                "handshake_refused:alert=protocol_version handshake_refused:alert=handshake_failure "
                "no_client_certificate untrusted_issuer self_signed expired not_yet_valid revoked wrong_usage "
                "chain_too_large certificate_refused too_weak name_not_permitted crl_out_of_date",
    DeadlineError: "deadline deadline:setting=handshake_timeout deadline:setting=header_timeout "
                   "deadline:setting=recv_timeout deadline:setting=send_timeout deadline:setting=min_rate",
    NetworkError: "reset gave_way no_place too_many_of_address out_of_descriptors",
    OutOfMemory: "out_of_memory",
}  # fmt: skip


def words() -> dict[str, tuple[str, ...]]:
    """{"code" or "code fact": what happened, the likely cause, what to do next}, where there are such sentences."""
    found = {}
    for kind, codes in CODES.items():
        for code, _, fact in (word.partition(":") for word in codes.split()):
            name, _, value = fact.partition("=")
            error = kind(code)
            error.facts.update({name: value} if fact else {})
            said = explain(error, SERVER)
            found[f"{code} {value}".strip()] = tuple(_lasting(sentence) for sentence in said)
    return found


def _lasting(sentence: str) -> str:
    """Without what is true of this machine and today."""
    return re.sub(r", which says [0-9-]+,", "", sentence).replace("this computer", "this machine")


def page() -> str:
    """The page as it should be."""
    style, script = (_squeezed((SOURCE / name).read_text(encoding="utf-8")) for name in ("page.css", "page.js"))
    policy = (f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; connect-src 'self'; "
              "img-src data:; base-uri 'none'; form-action 'none'")  # fmt: skip
    told = json.dumps(words(), separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    text = (SOURCE / "page.html").read_text(encoding="utf-8")
    return Template(text).substitute(policy=policy, style=style, script=script, words=told)


def _squeezed(text: str) -> str:
    """Without indentation, empty lines and lines of comment."""
    lines = [re.sub(r"^ +", "", line) for line in text.splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith("// "))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def main(arguments: list[str]) -> int:
    """Writes or checks the page; returns the exit status."""
    wanted = page().encode()
    compressed = gzip.compress(wanted, 9, mtime=0)
    where = PAGE.relative_to(ROOT)
    if len(compressed) > MOST:
        print(f"{where} would have {len(compressed)} bytes, and {MOST} is the most")
        return 1
    if "--check" not in arguments:
        PAGE.write_bytes(compressed)
        print(f"wrote {where}: {len(compressed)} bytes, {len(wanted)} unpacked")
        return 0
    # What is in it is compared, for not every zlib packs it alike.
    if PAGE.exists() and PAGE.stat().st_size <= MOST and gzip.decompress(PAGE.read_bytes()) == wanted:
        return 0
    print(f"{where} is not what tools/status says; run: make docs")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
