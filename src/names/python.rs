//! Names in projects written in Python: what is refused, why, and what to use instead. Pure.
//!
//! A name becomes a module or a class, and a module hides every other module by that name.

use heck::{ToKebabCase, ToSnakeCase, ToUpperCamelCase};

use super::{NameKind, device_reason, refuse, same, shape_reason};
use crate::error::Result;

/// The keywords of Python 3.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// The modules of the standard library, of Python 3.11 to 3.14.
const STANDARD_MODULES: &[&str] = &[
    "abc",
    "aifc",
    "annotationlib",
    "antigravity",
    "argparse",
    "array",
    "ast",
    "asynchat",
    "asyncio",
    "asyncore",
    "atexit",
    "audioop",
    "base64",
    "bdb",
    "binascii",
    "bisect",
    "builtins",
    "bz2",
    "cProfile",
    "calendar",
    "cgi",
    "cgitb",
    "chunk",
    "cmath",
    "cmd",
    "code",
    "codecs",
    "codeop",
    "collections",
    "colorsys",
    "compileall",
    "compression",
    "concurrent",
    "configparser",
    "contextlib",
    "contextvars",
    "copy",
    "copyreg",
    "crypt",
    "csv",
    "ctypes",
    "curses",
    "dataclasses",
    "datetime",
    "dbm",
    "decimal",
    "difflib",
    "dis",
    "distutils",
    "doctest",
    "email",
    "encodings",
    "ensurepip",
    "enum",
    "errno",
    "faulthandler",
    "fcntl",
    "filecmp",
    "fileinput",
    "fnmatch",
    "fractions",
    "ftplib",
    "functools",
    "gc",
    "genericpath",
    "getopt",
    "getpass",
    "gettext",
    "glob",
    "graphlib",
    "grp",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "idlelib",
    "imaplib",
    "imghdr",
    "imp",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "lib2to3",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "mailbox",
    "mailcap",
    "marshal",
    "math",
    "mimetypes",
    "mmap",
    "modulefinder",
    "msilib",
    "msvcrt",
    "multiprocessing",
    "netrc",
    "nis",
    "nntplib",
    "nt",
    "ntpath",
    "nturl2path",
    "numbers",
    "opcode",
    "operator",
    "optparse",
    "os",
    "ossaudiodev",
    "pathlib",
    "pdb",
    "pickle",
    "pickletools",
    "pipes",
    "pkgutil",
    "platform",
    "plistlib",
    "poplib",
    "posix",
    "posixpath",
    "pprint",
    "profile",
    "pstats",
    "pty",
    "pwd",
    "py_compile",
    "pyclbr",
    "pydoc",
    "pydoc_data",
    "pyexpat",
    "queue",
    "quopri",
    "random",
    "re",
    "readline",
    "reprlib",
    "resource",
    "rlcompleter",
    "runpy",
    "sched",
    "secrets",
    "select",
    "selectors",
    "shelve",
    "shlex",
    "shutil",
    "signal",
    "site",
    "smtpd",
    "smtplib",
    "sndhdr",
    "socket",
    "socketserver",
    "spwd",
    "sqlite3",
    "sre_compile",
    "sre_constants",
    "sre_parse",
    "ssl",
    "stat",
    "statistics",
    "string",
    "stringprep",
    "struct",
    "subprocess",
    "sunau",
    "symtable",
    "sys",
    "sysconfig",
    "syslog",
    "tabnanny",
    "tarfile",
    "telnetlib",
    "tempfile",
    "termios",
    "test",
    "textwrap",
    "this",
    "threading",
    "time",
    "timeit",
    "tkinter",
    "token",
    "tokenize",
    "tomllib",
    "trace",
    "traceback",
    "tracemalloc",
    "tty",
    "turtle",
    "turtledemo",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "urllib",
    "uu",
    "uuid",
    "venv",
    "warnings",
    "wave",
    "weakref",
    "webbrowser",
    "winreg",
    "winsound",
    "wsgiref",
    "xdrlib",
    "xml",
    "xmlrpc",
    "zipapp",
    "zipfile",
    "zipimport",
    "zlib",
    "zoneinfo",
];

