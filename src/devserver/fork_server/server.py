"""Imports a site's libraries once, then forks a process for each generation of it.

Arguments: the path of the socket to listen on, the path to ask the site for, and the command that serves it. It ends
with its standard input. What it imports is never the project's own: that is read anew in each process.
"""

import gc, importlib, importlib.util, io, json, os, re, runpy, select, signal, socket, sys, threading

SOCKET, READY, COMMAND = sys.argv[1], sys.argv[2], sys.argv[3:]
ROOT = os.getcwd()
STANDARD_FILES = 3
LIBRARIES = [os.path.dirname(os.__file__)]
LIBRARIES += [os.path.realpath(path) for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
# Variables by which libraries find the project.
OWN = ["DJANGO_SETTINGS_MODULE", "FLASK_APP"]


def is_library(module):
    file = getattr(module, "__file__", None)
    if file is None:
        return False
    file = os.path.realpath(file)
    return any(file.startswith(path + os.sep) for path in LIBRARIES)


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
        answer = {"modules": [name for name, module in list(sys.modules.items()) if is_library(module)]}
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


def preload(names):
    """Imports what can be imported without the project; what opens files or starts threads is left out next time."""
    skipped = set(filter(None, os.environ.pop("LUTHIER_FORK_SKIPS", "").split(",")))
    threads, files = resources()
    for name in names:
        package = name.split(".")[0]
        if name in sys.modules or name == "__main__" or package in skipped:
            continue
        try:
            importlib.import_module(name)
        except BaseException:
            # It needs settings, or more: the site imports it itself.
            continue
        more_threads, more_files = resources()
        if more_threads > threads or more_files - files:
            skipped.add(package)
            if len(skipped) > 20:
                raise RuntimeError("too many libraries start threads or open files when they are imported")
            os.environ["LUTHIER_FORK_SKIPS"] = ",".join(skipped)
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def receive(connection):
    """What a generation is to be: its words, its variables, and its files."""
    data, files, _, _ = socket.recv_fds(connection, 1 << 20, 8)
    while not data.endswith(b"\n"):
        more = connection.recv(1 << 20)
        if not more:
            raise ConnectionError("the request is cut off")
        data += more
    return json.loads(data), files


def become(request, files, connection):
    """Makes this process the one that was asked for."""
    os.setpgid(0, request["group"])
    for number, file in enumerate(files):
        os.dup2(file, number)
    for file in set(files) | {connection.fileno()}:
        if file >= len(files):
            os.close(file)
    os.environ.clear()
    os.environ.update(request["environment"])
    if len(files) > STANDARD_FILES:
        os.environ["LISTEN_PID"] = str(os.getpid())
    os.chdir(request["folder"])
    importlib.invalidate_caches()
    sys.argv = request["words"]
    if os.path.basename(sys.argv[0]).startswith("python"):
        del sys.argv[0]


def reap(children):
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        connection = children.pop(pid, None)
        if connection is not None:
            try:
                connection.send(b"%d\n" % os.waitstatus_to_exitcode(status))
            except OSError:
                # Nobody waits for it any more.
                pass
            connection.close()


def serve(listener, before):
    """Forks for whoever asks. Returns in the process that is to serve the site."""
    children = {}
    woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready, _, _ = select.select([listener, woken, 0], [], [])
        if woken in ready:
            os.read(woken, 1024)
            reap(children)
        if 0 in ready and not os.read(0, 1024):
            sys.exit()
        if listener not in ready:
            continue
        connection, _ = listener.accept()
        connection.setblocking(True)
        try:
            request, files = receive(connection)
        except (OSError, ValueError):
            connection.close()
            continue
        if installed() != before:
            connection.send(b"packages were installed\n")
            sys.exit()
        child = os.fork()
        if child == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for other in [listener, *children.values()]:
                other.close()
            os.close(woken)
            os.close(wake)
            connection.send(b"%d\n" % os.getpid())
            become(request, files, connection)
            return
        for file in files:
            os.close(file)
        children[child] = connection


def start():
    before = installed()
    sys.path[:] = [path for path in sys.path if path and os.path.realpath(path) != os.path.realpath(ROOT)]
    learnt = ask_child(learn)
    if "error" in learnt:
        print(learnt["error"], file=sys.stderr)
        sys.exit(1)
    for name in OWN:
        os.environ.pop(name, None)
    preload(learnt["modules"])
    gc.collect()
    gc.freeze()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(SOCKET)
    listener.listen(16)
    listener.setblocking(False)
    print(f"READY {len(sys.modules)}", flush=True)
    serve(listener, before)


def run():
    """Runs what the words are: a module, or a script."""
    if sys.argv[0] == "-m":
        del sys.argv[0]
        sys.path.insert(0, ROOT)
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        sys.path.insert(0, os.path.dirname(os.path.realpath(sys.argv[0])))
        runpy.run_path(sys.argv[0], run_name="__main__")


start()
# Only the process that is to serve the site comes here.
run()
