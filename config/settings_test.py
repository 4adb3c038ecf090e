"""Settings of the test run: the real ones, with what costs time or needs a build off.

tests/plugin.py names the servers beforehand; the values here serve tools that only need
the settings to load (mypy's Django plugin).
"""

import os

os.environ["ENVIRONMENT"] = "development"
os.environ["DEBUG"] = "off"
os.environ["SECRET_KEY"] = "only for tests, where no signature is worth forging " * 2
os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1,[::1]"
os.environ.setdefault("DATABASE_URL", "postgres://postgres@/transfer_window")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1/0")

from config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The live server finds files in the sources, which have no hashed names.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # or it warns of a static root nobody has built
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LOG_LEVEL = "WARNING"