/// Packages that the packs import, and modules that they have themselves.
const IN_USE: &[&str] = &[
    "alembic",
    "asgiref",
    "dotenv",
    "django",
    "django_filters",
    "drf_spectacular",
    "flask",
    "flask_cors",
    "flask_migrate",
    "flask_sqlalchemy",
    "gunicorn",
    "instance",
    "jinja2",
    "manage",
    "migrations",
    "psycopg",
    "pydantic",
    "pytest",
    "rest_framework",
    "setup",
    "sqlalchemy",
    "sqlparse",
    "static",
    "staticfiles",
    "templates",
    "tests",
    "uvicorn",
    "werkzeug",
    "whitenoise",
    "wsgi",
];

/// Classes that generated code names.
const CLASSES_IN_USE: &[&str] = &[
    "Exception",
    "Meta",
    "Model",
    "None",
    "True",
    "False",
    "User",
];

const PROJECT: NameKind = NameKind {
    what: "a project",
    recase: |name| name.to_kebab_case(),
    prefix: "project-",
    suffix: "-site",
    example: "bookstore",
};

const APP: NameKind = NameKind {
    what: "an app",
    recase: |name| name.to_snake_case(),
    prefix: "app_",
    suffix: "_app",
    example: "books",
};

const MODEL: NameKind = NameKind {
    what: "a model",
    recase: |name| name.to_upper_camel_case(),
    prefix: "Model",
    suffix: "Record",
    example: "Book",
};

/// Refuses what cannot name a project.
pub(crate) fn project(name: &str) -> Result<()> {
    refuse(&PROJECT, name, |name| {
        shape_reason(name, "-_")
            .or_else(|| case_reason(name))
            .or_else(|| module_reason(&module(name)))
    })
}

/// Refuses what cannot name an app of a project that has the modules `in_scope`, and whose framework has the apps and
/// packages `in_use`.
pub(crate) fn app(name: &str, in_scope: &[String], in_use: &[&str]) -> Result<()> {
    refuse(&APP, name, |name| {
        let hidden = || in_scope.iter().find(|other| same(other, name));
        let hyphen = name.contains('-');
        shape_reason(name, "-_")
            .or_else(|| case_reason(name))
            .or_else(|| hyphen.then(|| "Python could not import it: `-` reads as minus".to_owned()))
            .or_else(|| module_reason(name))
            .or_else(|| in_use.contains(&name).then(|| in_use_reason(name)))
            .or_else(|| hidden().map(|other| format!("the project has a module `{other}`")))
    })
}

/// Refuses what cannot name a model beside those of the same app. Exactly the same name passes.
pub(crate) fn model(name: &str, models: &[String]) -> Result<()> {
    refuse(&MODEL, name, |candidate| {
        let lower =
            candidate.starts_with(|c: char| c.is_ascii_lowercase()) || candidate.contains('_');
        let twin = |model: &&String| *model != name && model.eq_ignore_ascii_case(candidate);
        shape_reason(candidate, "_")
            .or_else(|| lower.then(|| "a model is named in PascalCase".to_owned()))
            .or_else(|| {
                let taken = CLASSES_IN_USE.contains(&candidate);
                taken.then(|| "generated code uses a class by that name".to_owned())
            })
            .or_else(|| {
                let model = models.iter().find(twin)?;
                Some(format!("only case tells it from the model `{model}`"))
            })
    })
}

/// The module that a project's name becomes.
fn module(name: &str) -> String {
    name.replace('-', "_")
}

/// Whether Python keeps the word for itself.
pub(crate) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Whether a module is of the standard library.
pub(crate) fn is_standard(module: &str) -> bool {
    STANDARD_MODULES.binary_search(&module).is_ok()
}

fn case_reason(name: &str) -> Option<String> {
    let upper = name.contains(|c: char| c.is_ascii_uppercase());
    upper.then(|| "a module is named in lower case".to_owned())
}

fn module_reason(name: &str) -> Option<String> {
    if is_keyword(name) {
        Some(format!("`{name}` is a Python keyword"))
    } else if is_standard(name) {
        Some(format!("`{name}` is a module of Python's standard library"))
    } else if IN_USE.contains(&name) {
        Some(in_use_reason(name))
    } else {
        device_reason(name)
    }
}

fn in_use_reason(name: &str) -> String {
    format!("the project uses something else by the name `{name}`")
}

#[cfg(test)]
mod tests;
