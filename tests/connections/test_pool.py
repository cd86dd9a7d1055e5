"""The pool decides and does nothing: cases are members with an address, idle or not."""

import random

import pytest

from microhttps.server.pool import ADMIT, REFUSE, WAIT, Pool


class Member:
    """What the pool sees of a connection."""

    def __init__(self, name, address="a", is_idle=True):
        self.name = name
        self.peer_address = address, 1
        self.is_idle = is_idle
        self.last_used = 0

    def __repr__(self):
        return self.name


def filled(limit, limit_per_address, *members, is_purging=True):
    pool = Pool(limit, limit_per_address, is_purging)
    for member in members:
        pool.add(member)
    return pool


def use(pool, member):
    """As a connection does when it has answered."""
    member.last_used = pool.uses = pool.uses + 1


def test_a_newcomer_is_admitted_while_there_is_room():
    pool = filled(3, 3, Member("one"), Member("two"))
    assert pool.judge("a") is ADMIT
    assert pool.judge(None) is ADMIT


def test_the_least_recently_used_idle_member_makes_room():
    one, two, three = Member("one"), Member("two"), Member("three")
    pool = filled(3, 3, one, two, three)
    assert pool.judge("a") is one
    assert pool.judge(None) is one
    use(pool, one)
    assert pool.judge("a") is two


def test_only_idle_members_are_victims():
    """A handshake, a request in progress or a WebSocket is never one, however long ago it was used."""
    busy, idle = Member("busy", is_idle=False), Member("idle")
    pool = filled(2, 2, busy, idle)
    assert pool.judge("a") is idle
    assert pool.find_victim() is idle
    idle.is_idle = False
    assert pool.judge("a") is WAIT
    assert pool.find_victim() is None


def test_without_purging_nobody_is_a_victim():
    pool = filled(1, 1, Member("one"), is_purging=False)
    assert pool.judge("a") is WAIT
    assert pool.find_victim() is None


def test_who_floods_from_one_address_evicts_only_his_own():
    theirs, mine = Member("theirs", "b"), Member("mine", "a")
    pool = filled(10, 1, theirs, mine)
    use(pool, mine)  # so that "theirs" was used longer ago
    assert pool.judge("a") is mine


def test_who_floods_with_busy_connections_is_refused_while_others_are_admitted():
    pool = filled(10, 2, Member("one", is_idle=False), Member("two", is_idle=False))
    assert pool.judge("a") is REFUSE
    assert pool.judge("b") is ADMIT


def test_without_purging_a_flood_is_refused_and_not_left_waiting():
    pool = filled(10, 1, Member("one"), is_purging=False)
    assert pool.judge("a") is REFUSE


def test_a_limit_of_an_address_that_is_no_less_than_the_whole_is_none():
    """On a board four in all and four for one: then the newcomer waits in the system's backlog instead."""
    pool = filled(2, 2, Member("one", is_idle=False), Member("two", is_idle=False))
    assert pool.judge("a") is WAIT


def test_a_full_pool_takes_the_victim_from_all_addresses():
    one, two = Member("one", "a"), Member("two", "b")
    pool = filled(2, 1, one, two)
    assert pool.judge("c") is one


def test_who_has_gone_counts_no_more():
    one, two = Member("one", is_idle=False), Member("two", is_idle=False)
    pool = filled(2, 1, one)
    pool.remove(one)
    pool.remove(one)
    assert pool.judge("a") is ADMIT
    pool.add(two)
    assert pool.judge("a") is REFUSE
    assert pool.members == {two}


@pytest.mark.parametrize("is_purging", [True, False])
def test_in_any_order_of_events_no_limit_is_exceeded_and_nobody_busy_is_evicted(is_purging):
    """A walk of ten thousand steps with a fixed seed: newcomers, requests, answers, ends."""
    chance = random.Random(2)
    pool = Pool(6, 3, is_purging)
    for step in range(10_000):
        members = sorted(pool.members, key=lambda member: member.name)
        event = chance.choice(("new", "new", "busy", "idle", "end"))
        if event == "new":
            address = chance.choice("abc")
            verdict = pool.judge(address)
            if isinstance(verdict, Member):
                own = [member for member in members if member.peer_address[0] == address]
                candidates = [member for member in (own if len(own) >= 3 else members) if member.is_idle]
                assert is_purging and verdict is min(candidates, key=lambda member: member.last_used)
                pool.remove(verdict)
            if verdict is ADMIT or isinstance(verdict, Member):
                pool.add(Member(f"{step:05}", address, is_idle=chance.random() < 0.5))
        elif members:
            member = chance.choice(members)
            if event == "end":
                pool.remove(member)
            else:
                member.is_idle = event == "idle"
                use(pool, member)
        assert len(pool.members) <= 6
        for address in "abc":
            assert sum(member.peer_address[0] == address for member in pool.members) <= 3
