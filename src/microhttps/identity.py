"""Who we are: a certificate (chain) and its private key, from files or bytes, PEM or DER.

Only names what they are: the files are read, by `credentials`, when a context is made, and not kept, so that a renewed
file is taken up by the next one. Keys never show in errors or `repr`. Layer 4.
"""


class Identity:
    """A certificate with its key: paths or bytes, PEM or DER, the chain behind the certificate in the same PEM.

    `sealed` is the secret (bytes, or a function that gives them) of a key that was sealed, as `sealing` has it.
    """

    is_checked = False  # `check` has found it good

    def __init__(self, certificate, key=None, password=None, sealed=None, danger_demonstration_key=False):
        self.certificate = certificate
        self.key = certificate if key is None else key  # one PEM may hold both
        self.password = password
        self.danger_demonstration_key = danger_demonstration_key
        if sealed is not None:
            from .sealing import Opener

            sealed = Opener(sealed)
        self.sealed = sealed

    def __repr__(self):
        return "Identity(" + repr(self.name) + ")"

    @property
    def name(self):
        """What to call it in an error: the certificate's path, or that it came as bytes."""
        return "bytes" if isinstance(self.certificate, (bytes, bytearray, memoryview)) else str(self.certificate)

    def check(self):
        """Refuse, before anything listens, a certificate that no client could accept; reads the files.

        Raises TrustError("expired", "not_yet_valid", "wrong_usage") and UsageError("bad_certificate_file",
        "key_does_not_match_certificate", "demonstration_key", or one of a key that is sealed).
        """
        from .credentials.identities import check_identity

        check_identity(self)

    def load(self, form):
        """(certificate chain, key) as bytes, in the `form` an engine wants: "pem" or "der"; reads the files.

        Raises UsageError("bad_certificate_file", "demonstration_key"), or one of a key that is sealed.
        """
        from .credentials.identities import load_identity

        return load_identity(self, form)

    def client_context(self, trust=None, host=None, port=443):
        """A context for other people's clients that shows this certificate; arguments as of `Trust.client_context`."""
        if trust is None:
            from .trust import Trust

            trust = Trust.public()
        return trust.client_context(self, host, port)

    def server_context(self, trust=None):
        """A context of the interpreter's TLS library for other people's servers; raises what `check` raises.

        With a trust (`Trust.load`) it demands client certificates of those authorities.
        """
        from .credentials.contexts import server_context

        return server_context(self, trust)
