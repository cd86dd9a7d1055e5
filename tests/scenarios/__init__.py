"""One text per scenario: the server's part, the client's part, and the transcript that all four pairings must give.

A text defines `make_server(play)`, `async def client(play)` (or `blocking_client(play)`) and EXPECTED, what the client
says; and where the server has something to say, EXPECTED_OF_SERVER. Both parts run on both interpreters, so a text
keeps to what MicroPython has.
"""
