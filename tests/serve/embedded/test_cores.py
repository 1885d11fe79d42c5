import pytest

from roots.serve.embedded.cores import usable_cores


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine of eight cores; call it with quotas by control group."""
    monkeypatch.setattr("os.process_cpu_count", lambda: 8, raising=False)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)))

    def cores(quotas: dict[str, str], own: str = "0::/\n") -> int:
        for group, quota in quotas.items():
            (tmp_path / "cgroup" / group).mkdir(parents=True, exist_ok=True)
            (tmp_path / "cgroup" / group / "cpu.max").write_text(quota)
        (tmp_path / "own").write_text(own)
        return usable_cores(tmp_path / "cgroup", tmp_path / "own")

    return cores


@pytest.mark.parametrize(
    ("quota", "cores"),
    [
        ("max 100000\n", 8),
        ("200000 100000\n", 2),
        ("150000 100000\n", 2),
        ("10000 100000\n", 1),
        ("6400000 100000\n", 8),
        ("no numbers at all\n", 8),
    ],
)
def test_a_container_s_quota_counts_and_is_rounded_up(machine, quota, cores):
    assert machine({"": quota}) == cores


def test_the_smallest_quota_on_the_way_up_counts(machine):
    quotas = {"system.slice": "300000 100000", "system.slice/shop.service": "max 100000"}
    assert machine(quotas, "1:cpu:/old\n0::/system.slice/shop.service\n") == 3


def test_a_system_without_control_groups_has_its_cores(machine):
    assert machine({}) == 8


def test_this_machine_has_at_least_one():
    assert usable_cores() >= 1
