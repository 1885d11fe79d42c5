"""The example as an ASGI application: both roots are served in front of Django."""

import os

from roots.serve.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example.settings")
application = get_asgi_application()
