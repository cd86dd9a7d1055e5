"""A list of what an authority has revoked: heeded by OpenSSL, and by Mbed TLS said to be beyond it."""

import asyncio

import pytest
from cryptography.hazmat.primitives import serialization

from harness.certificates import HERE, make, write
from harness.interpreters import find_or_fail
from harness.revocation import make_list
from microhttps import Client, Identity, MicrohttpsError, Server, Trust


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("revoked")
    authority = make("an authority", is_authority=True)
    good, gone = make("localhost", HERE, authority), make("localhost", HERE, authority)
    for name, made in (("ca", authority), ("good", good), ("gone", gone)):
        write(folder, name, made)
    kinds = {"now": make_list(authority, [gone.certificate]), "old": make_list(authority, [], -9, -1),
             "another's": make_list(make("another", is_authority=True), [])}
    for name, made in kinds.items():
        (folder / f"{name}.crl").write_bytes(made.public_bytes(serialization.Encoding.PEM))
        (folder / f"{name}.crl.der").write_bytes(made.public_bytes(serialization.Encoding.DER))
    (folder / "nonsense.crl").write_text("this is no list\n")
    return folder


@pytest.mark.parametrize(("name", "crl", "code"), [
    ("good", "now.crl", "here"), ("gone", "now.crl", "revoked"), ("good", "now.crl.der", "here"),
    ("gone", "now.crl.der", "revoked"), ("good", "old.crl", "crl_out_of_date"),
    ("good", "another's.crl", "crl_out_of_date"), ("good", "nonsense.crl", "bad_crl"),
    ("good", "nowhere.crl", "bad_certificate_file"), ("gone", None, "here"),
])
def test_what_was_revoked_is_refused(name, crl, code, world, port):
    async def play():
        server = Server(identity=Identity(str(world / f"{name}.crt"), str(world / f"{name}.key")), host="127.0.0.1",
                        port=port, on_event=lambda *_: None)
        server.get("/")(lambda request: "here")
        await server.start()
        try:
            async with Client(trust=Trust.load(str(world / "ca.crt"), crl=crl and str(world / crl))) as client:
                return (await client.get(f"https://localhost:{port}/")).text()
        except MicrohttpsError as error:
            return error.code
        finally:
            await server.stop()

    assert asyncio.run(play()) == code


@pytest.mark.micropython
@pytest.mark.parametrize("context", ["trust.client_context()", "trust.server_context(Identity(folder + 'good.crt', "
                                     "folder + 'good.key'))"], ids=["client", "server"])
def test_a_board_says_that_it_cannot(context, world, programs):
    text = (f"from microhttps import Identity, Trust, Unsupported\nfolder = {str(world) + '/'!r}\n"
            "trust = Trust.load(folder + 'ca.crt', crl=folder + 'now.crl')\n"
            f"try:\n    {context}\nexcept Unsupported as error:\n    print(error.code)\n")
    program = programs.run(find_or_fail("micropython"), "-c", text, name="a board")
    assert program.lines_until_end() == ["no_crl"]
