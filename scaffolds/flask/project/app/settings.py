"""Settings, from the environment and, where that is silent, from `.env`."""

import os
from pathlib import Path

from dotenv import dotenv_values

BASE_DIR = Path(__file__).resolve().parent.parent
MAX_BODY = 2 * 1024 * 1024

# SQLAlchemy wants to know the driver, too.
DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
}


class SettingError(Exception):
    """A variable that is missing, or that means nothing."""


def environment():
    """The variables of this process, and those of `.env` that it does not have."""
    return {**dotenv_values(BASE_DIR / ".env"), **os.environ}


def load(variables):
    """The configuration of the site. What has to be set in production has no default there."""
    debug = boolean(variables, "DEBUG")
    secret_key = value(variables, "SECRET_KEY") or ("for-development-only" if debug else "")
    if not secret_key:
        raise SettingError("SECRET_KEY is not set, and needed unless DEBUG is true")
    hosts = words(variables, "ALLOWED_HOSTS")
    return {
        "DEBUG": debug,
        "SECRET_KEY": secret_key,
        "TRUSTED_HOSTS": None if debug or "*" in hosts else hosts,
        "CORS_ORIGINS": words(variables, "CORS_ORIGINS"),
        "SQLALCHEMY_DATABASE_URI": database(value(variables, "DATABASE_URL")),
        "MAX_CONTENT_LENGTH": MAX_BODY,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": not debug,
    }


def value(variables, name):
    """A variable; NAME_FILE names a file with its value: secrets come in files."""
    path = variables.get(f"{name}_FILE")
    try:
        return Path(path).read_text().strip() if path else (variables.get(name) or "").strip()
    except OSError as error:
        raise SettingError(f"{name}_FILE cannot be read: {error}") from None


def boolean(variables, name):
    match value(variables, name).lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "" | "0" | "false" | "no" | "off":
            return False
        case other:
            raise SettingError(f"{name} is `{other}`, which is neither true nor false")


def words(variables, name):
    found = (word.strip() for word in value(variables, name).split(","))
    return [word for word in found if word]


def database(url):
    """The database's address; a relative path of SQLite starts where the project is."""
    if not url:
        return f"sqlite:///{BASE_DIR / 'db.sqlite3'}"
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise SettingError("DATABASE_URL is not an address, like sqlite:///db.sqlite3")
    if scheme == "sqlite" and rest.startswith("/") and rest[1:2] not in ("", "/", ":"):
        return f"sqlite:///{BASE_DIR / rest[1:]}"
    return f"{DRIVERS.get(scheme, scheme)}://{rest}"
