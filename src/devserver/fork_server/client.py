"""Has the fork server start a command; starts it itself where that does not work.

Arguments: the path of the fork server's socket, how many files the command is handed, and the command. Ends when the
command does, with its status.
"""

import json, os, signal, socket, sys, time

SOCKET, FILES, WORDS = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
STANDARD_FILES = 3


def plainly():
    """Becomes the command."""
    if FILES > STANDARD_FILES:
        os.environ["LISTEN_PID"] = str(os.getpid())
        os.set_inheritable(STANDARD_FILES, True)
    os.execv(WORDS[0], WORDS)


def forked():
    """The connection to the fork server, and the process that it has forked."""
    server = socket.socket(socket.AF_UNIX)
    server.connect(SOCKET)
    request = {
        "group": os.getpgrp(),
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "words": WORDS,
    }
    data = json.dumps(request).encode() + b"\n"
    sent = socket.send_fds(server, [data], list(range(FILES)))
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
    signal.signal(getattr(signal, name), signal.SIG_IGN)
for file in range(FILES):
    os.close(file)
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
            os.kill(child, 0)
        except OSError:
            break
        time.sleep(0.2)
if code < 0:
    signal.signal(-code, signal.SIG_DFL) if -code != signal.SIGKILL else None
    os.kill(os.getpid(), -code)
os._exit(code)
