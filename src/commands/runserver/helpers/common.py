"""Answers the development server about templates: a line of JSON with paths in, a line with faults out."""


def answer_requests(compile_template):
    import json
    import os

    # What the project prints is no answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(answer):
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    def fault_of(path):
        """What is wrong with the template in the file `path`, if something is."""
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeError) as error:
            return {"path": path, "line": 1, "title": f"{type(error).__name__}: {error}"}
        try:
            compile_template(os.path.realpath(path), text)
        except Exception as error:
            token = getattr(error, "token", None)
            line = getattr(token, "lineno", None) or getattr(error, "lineno", None) or 1
            return {"path": path, "line": line, "title": f"{type(error).__name__}: {error}"}
        return None

    say({"ready": True})
    with open(0, encoding="utf-8", closefd=False) as requests:
        for line in requests:
            faults = map(fault_of, json.loads(line))
            say({"faults": [fault for fault in faults if fault]})
