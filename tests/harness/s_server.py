"""`openssl s_server`, whose options say what it takes."""

from harness.programs import find_tool, free_port


def start_s_server(programs, certificate, key, *options, port=None, **settings):
    """Starts one with that certificate and key, and waits for it; gives its port. Settings are those of a Program."""
    port = port or free_port()
    command = [find_tool("openssl"), "s_server", "-accept", f"127.0.0.1:{port}", "-cert", certificate, "-key", key]
    programs.start([*command, *options], "s_server", **settings).until_listening(port)
    return port
