"""examples/thermostat.py, with the library `websockets` for the phones of a family."""

import asyncio
import base64
import json
import ssl
import urllib.error
import urllib.request

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from examples.conftest import press_ctrl_c

PASSWORD = "a password of this test"


@pytest.fixture
def served(serve_example, here):
    (here / "password.txt").write_text(PASSWORD + "\n")
    return serve_example("thermostat", EVERY=0.1)


@pytest.fixture
def context(here):
    return ssl.create_default_context(cafile=str(here / "ca.crt"))


@pytest.fixture
def enter(port, context):
    """Asks for the page with the password; the cookie that it sets."""

    def ask(password=PASSWORD):
        pair = base64.b64encode(f"home:{password}".encode()).decode()
        request = urllib.request.Request(f"https://localhost:{port}/", headers={"Authorization": "Basic " + pair})
        with urllib.request.urlopen(request, timeout=20, context=context) as answer:
            assert b"<title>Thermostat</title>" in answer.read()
            return answer.headers["Set-Cookie"].partition(";")[0]

    return ask


@pytest.fixture
def phone(port, context):
    """A client of somebody else's; not its form with threads, two of which use one TLS connection at a time."""

    def visit(cookie, **options):
        return connect(f"wss://localhost:{port}/live", ssl=context, additional_headers={"Cookie": cookie}, **options)

    return visit


def heard(socket):
    return asyncio.wait_for(socket.recv(), 20)


async def state(socket, **wanted):
    """The next state that has these values."""
    while True:
        told = json.loads(await heard(socket))
        if all(told.get(name) == value for name, value in wanted.items()):
            return told


def look(visit):
    """What a phone is told first, or the status with which it is not let in."""

    async def play():
        async with visit as socket:
            return json.loads(await heard(socket))

    try:
        return asyncio.run(play())
    except InvalidStatus as refused:
        return refused.response.status_code


def test_two_phones_see_and_set_the_same_target(served, enter, phone):
    cookie = enter()

    async def play():
        async with phone(cookie) as one, phone(cookie) as other:
            await state(one, target=19), await state(other, target=19)
            await one.send('{"target": 21.5}')
            await state(one, target=21.5), await state(other, target=21.5)
            await other.send('{"target": 17}')
            await state(one, target=17), await state(other, target=17)

    asyncio.run(play())
    assert press_ctrl_c(served) == []


def test_the_heater_follows_the_target(served, enter, phone):
    async def play(cookie):
        async with phone(cookie) as socket:
            await socket.send('{"target": 20}')
            await state(socket, target=20, heating=True)
            return await state(socket, heating=False)

    assert asyncio.run(play(enter()))["room"] > 20


@pytest.mark.parametrize("message", ['{"target": 4.5}', '{"target": 30.5}', '{"target": 20.1}', '{"target": "20"}',
                                     '{"target": true}', '{"target": NaN}', '{"target": 1e999}', '{"target": null}',
                                     '[20]', "20", "no JSON", b"\xff\xfe"])
def test_what_is_no_target_changes_nothing_and_is_told_to_its_sender_alone(served, enter, phone, message):
    async def play(cookie):
        async with phone(cookie) as one, phone(cookie) as other:
            await one.send(message)
            while "error" not in (told := json.loads(await heard(one))):
                assert told["target"] == 19
            assert told == {"error": "a target from 5 to 30 in steps of 0.5 expected"}
            await one.send('{"target": 22}')
            while (told := json.loads(await heard(other))).get("target") != 22:
                assert "error" not in told

    asyncio.run(play(enter()))


def test_what_is_larger_than_any_target_ends_the_connection(served, enter, phone):
    async def play(cookie):
        async with phone(cookie) as socket:
            await socket.send('{"target": ' + "1" * 200 + "}")
            while True:
                await heard(socket)

    with pytest.raises(ConnectionClosedError) as closed:
        asyncio.run(play(enter()))
    assert closed.value.rcvd.code == 1009


def test_the_target_is_kept_over_a_restart_and_the_cookie_is_not(served, enter, phone, serve_example, here):
    async def play(cookie):
        async with phone(cookie) as socket:
            await socket.send('{"target": 23.5}')
            await state(socket, target=23.5)

    cookie = enter()
    asyncio.run(play(cookie))
    press_ctrl_c(served)
    assert not list(here.glob("*.new"))
    serve_example("thermostat")
    assert look(phone(cookie)) == 403
    assert look(phone(enter()))["target"] == 23.5


@pytest.mark.parametrize("content", ["", '{"target"', '{"target": 99}', "[]"])
def test_a_file_that_was_damaged_is_as_none(content, here, serve_example, enter, phone):
    (here / "thermostat.json").write_text(content)
    (here / "password.txt").write_text(PASSWORD)
    serve_example("thermostat")
    assert look(phone(enter()))["target"] == 19


def test_who_has_no_password_sees_nothing(served, enter, phone, curl):
    assert curl("/", "--output", "/dev/null", "--write-out", "%{http_code}") == (0, "401")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        enter("another")
    for cookie in ("", "__Host-session=e30.9999999999.forged"):
        assert look(phone(cookie)) == 403


def test_a_page_of_another_site_cannot_use_the_cookie(served, enter, phone):
    assert look(phone(enter(), origin="https://elsewhere.example")) == 403


def test_without_a_password_one_is_made_said_and_kept(serve_example, enter, here, interpreter):
    server = serve_example("thermostat")
    said = server.line_that("the password of this device")
    password = (here / "password.txt").read_text().strip()
    assert said.split()[-1] == password and len(password) == 12
    if not interpreter.is_micropython:
        assert (here / "password.txt").stat().st_mode & 0o777 == 0o600
    enter(password)
