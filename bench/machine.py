"""What numbers were measured on."""

import os
import platform
import time
from importlib import metadata
from pathlib import Path

PACKAGES = (
    "Django",
    "whitenoise",
    "servestatic",
    "django-manifeststaticfiles-enhanced",
    "brotli",
    "blake3",
)


def described() -> dict[str, str]:
    """The machine, its Python, the packages that matter, and today's date."""
    model = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cpu": f"{os.cpu_count()} x {model[0] if model else platform.machine()}",
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in PACKAGES},
    }
