"""As in a user's project."""

import os

from roots.serve.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.project.settings")
application = get_asgi_application()
