

# The processes that are forked, and who asks for them.


def receive(connection):
    """What a generation is to be: its words, its variables, and its files."""
    data, files, _, _ = socket.recv_fds(connection, 1 << 20, 8)
    while len(data) < LENGTH or len(data) < LENGTH + int.from_bytes(data[:LENGTH], "big"):
        more = connection.recv(1 << 20)
        if not more:
            raise ConnectionError("the request is cut off")
        data += more
    return marshal.loads(data[LENGTH:]), files


def become(request, files, connection):
    """Makes this process the one that was asked for."""
    os.setpgid(0, request["group"])
    for number, file in enumerate(files):
        os.dup2(file, number)
    for file in set(files) | {connection.fileno()}:
        if file >= len(files):
            os.close(file)
    os.environ.clear()
    os.environb.update(request["environment"])
    if len(files) > STANDARD_FILES:
        os.environ["LISTEN_PID"] = str(os.getpid())
    os.chdir(request["folder"])
    importlib.invalidate_caches()
    sys.argv = request["words"]
    if os.path.basename(sys.argv[0]).startswith("python"):
        del sys.argv[0]


class Children:
    """The generations that were forked by this process, each with the connection of who waits for its end."""

    def __init__(self):
        self.connections = {}
        self.woken, self.wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def reap(self):
        try:
            os.read(self.woken, 1024)
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                self.tell(self.connections.pop(pid, None), status)
        except (BlockingIOError, ChildProcessError):
            return

    def tell(self, connection, status):
        if connection is None:
            return
        try:
            connection.send(b"%d\n" % os.waitstatus_to_exitcode(status))
        except OSError:
            # Nobody waits for it any more.
            pass
        connection.close()

    def forget(self):
        """What a process that is forked does not share with this one."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for connection in self.connections.values():
            connection.close()
        os.close(self.woken)
        os.close(self.wake)

    def fork(self, connection, others, variables):
        """Forks what is asked for. Returns whether this is the new process."""
        connection.setblocking(True)
        try:
            request, files = receive(connection)
        except (OSError, ValueError, EOFError, TypeError):
            connection.close()
            return False
        child = os.fork()
        if child == 0:
            self.forget()
            for other in others:
                other.close()
            connection.send(b"%d\n" % os.getpid())
            become(request, files, connection)
            for name, value in variables.items():
                os.environ.setdefault(name, value)
            return True
        for file in files:
            os.close(file)
        self.connections[child] = connection
        return False


def serve(listener, before, second):
    """Forks for whoever asks. Returns in a process that is to serve the site."""
    children = Children()
    while True:
        waits_for = [listener, children.woken, 0] + ([second.channel] if second.channel else [])
        ready, _, _ = select.select(waits_for, [], [], QUIET if second.is_due else None)
        if not ready:
            channel = second.make()
            if channel is not None:
                children.forget()
                listener.close()
                return serve_second(channel, second.learnt)
        if second.channel in ready:
            second.hear()
        if children.woken in ready:
            children.reap()
        if 0 in ready and not os.read(0, 1024):
            sys.exit()
        if listener not in ready:
            continue
        connection, _ = listener.accept()
        if installed() != before:
            connection.send(b"packages were installed\n")
            sys.exit()
        if second.takes(connection):
            connection.close()
        elif children.fork(connection, [listener] + ([second.channel] if second.channel else []), {}):
            return


def serve_second(channel, learnt):
    """Forks for whoever the first process sends, with the settings read. Returns in a process that is to serve the site."""
    try:
        used, variables = read_settings(learnt)
    except Skipped as error:
        channel.send(str(error).encode())
        os._exit(0)
    except BaseException:
        # The site says what is wrong with them when it reads them itself.
        os._exit(1)
    children = Children()
    channel.send(b"R")
    is_told = True
    while is_told or children.connections:
        ready, _, _ = select.select([children.woken, 0] + ([channel] if is_told else []), [], [])
        if children.woken in ready:
            children.reap()
        if 0 in ready and not os.read(0, 1024):
            break
        if channel not in ready:
            continue
        message, files, _, _ = socket.recv_fds(channel, 1, 1)
        is_told = bool(message) and used.is_unchanged()
        if not is_told:
            channel.close()
            for file in files:
                os.close(file)
            continue
        channel.send(b"Y")
        if children.fork(socket.socket(fileno=files[0]), [channel], variables):
            return
    os._exit(0)


def start():
    before = installed()
    sys.path[:] = [path for path in sys.path if path and os.path.realpath(path) != os.path.realpath(ROOT)]
    learnt = ask_child(learn)
    if "error" in learnt:
        print(learnt["error"], file=sys.stderr)
        sys.exit(NOT_NOW)
    for name in OWN:
        os.environ.pop(name, None)
    FOUND.update(learnt["found"])
    try:
        preload(learnt["modules"])
    except Skipped:
        # Once more, in a process without those threads and files.
        os.environ["LUTHIER_FORK_SKIPS"] = ",".join(SKIPPED)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    gc.collect()
    gc.freeze()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(SOCKET)
    listener.listen(16)
    listener.setblocking(False)
    print(f"READY {len(sys.modules)}", flush=True)
    serve(listener, before, Second(learnt))


def run():
    """Runs what the words are: a module, a text, or a script."""
    if sys.argv[0] == "-c":
        text = sys.argv.pop(1)
        exec(compile(text, "<string>", "exec"), {"__name__": "__main__"})
    elif sys.argv[0] == "-m":
        del sys.argv[0]
        sys.path.insert(0, ROOT)
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        sys.path.insert(0, os.path.dirname(os.path.realpath(sys.argv[0])))
        runpy.run_path(sys.argv[0], run_name="__main__")


start()
# Only the process that is to serve the site comes here.
run()
