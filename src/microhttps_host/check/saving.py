"""The certificates that a server has sent, as files: one of PEM, or one of DER for each. Layer 13."""

from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from .findings import Report

DER_SUFFIXES = (".der", ".cer")


def files_of(report: Report, path: Path) -> list[tuple[Path, bytes]]:
    """(path, content), the server's own first: FILE.pem, or FILE.der and FILE-1.der, …; none without a chain."""
    if not report.chain:
        return []
    if path.suffix not in DER_SUFFIXES:
        return [(path, b"".join(one.public_bytes(Encoding.PEM) for one in report.chain))]
    return [(path.with_stem(f"{path.stem}-{number}") if number else path, one.public_bytes(Encoding.DER))
            for number, one in enumerate(report.chain)]  # fmt: skip
