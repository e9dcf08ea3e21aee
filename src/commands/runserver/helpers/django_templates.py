

# Everything in one function: Django's shell runs this in a scope of its own.
def serve_templates(answer_requests):
    import os

    from django.template import TemplateDoesNotExist, engines
    from django.template.base import Origin, Template
    from django.template.loader_tags import ExtendsNode
    from django.template.utils import get_app_template_dirs

    def name_in(backend, path):
        """What the backend calls the template in the file `path`, if it looks there."""
        apps = get_app_template_dirs(getattr(backend, "app_dirname", None) or "templates")
        for folder in (*backend.dirs, *apps):
            folder = os.path.realpath(folder)
            if path.startswith(folder + os.sep):
                return os.path.relpath(path, folder).replace(os.sep, "/")
        return None

    def compile_by(backend, path, name, text):
        if not hasattr(backend, "engine"):
            # Jinja's.
            backend.env.compile(text, name, path)
            return
        for loader in backend.engine.template_loaders:
            loader.reset()
        template = Template(text, Origin(path, name), name, backend.engine)
        for node in template.nodelist.get_nodes_by_type(ExtendsNode):
            parent = getattr(node.parent_name, "var", None)
            if not isinstance(parent, str):
                continue
            try:
                backend.engine.find_template(parent)
            except TemplateDoesNotExist as error:
                error.token = getattr(node, "token", None)
                raise
            except Exception:
                # That of the parent is told where it is.
                pass

    def compile_template(path, text):
        get_app_template_dirs.cache_clear()
        error = None
        for backend in engines.all():
            name = name_in(backend, path)
            if name is None:
                continue
            try:
                compile_by(backend, path, name, text)
            except Exception as found:
                error = error or found
            else:
                # It is for this backend.
                return
        if error:
            raise error

    answer_requests(compile_template)


serve_templates(answer_requests)
