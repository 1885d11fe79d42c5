"""Which names a bundler made, where a hash may look like a word."""

import re

import pytest

from roots.static import bundled
from roots.static.bundled import HASHED_NAMES
from tests.static.project import collect

DEFAULT = re.compile("|".join(HASHED_NAMES))
VITES = {"assets/app-BxY12_9z.js", "assets/part-Dploptqj.js", "assets/logo-zk8ow0br.svg"}


def test_names_that_stand_with_sure_ones_are_known():
    assert bundled.among(VITES, DEFAULT) == VITES


@pytest.mark.parametrize("other", ["assets/plain.js", "assets/favicon.ico"])
def test_where_other_files_stand_too_only_sure_ones_are(other):
    assert bundled.among([*VITES, other], DEFAULT) == {"assets/app-BxY12_9z.js"}


def test_without_a_sure_one_none_is_known():
    assert bundled.among(["js/my-Calendar.js", "js/my-Datagrid.js"], DEFAULT) == frozenset()


def test_other_directories_are_no_neighbours():
    names = ["assets/app-BxY12_9z.js", "assets/deep/my-Calendar.js", "my-Calendar.js"]
    assert bundled.among(names, DEFAULT) == {"assets/app-BxY12_9z.js"}


def test_a_directory_can_be_declared(project, settings):
    settings.ROOTS = {"HASHED_NAMES": ["^assets/"]}
    project.write({"assets/part-Dploptqj.js": "1", "assets/plain.js": "2", "js/plain.js": "3"})
    collect()
    paths = project.manifest().paths
    assert {name for name in paths if paths[name] == name} == {
        "assets/part-Dploptqj.js",
        "assets/plain.js",
    }
