"""Django's settings, all of them made from `kit.config`."""

from datetime import timedelta
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from goodword.kit import config, ids, postgres

CONFIG = config.load()
DATA = CONFIG.data

SECRET_KEY = CONFIG.secret_key or ids.kept_secret(DATA)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", CONFIG.host, urlsplit(CONFIG.url).hostname or "localhost"]
ALLOWED_HOSTS += CONFIG.allowed_hosts
CSRF_TRUSTED_ORIGINS = [CONFIG.url]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "axes",
    "csp",
    "anymail",
    "procrastinate.contrib.django",
    "goodword.ui",
    "goodword.events",
    "goodword.mail",
    "goodword.staff",
    "goodword.customers",
    "goodword.coaching",
    "goodword.promises",
    "goodword.goodwill",
    "goodword.inbox",
    "goodword.complaints",
    "goodword.workflows",
    "goodword.desk",
    "goodword.portal",
    "goodword.api",
    "goodword.ops",
    # After our rooms, so that our templates are found first.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "goodword.ops.urls"
ASGI_APPLICATION = "goodword.ops.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "goodword.ui.templatetags.ui",
            ],
        },
    }
]

_pool = {"min_size": 1, "max_size": 16, "timeout": 20}
if CONFIG.database_url:
    DATABASES: dict[str, dict[str, Any]] = {"default": environ.Env.db_url_config(CONFIG.database_url)}
else:
    DATABASES = {
        "default": {"HOST": str(postgres.locate(DATA).socket), "NAME": postgres.NAME, "USER": postgres.NAME}
    }
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "CONN_MAX_AGE": 0,
    # After a restart of the database no page meets one of the pool's dead connections.
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {"pool": _pool, "connect_timeout": 10} | DATABASES["default"].get("OPTIONS", {}),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "staff.Agent"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "goodword.desk.accounts.StaffAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
# No mail to addresses that are nobody's here: strangers must not make the desk write to anybody.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}  # axes counts the failed log-ins
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
USE_I18N = len(LANGUAGES) > 1  # of one language nothing is looked up, which a page does hundreds of times
TIME_ZONE = CONFIG.time_zone
USE_TZ = True

# A language model is an offer and off unless its address is given (docs/settings.md).
MODEL_URL, MODEL_KEY, MODEL_NAME = CONFIG.model_url, CONFIG.model_key, CONFIG.model_name

STATIC_URL = "/static/"
STATIC_ROOT = files("goodword.ui") / "static"  # read in place; nothing is collected
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 31_536_000  # the address changes with the content
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "goodword.ui.staticfiles.VersionedStorage"},
}
# The largest bodies, held by `ops.asgi`: of a page, of a mail with what a form puts around it, and of a mail
# in JSON, where its files stand in base64 and perhaps twice.
PAGE_MAX_BYTES = 40 * 1024 * 1024
MAIL_CALL_MAX_BYTES = CONFIG.mail_max_bytes + 64 * 1024
HOOK_MAX_BYTES = CONFIG.mail_max_bytes * 3 + 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = max(PAGE_MAX_BYTES, MAIL_CALL_MAX_BYTES, HOOK_MAX_BYTES)

_https = CONFIG.url.startswith("https://")
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.trusted_proxies else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

if not CONFIG.email_url:
    EMAIL_BACKEND = "goodword.mail.backends.KeptMailBackend"
elif urlsplit(CONFIG.email_url).scheme == "anymail":
    _provider = urlsplit(CONFIG.email_url)
    EMAIL_BACKEND = f"anymail.backends.{_provider.hostname}.EmailBackend"
    ANYMAIL = {f"{_provider.hostname}_{key}".upper(): value for key, value in parse_qsl(_provider.query)}
else:
    vars().update(environ.Env.email_url_config(CONFIG.email_url))
EMAIL_TIMEOUT = 30

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": CONFIG.log_level.upper()},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        # Each try of the pool is a line; the sentence about the database follows by itself.
        "psycopg.pool": {"level": "ERROR"},
        "mail.log": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}
SILENCED_SYSTEM_CHECKS = ["axes.W004"]
