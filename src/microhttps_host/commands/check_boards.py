"""`microhttps check --board`: would a board connect? Loaded when somebody asks. Layer 13."""

from collections.abc import Sequence
from pathlib import Path

from microhttps.errors import UsageError

from ..check.boards import check_boards, is_reached
from ..check.findings import FAILED, OK, WARNING, Report
from ..check.visit import Options
from ..drawing import render_boards, render_check
from ..profiles.catalogue import PROFILES, find_profiles
from ..profiles.profile import Profile

LIST = "list"  # in place of a board


def is_list(board: str, is_json: bool) -> bool:
    """Whether no more than a list of them is wanted, which is then shown."""
    if board != LIST:
        return False
    render_boards.known(PROFILES, is_json)
    return True


def profiles_for(board: str, pins: Sequence[str]) -> tuple[Profile, ...]:
    """The profiles that are asked for; raises UsageError("bad_option")."""
    if pins:
        raise UsageError("bad_option", "--board and --pin exclude each other")
    return find_profiles(board)


def verdicts_on(
    report: Report, options: Options, profiles: Sequence[Profile], files: Sequence[Path], is_json: bool
) -> list[str]:
    """The verdicts of boards, drawn behind those of the check from here; waits."""
    if not is_json:
        render_check.finished(report, files, is_json)
    boards = check_boards(report, options, profiles) if is_reached(report) else None
    if is_json:
        render_boards.told(report, boards, files)
    elif boards and len(profiles) == 1:
        render_boards.one(boards)
    elif boards:
        render_boards.all_of_them(boards)
    if boards is None:
        return [FAILED]
    return [FAILED if one.reasons else WARNING if one.warnings else OK for one in boards.verdicts]
