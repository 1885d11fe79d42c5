"""How many cores this process may really use, in a container too."""

import math
import os
from collections.abc import Iterator
from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")
_OWN_GROUP = Path("/proc/self/cgroup")


def usable_cores(cgroups: Path = _CGROUPS, own_group: Path = _OWN_GROUP) -> int:
    """Cores to start workers for, at least 1.

    What the scheduler allows (affinity; PYTHON_CPU_COUNT from Python 3.13 on), or a container's or
    a service's CPU quota where that is less, rounded up. The quota is that of cgroup version 2.
    """
    quotas = [math.ceil(quota) for quota in _quotas(cgroups, own_group)]
    return max(1, min([_allowed(), *quotas]))


def _allowed() -> int:
    if count := getattr(os, "process_cpu_count", None):
        return count() or 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _quotas(cgroups: Path, own_group: Path) -> Iterator[float]:
    """CPU quotas, in cores, of this process's control group and of those around it."""
    for group in _groups(cgroups, own_group):
        try:
            quota, period = (group / "cpu.max").read_text().split()
        except (OSError, ValueError):  # none here, or another system
            continue
        if quota != "max":
            yield int(quota) / int(period)


def _groups(cgroups: Path, own_group: Path) -> Iterator[Path]:
    try:
        lines = own_group.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        if line.startswith("0::/"):
            group = cgroups / line[4:]
            yield from (group, *(each for each in group.parents if each.is_relative_to(cgroups)))
