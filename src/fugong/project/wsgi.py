"""The WSGI application that Granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from fugong.base.logs import quiet_hooks
from fugong.core.time import running as _running  # noqa: F401 - compiled code is loaded before the first request comes
from fugong.project import collector
from fugong.project.shortly import Shortly

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fugong.project.settings")
quiet_hooks()
application = Shortly(get_wsgi_application())
collector.settle()
