

# Libraries that need the settings: a second process, and how long it may be used.


class Used:
    """The files of the project that were read since this was made, and whether they are what they were."""

    def __init__(self):
        self.paths, self.is_open = set(), True
        sys.addaudithook(self.note)

    def note(self, event, arguments):
        if self.is_open and event == "open" and isinstance(arguments[0], (str, os.PathLike)):
            if not set("wax+") & set(arguments[1] or "r"):
                self.paths.add(os.fspath(arguments[0]))

    def close(self):
        self.is_open = False
        modules = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
        paths = {os.path.realpath(path) for path in {*self.paths, *filter(None, modules)} if isinstance(path, str)}
        is_own = lambda path: path.startswith(ROOT + os.sep) and not is_in_library(path)
        self.paths = {path for path in filter(is_own, paths) if "__pycache__" not in path}
        self.state = self.look()

    def look(self):
        """The files, and the names beside them: one that was looked for in vain may have come."""
        folders = {os.path.dirname(path) for path in self.paths} | {ROOT}
        return [names_in(folder) for folder in sorted(folders)], [version(path) for path in sorted(self.paths)]

    def is_unchanged(self):
        return self.look() == self.state


def names_in(folder):
    try:
        return sorted(filter(is_read, os.listdir(folder)))
    except OSError:
        return None


def version(path):
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def is_read(name):
    return name.endswith(".py") or name.startswith(".env")


class Second:
    """The process that has read the settings, where there is one."""

    def __init__(self, learnt):
        self.learnt, self.channel, self.is_ready = learnt, None, False
        # It is made once more after a generation that it could not serve.
        self.is_due, self.failures = bool(learnt["settings"]), 0

    def make(self):
        """Forks it. Returns the channel that it is to serve in it, and nothing in the first process."""
        ours, its = socket.socketpair()
        self.is_due = False
        if os.fork() == 0:
            ours.close()
            return its
        its.close()
        self.channel = ours
        return None

    def hear(self):
        """It says when it is ready, or which package it is to do without; nothing when it ends."""
        try:
            says = self.channel.recv(1000)
        except OSError:
            says = b""
        self.is_ready = says == b"R"
        if self.is_ready:
            self.failures = 0
            print("SETTINGS", flush=True)
            return
        if says:
            SKIPPED.add(says.decode())
            self.is_due = len(SKIPPED) < 20
        else:
            self.failures += 1
        self.drop()

    def drop(self):
        self.channel.close()
        self.channel, self.is_ready = None, False

    def takes(self, connection):
        """Whether it takes the connection: not where its files have changed."""
        if self.is_ready:
            try:
                socket.send_fds(self.channel, [b"C"], [connection.fileno()])
                if self.channel.recv(1) == b"Y":
                    return True
            except OSError:
                pass
            self.drop()
        self.is_due = bool(self.learnt["settings"]) and self.channel is None and self.failures < 3
        return False


def read_settings(learnt):
    """Reads the settings, and imports what needs them. Returns the files that this took, and the variables it set."""
    before = dict(os.environ)
    used = Used()
    sys.path.insert(0, ROOT)
    os.environ[SETTINGS] = learnt["settings"]
    importlib.import_module("django.conf").settings.DEBUG
    preload(learnt["modules"])
    sys.path.remove(ROOT)
    used.close()
    if not used.is_unchanged():
        raise RuntimeError("files changed meanwhile")
    variables = {name: value for name, value in os.environ.items() if before.get(name) != value}
    gc.collect()
    gc.freeze()
    return used, variables
