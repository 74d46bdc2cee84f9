"""All settings. One file; the environment decides what differs between machines.

Every variable that is read here is listed in README.md, "Settings".
"""

import os
from datetime import timedelta
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from studies import database


BASE_DIR = Path(__file__).resolve().parent.parent


def flag(name: str, default: bool = False) -> bool:
    """Whether an environment variable says yes: 1, true, yes or on, in any case."""
    value = os.environ.get(name, "")
    return value.strip().lower() in {"1", "true", "yes", "on"} if value.strip() else default


def words(name: str, default: str = "") -> list[str]:
    """The comma-separated words of an environment variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


DEBUG = flag("EVIDENCE_DEBUG")
# Without a key each start makes its own: enough for one machine trying the product, where a restart
# ends the sessions. Several processes on several machines need one key; `check --deploy` says so.
SECRET_KEY = os.environ.get("EVIDENCE_SECRET_KEY") or get_random_secret_key()
SECRET_KEY_IS_SET = bool(os.environ.get("EVIDENCE_SECRET_KEY"))
ALLOWED_HOSTS = words("EVIDENCE_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("EVIDENCE_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "evidence",
    "studies",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_filters",
    "django_htmx",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "studies.uploads.BodyLimit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "studies.second_factor.Required",
    # Last, so that its page replaces whatever a view made of a refused sign-in.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "evidence.urls"
WSGI_APPLICATION = "evidence.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "evidence.presenters.site_context",
            ],
        },
    }
]

DATABASES = {"default": database.from_environment(os.environ)}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False
# Figures keep the thousands separators that our own formatting gives them, on every page alike.
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# A fresh clone serves `static/` as it is. Where EVIDENCE_STATIC_ROOT is set, `collectstatic` puts compressed copies
# with hashed names there, and those are served with long cache times.
COLLECTED = os.environ.get("EVIDENCE_STATIC_ROOT", "")
STATIC_ROOT = Path(COLLECTED) if COLLECTED else None
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

CACHES = {
    # Entries are keyed by the data version, so a stale figure cannot be served; see README, decision 7.
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}}
}

# The queue: its tasks are in one module, and what is done is not looked for in every installed package.
PROCRASTINATE_IMPORT_PATHS = ["studies.tasks"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""

LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "studies.kept_form.csrf_failure"
AUTHENTICATION_BACKENDS = [
    "studies.sign_in.HoldUp",
    "django.contrib.auth.backends.ModelBackend",
]
# Five wrong passwords for one name from one address, then a pause; `studies.sign_in` holds the wider limits.
AXES_HANDLER = "studies.sign_in.SignInLimits"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address", "username"]
AXES_LOCKOUT_CALLABLE = "studies.sign_in.locked_out"
AXES_CLIENT_IP_CALLABLE = "studies.sign_in.client_address"
AXES_RESET_ON_SUCCESS = True
# What is tried during the pause does not lengthen it: the time that the page names stays true.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# Addresses are kept for the pause only: no record of who signed in from where.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
# Accounts that may change what readers see give a code of an authenticator app as well, where this is on.
SECOND_FACTOR = flag("EVIDENCE_SECOND_FACTOR")
# What the app shows beside the code. Not the site's name: phones are lent and looked at.
OTP_TOTP_ISSUER = "Evidence synthesis"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# The hash of the empty string is all that plotly needs to insert its (empty) style element.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", EMPTY_STYLE],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS = flag("EVIDENCE_HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = flag("EVIDENCE_BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# /healthz and /readyz answer a balancer's probe over plain HTTP.

# A selection is a few hundred characters; this leaves room and refuses floods.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

SITE_NAME = "Evidence on group-based child sexual exploitation"
EVIDENCE_BASE = BASE_DIR / "fixtures" / "evidence-base"
