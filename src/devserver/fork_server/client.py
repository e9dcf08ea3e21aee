"""Has the fork server start a command; starts it itself where that does not work.

Arguments: the path of the fork server's socket, how many files the command is handed, and the command. Ends when the
command does, with its status. It stands between an edit and its answer: what is imported is built into the interpreter.
"""

import _signal, _socket, marshal, posix, sys, time

SOCKET, FILES, WORDS = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
STANDARD_FILES = 3
# The length of a request before it, and that of a descriptor among those that are sent.
LENGTH, C_INT = 8, 4


def plainly():
    """Becomes the command."""
    environment = dict(posix.environ)
    if FILES > STANDARD_FILES:
        environment[b"LISTEN_PID"] = b"%d" % posix.getpid()
        posix.set_inheritable(STANDARD_FILES, True)
    posix.execve(WORDS[0], WORDS, environment)


def forked():
    """The connection to the fork server, and the process that it has forked."""
    server = _socket.socket(_socket.AF_UNIX)
    server.connect(SOCKET)
    request = {
        "group": posix.getpgrp(),
        "folder": posix.getcwdb(),
        "environment": posix.environ,
        "words": WORDS,
    }
    data = marshal.dumps(request)
    data = len(data).to_bytes(LENGTH, "big") + data
    files = b"".join(file.to_bytes(C_INT, sys.byteorder) for file in range(FILES))
    sent = server.sendmsg([data], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, files)])
    server.sendall(data[sent:])
    answer = server.recv(100)
    if not answer.endswith(b"\n") or not answer.split(b"\n")[0].isdigit():
        raise ConnectionError(answer.decode(errors="replace").strip())
    return server, answer


try:
    server, answer = forked()
except OSError:
    plainly()
for name in ("SIGTERM", "SIGINT", "SIGHUP"):
    # The whole group is told, and the site decides when it ends.
    _signal.signal(getattr(_signal, name), _signal.SIG_IGN)
for file in range(FILES):
    posix.close(file)
lines = answer.split(b"\n")
child = int(lines[0])
rest = b"\n".join(lines[1:]) or server.recv(100)
if rest:
    code = int(rest)
else:
    # The fork server has ended; the site has not.
    code = 1
    while True:
        try:
            posix.kill(child, 0)
        except OSError:
            break
        time.sleep(0.2)
if code < 0:
    _signal.signal(-code, _signal.SIG_DFL) if -code != _signal.SIGKILL else None
    posix.kill(posix.getpid(), -code)
posix._exit(code)
