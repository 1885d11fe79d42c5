"""Links to private files, with a clock that tests set."""

from http import HTTPStatus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roots.media.signed import _QUERY, SignedLinks
from roots.serve.gate import Admitted, Refused
from roots.signing import Signer

NAME = "2026/plan.3f2a91c0d4e7.pdf"
NOON = 1_795_392_000


class Clock:
    now_s = float(NOON)

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def links(clock):
    return SignedLinks(Signer(["secret"], "media link /contracts/"), 3600, clock)


def rest_s(verdict) -> int:
    assert isinstance(verdict, Admitted)
    return verdict.rest_s


def status(verdict) -> HTTPStatus:
    assert isinstance(verdict, Refused)
    return verdict.status


@pytest.mark.parametrize("after_s", [0, 1, 899, 1799.5, 1800, 86_399])
def test_a_link_holds_for_an_hour_at_least_and_an_hour_and_a_half_at_most(links, clock, after_s):
    clock.now_s += after_s
    assert 3600 < rest_s(links.admit(NAME, links.query(NAME))) + 1 <= 5401


def test_a_link_stays_the_same_for_half_an_hour(links, clock):
    made = []
    for _ in range(7200):
        made.append(links.query(NAME))
        clock.now_s += 1
    assert 4 <= len(set(made)) <= 5
    assert min(made.count(each) for each in {*made[1800:5400]}) == 1800


def test_links_to_many_files_do_not_change_in_the_same_second(links, clock):
    names = [f"{number}.jpg" for number in range(100)]
    before = {links.query(name) for name in names}
    clock.now_s += 60
    after = {links.query(name) for name in names}
    assert 0 < len(after - before) < 20


def test_a_link_expires(links, clock):
    query = links.query(NAME)
    clock.now_s += rest_s(links.admit(NAME, query)) - 1
    assert rest_s(links.admit(NAME, query)) == 1
    clock.now_s += 1
    refused = links.admit(NAME, query)
    assert status(refused) is HTTPStatus.FORBIDDEN
    assert "expired" in refused.explanation


@pytest.mark.parametrize("life_s", [1, 2, 59, 3 * 86_400])
def test_a_link_may_be_given_another_life(links, life_s):
    query = links.query(NAME, max_age_s=life_s)
    assert life_s <= rest_s(links.admit(NAME, query)) <= life_s * 1.5 + 1


@pytest.mark.parametrize("life_s", [0, -1])
def test_a_link_that_holds_for_no_time_is_a_mistake(links, life_s):
    with pytest.raises(ValueError, match="for a second at least"):
        links.query("plan.pdf", max_age_s=life_s)


@pytest.mark.parametrize("query", ["", "expires=1795396527", "v=2", "signatur=x"])
def test_without_a_signature_there_is_nothing(links, query):
    assert status(links.admit(NAME, query)) is HTTPStatus.NOT_FOUND


def changed(query: str, position: int) -> str:
    other = "B" if query[position] == "A" else "A"
    return f"{query[:position]}{other}{query[position + 1 :]}"


def test_no_character_of_a_link_may_change(links):
    query = links.query(NAME, download_name="a b.pdf")
    for position in range(len(query)):
        assert isinstance(links.admit(NAME, changed(query, position)), Refused), position


@pytest.mark.parametrize(
    "bent",
    [
        "{query}&",
        "&{query}",
        "{query}&expires=99999999999",
        "expires=99999999999&{query}",
        "{query}&download=other.html",
        "download=other.html&{query}",
        "download=&{query}",
        "{query}%00",
        "{query}\n",
        "{query}=",
        "signature=&{query}",
        "expires=-1&signature=xxxxxxxxxxxxxxxxxxxxxx",
        "expires=1e9&signature=xxxxxxxxxxxxxxxxxxxxxx",
        "expires=٩٩٩٩٩٩٩٩٩٩&signature=xxxxxxxxxxxxxxxxxxxxxx",
        "expires=999999999999&signature=xxxxxxxxxxxxxxxxxxxxxx",
        "signature=" + "x" * 100_000,
    ],
)
def test_a_link_that_was_bent_is_refused(links, bent):
    refused = links.admit(NAME, bent.replace("{query}", links.query(NAME)))
    assert status(refused) is HTTPStatus.FORBIDDEN
    assert "damaged" in refused.explanation


@pytest.mark.parametrize(
    "name", ["2026/plan.3f2a91c0d4e8.pdf", "plan.3f2a91c0d4e7.pdf", NAME + "x", NAME.upper(), ""]
)
def test_a_link_is_for_one_file(links, name):
    assert status(links.admit(name, links.query(NAME))) is HTTPStatus.FORBIDDEN


def test_a_link_is_for_one_storage(links, clock):
    others = SignedLinks(Signer(["secret"], "media link /invoices/"), 3600, clock)
    assert status(others.admit(NAME, links.query(NAME))) is HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    "wanted", ["plan.pdf", "größe 1&2=3.pdf", "a+b%20c.pdf", 'x"\r\n.pdf', "+"]
)
def test_the_name_of_a_download_is_part_of_the_link(links, wanted):
    query = links.query(NAME, download_name=wanted)
    verdict = links.admit(NAME, query)
    assert isinstance(verdict, Admitted)
    assert verdict.download_name == wanted
    taken_off = query[query.index("expires=") :]
    assert status(links.admit(NAME, taken_off)) is HTTPStatus.FORBIDDEN


def test_a_clock_that_went_back_makes_no_link_worthless(links, clock):
    clock.now_s += 600
    query = links.query(NAME)
    clock.now_s -= 600
    assert rest_s(links.admit(NAME, query)) > 3600


@settings(deadline=None)
@given(name=st.text(), query=st.text() | st.from_regex(_QUERY))
def test_nobody_guesses_a_link(name, query):
    links = SignedLinks(Signer(["secret"], "media link /contracts/"), 3600)
    assert isinstance(links.admit(name, query), Refused)


@settings(deadline=None)
@given(name=st.text(), wanted=st.text(min_size=1), life_s=st.integers(1, 10**9))
def test_every_link_that_is_made_is_known_again(name, wanted, life_s):
    links = SignedLinks(Signer(["secret"], "media link /contracts/"), 3600)
    query = links.query(name, max_age_s=life_s, download_name=wanted)
    verdict = links.admit(name, query)
    assert isinstance(verdict, Admitted)
    assert verdict.download_name == wanted
