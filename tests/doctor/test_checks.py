"""The doctor's rules that take no time, as Django's checks."""


def test_a_check_says_where(project):
    project.settings('MEDIA_ROOT = "media"')
    result = project.manage("check")
    assert result.code == 0
    assert "config/settings.py:20: (roots.W019) MEDIA_ROOT is 'media'" in result.err
    assert 'MEDIA_ROOT = BASE_DIR / "media"' in result.err


def test_what_matters_in_production_is_for_deploy(project):
    project.settings("STATIC_ROOT = None")
    assert "roots.E010" not in project.manage("check").err
    result = project.manage("check", "--deploy")
    assert result.code == 1
    assert "roots.E010" in result.err


def test_a_mistake_among_the_sources_stops_collectstatic(project):
    project.settings('STATICFILES_DIRS = [BASE_DIR]\nMEDIA_ROOT = "/srv/shop/media"')
    result = project.manage("collectstatic", "--no-input")
    assert result.code == 1
    assert "roots.E003" in result.err
    assert not (project.directory / "staticfiles").exists()


def test_a_project_in_order_passes(project):
    for arguments in (("check",), ("check", "--deploy", "--fail-level", "ERROR")):
        result = project.manage(*arguments)
        assert result.code == 0
        assert "roots." not in result.err
