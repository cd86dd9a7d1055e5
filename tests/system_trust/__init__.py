"""This machine's stores of authorities: the real ones, and those of other systems by the commands they are sent."""
