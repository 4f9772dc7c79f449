"""Signing in: passwords, the second step, one-time codes, sessions, and what follows repeated failures.

Built on django-allauth, of which only what is routed in ``base.signin.urls`` can be reached: nobody signs up, nothing is
mailed. Everything here runs inside the request's one transaction (``base.access.acting``): a refused sign-in is an
ordinary answer, so that its transaction is committed and the failure counts.
"""
