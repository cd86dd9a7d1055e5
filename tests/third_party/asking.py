"""The client that asks other people's servers. Runs on both interpreters."""


async def client(play):
    ours = play.client(max_content_length=512 * 1024)
    for path in play.options["paths"]:
        answer = await ours.get(play.url(path))
        play.say(path, answer.status, len(answer.body), answer.session.tls.version)
    sessions = []
    for _ in range(3):
        session = (await ours.get(play.url(play.options["paths"][0]))).session
        if session not in sessions:
            sessions.append(session)
    play.say("sessions", len(sessions))
    await ours.close()
