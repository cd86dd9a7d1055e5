"""A stand-in for the module `ntptime` of a board's firmware; its server answers if there is a file `time_server`."""


def settime():
    with open("time_server"):
        print("the clock is set")
