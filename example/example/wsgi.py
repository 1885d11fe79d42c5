"""The example as a WSGI application: both roots are served in front of Django."""

import os

from roots.serve.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example.settings")
application = get_wsgi_application()
