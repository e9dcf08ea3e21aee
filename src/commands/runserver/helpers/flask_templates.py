

def serve_templates():
    import os
    import sys

    from flask.cli import ScriptInfo

    sys.path.insert(0, os.getcwd())
    app = ScriptInfo(app_import_path=sys.argv[1]).load_app()

    def folders():
        loaders = [app.jinja_loader, *(blueprint.jinja_loader for blueprint in app.iter_blueprints())]
        for loader in filter(None, loaders):
            yield from getattr(loader, "searchpath", [])

    def compile_template(path, text):
        for folder in folders():
            folder = os.path.realpath(folder)
            if path.startswith(folder + os.sep):
                name = os.path.relpath(path, folder).replace(os.sep, "/")
                app.jinja_env.compile(text, name, path)
                return

    answer_requests(compile_template)


serve_templates()
