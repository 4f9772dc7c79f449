"""The WSGI application that Granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from fugong.base.logs import quiet_hooks
from fugong.project.shortly import Shortly

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fugong.project.settings")
quiet_hooks()
application = Shortly(get_wsgi_application())
# What has been loaded stays: it need not be looked through for rubbish while requests are answered.
gc.collect()
gc.freeze()
