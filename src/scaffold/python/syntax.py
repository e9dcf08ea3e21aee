import ast, json, re, sys

source = sys.stdin.buffer.read()
starts = [0] + [found.end() for found in re.finditer(rb"\r\n|\n|\r", source)]
mark = 3 if source.startswith(b"\xef\xbb\xbf") else 0


def offset(line, column):
    return starts[line - 1] + column + (mark if line == 1 else 0)


def span(node):
    return [offset(node.lineno, node.col_offset), offset(node.end_lineno, node.end_col_offset)]


def text(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def item(node):
    # A list within the list is none of its items.
    nested = isinstance(node, (ast.List, ast.Tuple))
    inside = [] if nested else [text(sub) for sub in ast.walk(node) if text(sub) is not None]
    return {"span": span(node), "text": text(node), "inside": inside}


def is_bracketed(node):
    """Whether brackets are around it: a tuple needs none."""
    start, end = span(node)
    if isinstance(node, ast.List) or source[start : start + 1] != b"(":
        return isinstance(node, ast.List)
    try:
        ast.parse(b"[" + source[start + 1 : end - 1] + b"\n]")
    except SyntaxError:
        return False
    return True


def names(node, name):
    return isinstance(node, ast.Name) and node.id == name


def added(node):
    """What is added together, from left to right."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return added(node.left) + added(node.right)
    return [node]


def assigned(shown, node):
    """The list that is assigned, or added to what the name is already."""
    parts = added(node.value)
    lists = [part for part in parts if isinstance(part, (ast.List, ast.Tuple))]
    own = shown["names"][0] if len(shown["names"]) == 1 else None
    items = [sub.value for part in lists for sub in part.elts if isinstance(sub, ast.Starred)]
    if any(names(part, own) for part in parts + items):
        shown["kind"] = "addition"
    if lists:
        found = lists[-1] if shown["kind"] == "addition" else lists[0]
        shown["list"] = {
            "span": span(found),
            "bracketed": is_bracketed(found),
            "items": [item(sub) for sub in found.elts],
        }
        shown["computed"] = shown["kind"] == "assignment" and len(parts) > 1


def attributes(node):
    """The names that the body of a class assigns to."""
    found = [sub for sub in node.body if isinstance(sub, (ast.Assign, ast.AnnAssign))]
    targets = [target for sub in found for target in getattr(sub, "targets", None) or [sub.target]]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def encoding():
    """What the first two lines say that the text is written in, if it is not UTF-8."""
    for line in re.split(rb"\r\n|\n|\r", source, maxsplit=2)[:2]:
        found = re.match(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", line)
        if found:
            name = found[1].decode()
            return None if re.fullmatch("utf[-_]?8([-_]sig)?|u8|(us[-_])?ascii", name.lower()) else name
        if line.strip() and not line.strip().startswith(b"#"):
            return None
    return None


def statement(node):
    shown = {"span": span(node), "kind": "other", "names": []}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        shown["kind"] = "import"
        shown["names"] = [(name.asname or name.name).split(".")[0] for name in node.names]
        if isinstance(node, ast.ImportFrom):
            shown["module"] = "." * node.level + (node.module or "")
    elif isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        first = min([node.lineno] + [sub.lineno for sub in node.decorator_list])
        shown["kind"], shown["names"] = "definition", [node.name]
        shown["span"][0] = starts[first - 1]
        shown["attributes"] = attributes(node)
    elif isinstance(node, ast.AnnAssign) and node.value is None:
        pass
    elif isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        shown["kind"] = "addition" if isinstance(node, ast.AugAssign) else "assignment"
        shown["names"] = [target.id for target in targets if isinstance(target, ast.Name)]
        shown["text"] = text(node.value)
        assigned(shown, node)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        shown["kind"] = "call"
        shown["names"] = [ast.unparse(node.value.func)]
        shown["inside"] = item(node.value)["inside"]
    elif isinstance(node, ast.Expr) and text(node.value) is not None:
        shown["kind"] = "text"
    return shown


try:
    if encoding() and not source.isascii():
        raise ValueError(f"it is written in {encoding()}: save it in UTF-8, and remove the line about its coding")
    module = ast.parse(source)
    json.dump({"statements": [statement(node) for node in module.body]}, sys.stdout)
except (SyntaxError, ValueError, RecursionError) as error:
    line = getattr(error, "lineno", None)
    json.dump({"statements": [], "error": str(getattr(error, "msg", error)), "line": line}, sys.stdout)
