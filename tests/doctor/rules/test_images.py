"""Roots that get into container images, or uploads that stay in a container's own layer."""

import pytest

DOCKERFILE = """\
FROM python:3.13
WORKDIR /app
COPY . .
CMD ["python", "manage.py", "serve"]
"""
COMPOSE = """\
services:
  web:
    build: .
    ports: ["80:8000"]
"""


@pytest.fixture
def image(project):
    project.write({"Dockerfile": DOCKERFILE})
    return project


def test_a_root_that_is_copied_with_everything(image):
    image.write({".dockerignore": "/staticfiles/\n"})
    finding = image.only("root-not-dockerignored")
    assert "MEDIA_ROOT (media)" in finding["what"]
    assert finding["where"].endswith("/.dockerignore")
    assert finding["fix"].endswith("    media/")


@pytest.mark.parametrize(
    "rules",
    [
        "media\nstaticfiles",
        "/media/*\n**/staticfiles",
        "*\n!config\n!shop\n!manage.py",
        "media/**\nstat*",
    ],
)
def test_any_way_to_leave_a_root_out_will_do(image, rules):
    image.write({".dockerignore": rules})
    assert "root-not-dockerignored" not in image.slugs()


def test_what_is_taken_back_is_copied(image):
    image.write({".dockerignore": "media\nstaticfiles\n!media\n"})
    assert image.only("root-not-dockerignored")


def test_a_dockerfile_may_have_a_file_of_its_own(image):
    image.write({".dockerignore": "", "Dockerfile.dockerignore": "media\nstaticfiles\n"})
    assert "root-not-dockerignored" not in image.slugs()


@pytest.mark.parametrize("copy", ["COPY shop shop", "COPY staticfiles /srv/static"])
def test_what_is_not_copied_or_is_named_is_meant(image, copy):
    image.write({".dockerignore": "", "Dockerfile": DOCKERFILE.replace("COPY . .", copy)})
    assert "root-not-dockerignored" not in image.slugs()


def test_a_root_that_is_copied_from_an_earlier_stage(image):
    stages = "FROM python AS build\nWORKDIR /b\nCOPY . .\nFROM python\nCOPY --from=build /b /app\n"
    image.write({".dockerignore": "staticfiles", "Dockerfile": stages})
    assert image.only("root-not-dockerignored")


def test_the_context_is_what_compose_says(project):
    project.write(
        {
            "deploy/web/Dockerfile": DOCKERFILE,
            "compose.yml": "services:\n  web:\n    build:\n      context: .\n"
            "      dockerfile: deploy/web/Dockerfile\n    volumes: [media:/app/media]\n",
            ".dockerignore": "staticfiles",
        }
    )
    assert "deploy/web/Dockerfile copies" in project.only("root-not-dockerignored")["what"]


def test_uploads_in_the_layer_of_a_container(image):
    image.write({"compose.yml": COMPOSE})
    finding = image.only("media-in-container-layer")
    assert finding["severity"] == "warning"
    assert "In the service web, uploads are stored in /app/media" in finding["what"]
    assert finding["where"].endswith("compose.yml:2")
    assert "      - media:/app/media" in finding["fix"]


@pytest.mark.parametrize(
    "lines",
    [
        "    volumes:\n      - media:/app/media\n",
        "    volumes: ['./:/app']\n",
        "    volumes:\n      - type: volume\n        source: media\n        target: /app/media\n",
        "    volumes:\n    - ${DATA:-/srv}/media:/app/media:rw\n",
        "    environment:\n      - MEDIA_ROOT=/data/media\n    volumes: [data:/data]\n",
    ],
)
def test_anything_mounted_there_will_do(image, lines):
    image.write({"compose.yml": COMPOSE + lines})
    assert "media-in-container-layer" not in image.slugs()


def test_variables_of_the_dockerfile_are_known(image):
    lines = (
        "FROM python",
        "ARG UP=/srv",
        "ENV APP=$UP/web X='b c'",
        "WORKDIR ${APP}",
        "COPY . $APP",
    )
    image.write({"Dockerfile": "\n".join(lines), "compose.yml": COMPOSE})
    assert "stored in /srv/web/media," in image.only("media-in-container-layer")["what"]
    image.write({"compose.yml": COMPOSE + "    volumes: [media:/srv/web/media]\n"})
    assert "media-in-container-layer" not in image.slugs()


@pytest.mark.parametrize(
    ("dockerfile", "volumes"),
    [("FROM python\nWORKDIR $APP\nCOPY . .\n", "m:/x"), (DOCKERFILE, "m:${APP}/media")],
)
def test_variables_that_are_set_elsewhere_are_not(image, dockerfile, volumes):
    image.write({"Dockerfile": dockerfile, "compose.yml": f"{COMPOSE}    volumes: ['{volumes}']\n"})
    assert "media-in-container-layer" not in image.slugs()


def test_a_mount_next_to_it_will_not(image):
    image.write({"compose.yml": COMPOSE + "    volumes: [media:/app/media2]\n"})
    assert image.only("media-in-container-layer")


def test_another_file_may_add_the_mount(image):
    addition = "services:\n  web:\n    volumes: [media:/app/media]\n"
    image.write({"compose.yml": COMPOSE, "compose.prod.yml": addition})
    assert "media-in-container-layer" not in image.slugs()


def test_a_volume_of_the_image_will_do(image):
    image.write({"compose.yml": COMPOSE, "Dockerfile": DOCKERFILE + "VOLUME /app/media\n"})
    assert "media-in-container-layer" not in image.slugs()


def test_who_starts_the_container_may_be_unknown(image):
    assert image.only("media-in-container-layer")["severity"] == "info"


def test_a_worker_beside_a_service_that_mounts_it_need_not(image):
    more = "    volumes: [media:/app/media]\n  migrate:\n    build: .\n"
    image.write({"compose.yml": COMPOSE + more})
    assert "media-in-container-layer" not in image.slugs()


def test_compose_files_of_developers_are_no_production(image):
    image.write({"docker-compose.local.yml": COMPOSE})
    assert "media-in-container-layer" not in image.slugs()


def test_uploads_that_are_kept_elsewhere_need_no_volume(image):
    image.write({"compose.yml": COMPOSE, "shop/models.py": ""})
    assert "media-in-container-layer" not in image.slugs()


def test_a_compose_file_that_makes_no_sense_is_left_alone(image):
    image.write({"compose.yml": "services: {{ x }}\n  - ]\n"})
    assert not image.slugs() & {"media-in-container-layer", "rule-failed"}
