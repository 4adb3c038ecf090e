"""Settings of Transfer Window: production unless ENVIRONMENT says "development".

Everything environmental is an `env()` call. Any variable may be given as NAME_FILE, the
path of a file holding the value (Docker and systemd secrets). `.env` beside manage.py
is read if present; real variables win over it. `.env.example` lists them all.
"""

import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.addresses import broker_url, cache_url
from config.mail_providers import key_setting
from config.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")
# What the running site writes: static files, the schedule, in development the servers.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))


def required(name: str, purpose: str) -> str:
    """The variable's value, or a refusal to start that says in one sentence what to
    set.
    """
    value: str = env.str(name, default="").strip()  # a secret file ends in a newline
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set: {purpose}, or run a development copy with `make run`."
        )
    return value


# -- What kind of process this is ------------------------------------------------------

ENVIRONMENT: str = env.str("ENVIRONMENT", default="production")
if ENVIRONMENT not in {"production", "development"}:
    raise ImproperlyConfigured(
        f"ENVIRONMENT is {ENVIRONMENT!r}: use 'production' (default) or 'development'."
    )
DEVELOPMENT = ENVIRONMENT == "development"
DEBUG: bool = env.bool("DEBUG", default=False)
if DEBUG and not DEVELOPMENT:
    raise ImproperlyConfigured(
        "DEBUG is on in production and would show the source to strangers: "
        "unset it, or set ENVIRONMENT=development on a developer's machine."
    )

SECRET_KEY = required("SECRET_KEY", "give a random text of at least 50 characters")
# Old keys still verify signatures and sessions while a new one is rolled out.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=LOCAL_HOSTS if DEVELOPMENT else []
)
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is not set: list the host names the site answers to, "
        "separated by commas."
    )
# Absolute links (mail, feeds, sitemap) are built on this, never on a request's Host.
PORT: int = env.int("PORT", default=8000)
SITE_URL: str = env.str(
    "SITE_URL",
    default=f"http://localhost:{PORT}"
    if DEVELOPMENT
    else f"https://{ALLOWED_HOSTS[0].lstrip('.*')}",
).rstrip("/")
# Not at /admin/: most scanners only try that.
ADMIN_PATH: str = env.str("ADMIN_PATH", default="desk/").strip("/") + "/"

# -- Applications and the way of a request ---------------------------------------------

INSTALLED_APPS = [
    "talent.dashboard",
    "talent.digests",
    "talent.intake",
    "talent.opendata",
    "talent.insights",
    "talent.registry",
    "talent.accounts",
    "talent.common",
    "talent.accounts.apps.CuratorAdminConfig",  # django.contrib.admin, second factor
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "csp",
    "pgtrigger",
    "pghistory",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "config.apps.OperationConfig",
]

MIDDLEWARE = [
    "config.middleware.reference",
    "config.middleware.client_address",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.permissions_policy",
    # Before WhiteNoise, so that static files carry the policy too.
    "csp.middleware.CSPMiddleware",
    "config.middleware.address_length",
    "config.busy.database_errors",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Compresses HTML too. BREACH needs a secret beside attacker-chosen text in one
    # body: public pages hold none, the admin's CSRF tokens are masked anew for every
    # response, and Django pads each compressed body by a random length.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.languages.language_of_the_address",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    # Last, as its documentation asks: it turns a locked-out login into the 429 page.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        # template_partials wraps these loaders at start: leave "loaders" unset.
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["template_partials.templatetags.partials"],
            # auth and messages are what the admin asks for; both are lazy, so a public
            # page that names neither sets no cookie and varies on none.
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# -- Database --------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url_config(
        required("DATABASE_URL", "give postgres://user:password@host/name")
    )
}
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured(
        "DATABASE_URL is not a PostgreSQL address: give postgres://user:password@host/name."
    )
# Never replace OPTIONS: the ?host= of a socket address lives there.
database_options: dict[str, Any] = DATABASES["default"].setdefault("OPTIONS", {})
# Said by config/wsgi.py: a page that asks too much is cut off, a long command is not.
WEB_PROCESS: bool = env.bool("WEB_PROCESS", default=False)
session_options = [
    database_options.get("options", ""),
    # No trigger is ignored. Left unsaid, each row finds that out by an exception.
    "-c pgtrigger.ignore={}",
]
if WEB_PROCESS:
    limit: str = env.str("DATABASE_STATEMENT_TIMEOUT", default="10s")
    session_options.append(f"-c statement_timeout={limit}")
database_options["options"] = " ".join(session_options).strip()
# Connections per process. Commands (0) keep one and start no pool's threads.
if pool_size := env.int("DATABASE_POOL", default=8 if WEB_PROCESS else 0):
    database_options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 5}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
# A restarted PostgreSQL costs one reconnection and no error page.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
database_options.setdefault("connect_timeout", 5)

# Who changed what is evidence: rows of history are never updated or deleted.
PGHISTORY_APPEND_ONLY = True
# A million rows of history would carry three indexes each that no query reads.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
# On GET too (its default), the middleware would read the session for every public page,
# which then varies on Cookie and fits no shared cache.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# -- Redis: cache and broker -----------------------------------------------------------
# It may be lost at any moment: the truth is in PostgreSQL.

REDIS_URL = required("REDIS_URL", "give redis://host:6379/0")
CACHES = {
    "default": {
        "BACKEND": "config.cache.ForgivingRedisCache",
        "LOCATION": env.str("CACHE_URL", default=cache_url(REDIS_URL)),
        "KEY_PREFIX": "tw",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1},
    },
    # Finished pages, in each process: see talent/dashboard/caching.py.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}
