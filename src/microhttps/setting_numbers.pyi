NUMBERS: tuple[str, ...]
CLIENT_NEEDS: tuple[str, ...]
SERVER_NEEDS: tuple[str, ...]

def check_numbers(settings: object, needs: tuple[str, ...]) -> None: ...
