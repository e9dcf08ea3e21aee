"""Imports a site's libraries once, then forks a process for each generation of it.

Arguments: the path of the socket to listen on, the path to ask the site for, and the command that serves it. It ends
with its standard input. What it imports is never the project's own: that is read again in each process.

Libraries that need the settings of a Django project are imported by a second process, which is forked from the first and
has read the settings. It serves for as long as every file of the project that this took is what it was.
"""

import ctypes.util, gc, importlib, importlib.util, io, json, marshal, os, re, runpy, select, signal, socket, sys, threading

SOCKET, READY, COMMAND = sys.argv[1], sys.argv[2], sys.argv[3:]
ROOT = os.path.realpath(os.getcwd())
STANDARD_FILES = 3
# The length of a request before it.
LENGTH = 8
# The status where the site cannot be imported.
NOT_NOW = 3
LIBRARIES = [os.path.dirname(os.__file__)]
LIBRARIES += [os.path.realpath(path) for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
# Variables by which libraries find the project.
SETTINGS = "DJANGO_SETTINGS_MODULE"
OWN = [SETTINGS, "FLASK_APP"]
# What servers import by the time they serve, besides the application.
SERVERS = {
    "gunicorn": ["gunicorn.app.wsgiapp", "gunicorn.glogging", "gunicorn.workers.gthread"],
    "uvicorn": [
        "uvicorn.main",
        "uvicorn.lifespan.on",
        "uvicorn.logging",
        "uvicorn.loops.auto",
        "uvicorn.middleware.proxy_headers",
        "uvicorn.middleware.wsgi",
        "uvicorn.protocols.http.auto",
        "uvicorn.protocols.websockets.auto",
    ],
}
# Packages that start threads or open files when they are imported.
SKIPPED = set(filter(None, os.environ.pop("LUTHIER_FORK_SKIPS", "").split(",")))
# How long nothing happens before the second process is made, in seconds: until then a generation starts.
QUIET = 1.0
# Where libraries of the system are, by name: each look asks several programs, and Django's GIS, which is tried and not
# found by the API's documentation, looks for a dozen.
FOUND = {}
find_library = ctypes.util.find_library


def find_library_once(name):
    if name not in FOUND:
        FOUND[name] = find_library(name)
    return FOUND[name]


ctypes.util.find_library = find_library_once


def is_library(module):
    file = getattr(module, "__file__", None)
    if file is None:
        return False
    return is_in_library(os.path.realpath(file))


def is_in_library(path):
    return any(path.startswith(library + os.sep) for library in LIBRARIES)


def resources():
    """What a fork cannot take along: threads and open files."""
    try:
        return len(os.listdir("/proc/self/task")), set(os.listdir("/proc/self/fd"))
    except OSError:
        return threading.active_count(), set()


def installed():
    """Changes with every installation."""
    return [(path, os.stat(path).st_mtime_ns) for path in LIBRARIES if os.path.isdir(path)]


def application(words):
    """The application that a server is told to serve: `shop.wsgi`, `shop:create_app()`."""
    for word in reversed(words):
        found = re.fullmatch(r"([A-Za-z_][\w.]*)(?::([A-Za-z_]\w*)(\(\))?)?", word)
        if not found or not importlib.util.find_spec(found[1].split(".")[0]):
            continue
        path = os.path.join(ROOT, *found[1].split("."))
        if os.path.isfile(path + ".py") or os.path.isfile(os.path.join(path, "__init__.py")):
            return found[1], found[2] or "application", bool(found[3])
    raise LookupError("the command names no application, like `shop.wsgi`")


def import_server(words):
    names = (os.path.basename(word) for word in words if not word.startswith("-"))
    for name in next((SERVERS[name] for name in names if name in SERVERS), []):
        try:
            importlib.import_module(name)
        except Exception:
            # Some parts need more packages, and are not used without.
            pass


def learn(pipe):
    """Serves one request in a process of its own, and tells which libraries that took."""
    sys.path.insert(0, ROOT)
    try:
        module, name, is_factory = application(COMMAND)
        served = getattr(importlib.import_module(module), name)
        if is_factory:
            served = served()
        from wsgiref.util import setup_testing_defaults

        environ = {"PATH_INFO": READY, "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1"}
        setup_testing_defaults(environ)
        try:
            list(served(environ, lambda *_: io.BytesIO().write))
        except TypeError:
            # An ASGI application.
            pass
        import_server(COMMAND)
        answer = {"modules": [name for name, module in list(sys.modules.items()) if is_library(module)]}
        answer["settings"] = os.environ.get(SETTINGS)
        answer["found"] = FOUND
    except BaseException as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    os.write(pipe, json.dumps(answer).encode())
    os._exit(0)


def ask_child(function):
    """What `function` writes in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        function(writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer or b'{"error": "it ended without a word"}')


class Skipped(Exception):
    """A package starts threads or opens files when it is imported."""


def preload(names):
    """Imports what can be imported without the project."""
    threads, files = resources()
    for name in names:
        package = name.split(".")[0]
        if name in sys.modules or name == "__main__" or package in SKIPPED:
            continue
        try:
            importlib.import_module(name)
        except BaseException:
            # It needs settings, or more: the site imports it itself.
            continue
        more_threads, more_files = resources()
        if more_threads > threads or more_files - files:
            SKIPPED.add(package)
            if len(SKIPPED) > 20:
                raise RuntimeError("too many libraries start threads or open files when they are imported")
            raise Skipped(package)
