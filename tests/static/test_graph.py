from hypothesis import given
from hypothesis import strategies as st

from roots.static.graph import groups

names = st.sampled_from("abcdefgh")
graphs = st.dictionaries(names, st.sets(names)).map(
    lambda edges: {name: edges.get(name, set()) for name in "abcdefgh"}
)


def test_what_is_referred_to_comes_first():
    assert groups({"a": ["b"], "b": ["c"], "c": []}) == [("c",), ("b",), ("a",)]


def test_a_circle_is_one_group_and_so_is_a_file_that_refers_to_itself():
    edges = {"a": ["b"], "b": ["c"], "c": ["b"], "d": ["d"]}
    assert groups(edges) == [("b", "c"), ("a",), ("d",)]


def test_depth_is_no_limit():
    depth = 10_000
    chain = {f"{n:05}": [f"{n + 1:05}"] if n < depth else [] for n in range(depth + 1)}
    assert len(groups(chain)) == depth + 1


@given(graphs, st.randoms())
def test_the_order_of_the_mapping_does_not_matter(edges, random):
    shuffled = list(edges)
    random.shuffle(shuffled)
    assert groups({name: list(edges[name]) for name in shuffled}) == groups(edges)


@given(graphs)
def test_every_file_comes_after_those_it_refers_to_unless_they_refer_back(edges):
    reachable = {name: _reachable(name, edges) for name in edges}
    found = groups(edges)
    assert sorted(name for group in found for name in group) == sorted(edges)
    position = {name: index for index, group in enumerate(found) for name in group}
    for name, targets in edges.items():
        for target in targets:
            is_circle = name in reachable[target]
            assert (
                (position[target] == position[name])
                if is_circle
                else (position[target] < position[name])
            )


def _reachable(name, edges):
    seen, todo = set(), [name]
    while todo:
        for target in edges[todo.pop()]:
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen
