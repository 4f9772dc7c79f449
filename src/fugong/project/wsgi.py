"""The WSGI application that Granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from fugong.base.logs import quiet_hooks
from fugong.project.shortly import Shortly

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fugong.project.settings")
quiet_hooks()
application = Shortly(get_wsgi_application())
# What has been loaded stays: it need not be looked through for rubbish while requests are answered; nor need each of them be
# looked through several times, when little of what it makes refers to itself.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