# Not in the cache: losing Redis must not log editors out.
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = broker_url(REDIS_URL)
if CELERY_BROKER_URL.startswith("rediss:"):
    CELERY_BROKER_USE_SSL = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
# A task unacknowledged for this long is handed to another worker: longer than any usual one, and
# a task that runs twice at once does no harm (each holds a lock, or its rows).
# The rest is for a page that sends a task while Redis is away: it gives up in a tenth
# of a second instead of six. (A worker's own patience is set below.)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    "socket_connect_timeout": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlasts any absence of Redis
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TRACK_STARTED = True
CELERY_TASK_PUBLISH_RETRY = False  # what is due is found again by a query
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# -- Signing in ------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{PASSWORD_VALIDATION}.UserAttributeSimilarityValidator"},
    {
        "NAME": f"{PASSWORD_VALIDATION}.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": f"{PASSWORD_VALIDATION}.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "admin:login"
SESSION_COOKIE_AGE = 12 * 60 * 60  # one working day

# Counted in PostgreSQL: attempts survive a lost Redis, and without the database nobody
# can sign in anyway, so the throttle fails closed.
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
# The pair, so that a stranger's guesses do not lock the owner out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_CLIENT_IP_CALLABLE = "config.middleware.address_of"
AXES_DISABLE_ACCESS_LOG = True  # keep no addresses of successful sign-ins
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "otp_token"]

OTP_TOTP_ISSUER = "Transfer Window"

# -- What browsers are told ------------------------------------------------------------

# Proxies in front of the site, counted from it outwards; their number of entries at the
# end of X-Forwarded-For is believed and nothing before them. 0: the header is ignored.
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", default=0)
# Only for a proxy that always sets or removes this header itself.
if env.bool("TRUST_X_FORWARDED_PROTO", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

HTTPS = not DEVELOPMENT
SECURE_SSL_REDIRECT = HTTPS
# Probes speak plain HTTP from inside the network.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# __Host-: browsers refuse the cookie unless it is Secure, for / and for this host only.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "upgrade-insecure-requests": HTTPS,
    }
}

# The largest form is a pasted article; sheets are files, which talent/intake/imports bounds.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Longer addresses are refused with 414 before anything parses them.
MAX_URL_LENGTH = 4096

# -- Languages and time ----------------------------------------------------------------

LANGUAGE_CODE = "en"
# One more for each complete translation: half of one would mix two languages on a page.
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# -- Static files ----------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT: str = env.str("STATIC_ROOT", default=str(VAR_DIR / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site is served our files
# The numbers of pages of figures, for the outlets of data, which know no page.
OPEN_FIGURES = "talent.dashboard.open_figures.FIGURES"
# Frozen data sets. Every web process and worker must see the same directory.
DATA_SETS_DIR: str = env.str("DATA_SETS_DIR", default=str(VAR_DIR / "data-sets"))

# -- Mail and log ----------------------------------------------------------------------

EMAIL_CONFIG: dict[str, Any] = env.email_url("EMAIL_URL", default="smtp://localhost:25")
vars().update(EMAIL_CONFIG)
if DEVELOPMENT and not env.str("EMAIL_URL", default=""):
    # Read at /mailbox/; nothing leaves the machine.
    EMAIL_BACKEND = "config.mailbox.Backend"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL: str = env.str(
    "DEFAULT_FROM_EMAIL", default="Transfer Window <noreply@localhost>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Addresses that left are remembered by a digest under this key, and the secrets of webhooks are
# made with it. It stays the same when SECRET_KEY changes, or they are forgotten and break.
DIGEST_KEY: str = env.str("DIGEST_KEY", default=SECRET_KEY)
DIGEST_FROM: str = env.str("DIGEST_FROM", default=DEFAULT_FROM_EMAIL)
# Where refused mail comes back to, as name+token@host. Empty: to DIGEST_FROM.
DIGEST_BOUNCES_TO: str = env.str("DIGEST_BOUNCES_TO", default="")
# A provider whose webhooks report bounces and complaints, by its name in django-anymail.
MAIL_PROVIDER: str = env.str("MAIL_PROVIDER", default="")
if MAIL_PROVIDER:
    INSTALLED_APPS.append("anymail")
    signing_key: str = env.str("MAIL_WEBHOOK_SIGNING_KEY", default="").strip()
    ANYMAIL = {
        **key_setting(MAIL_PROVIDER, signing_key),
        "WEBHOOK_SECRET": required(
            "MAIL_WEBHOOK_SECRET",
            "give user:password, which the provider's webhook address holds",
        ),
    }
# The sender's postal address, which many countries want in every mail.
DIGEST_POSTAL_ADDRESS: str = env.str("DIGEST_POSTAL_ADDRESS", default="")

LOG_LEVEL: str = env.str("LOG_LEVEL", default="INFO").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"reference": {"()": "config.logs.ReferenceFilter"}},
    "formatters": {"plain": {"()": "config.logs.DiscreetFormatter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["reference"],
        }
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Without this, Django's defaults would mail errors and print them twice.
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.server": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # Its warnings are the failed sign-ins; its chatter is not for the log.
        "axes": {"level": "WARNING"},
        # A missing page is the visitor's news, not ours.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # A sweep every half minute that finds nothing is no news.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
