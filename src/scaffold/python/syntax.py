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
    inside = [text(sub) for sub in ast.walk(node) if text(sub) is not None]
    return {"span": span(node), "text": text(node), "inside": inside}


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
    elif isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        shown["kind"] = "addition" if isinstance(node, ast.AugAssign) else "assignment"
        shown["names"] = [target.id for target in targets if isinstance(target, ast.Name)]
        shown["text"] = text(node.value)
        if isinstance(node.value, (ast.List, ast.Tuple)):
            shown["list"] = {"span": span(node.value), "items": [item(sub) for sub in node.value.elts]}
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        shown["kind"] = "call"
        shown["names"] = [ast.unparse(node.value.func)]
        shown["inside"] = item(node.value)["inside"]
    elif isinstance(node, ast.Expr) and text(node.value) is not None:
        shown["kind"] = "text"
    return shown


try:
    module = ast.parse(source)
    json.dump({"statements": [statement(node) for node in module.body]}, sys.stdout)
except (SyntaxError, ValueError, RecursionError) as error:
    line = getattr(error, "lineno", None)
    json.dump({"statements": [], "error": str(getattr(error, "msg", error)), "line": line}, sys.stdout)
