//! Edits of modules, with what a real interpreter says of them.
#![allow(
    clippy::disallowed_methods,
    reason = "the interpreter is asked, as in projects"
)]

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::*;

fn module(source: &str) -> Module {
    let mut child = Command::new("python3")
        .args(["-I", "-S", "-c", SYNTAX])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is needed to test edits of Python");
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(source.as_bytes()).unwrap();
    drop(stdin);
    serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
}

/// The module with the edit made, which made again changes nothing.
fn edited(source: &str, edit: &Edit<'_>) -> Result<String, Refused> {
    let once = module(source).apply(source, edit)?;
    let read = module(&once);
    assert_eq!(read.error, None, "{once}");
    assert_eq!(read.apply(&once, edit).as_ref(), Ok(&once));
    Ok(once)
}

const APP: Edit<'static> = Edit::Item(NewItem {
    list: "INSTALLED_APPS",
    item: "\"books\"",
    marker: "books",
    in_sum: false,
});

#[test]
fn items_are_added_in_the_way_of_the_others() {
    for (source, expected) in [
        (
            "INSTALLED_APPS = []\n",
            "INSTALLED_APPS = [\n    \"books\",\n]\n",
        ),
        (
            "INSTALLED_APPS = ['a']\n",
            "INSTALLED_APPS = ['a', \"books\"]\n",
        ),
        (
            "INSTALLED_APPS = ('a',)\n",
            "INSTALLED_APPS = ('a', \"books\",)\n",
        ),
        (
            "INSTALLED_APPS = (\n  'a',\n  'b',\n)\n",
            "INSTALLED_APPS = (\n  'a',\n  'b',\n  \"books\",\n)\n",
        ),
        (
            "INSTALLED_APPS = [\n    'a',\n    'b'\n]\n",
            "INSTALLED_APPS = [\n    'a',\n    'b',\n    \"books\",\n]\n",
        ),
        (
            "INSTALLED_APPS = [\n    'a',  # one, two\n    'ü'  # three, four\n    # end\n]\n",
            "INSTALLED_APPS = [\n    'a',  # one, two\n    'ü',  # three, four\n    \"books\",\n    # end\n]\n",
        ),
        (
            "INSTALLED_APPS = ['a',\n    'b']\n",
            "INSTALLED_APPS = ['a',\n    'b',\n    \"books\",]\n",
        ),
        (
            "INSTALLED_APPS = [  # none\n]\n",
            "INSTALLED_APPS = [\n    \"books\",  # none\n]\n",
        ),
        (
            "A = 1\r\nINSTALLED_APPS = [\r\n    'a',\r\n]\r\n",
            "A = 1\r\nINSTALLED_APPS = [\r\n    'a',\r\n    \"books\",\r\n]\r\n",
        ),
        (
            "\u{feff}INSTALLED_APPS = ['a']\n",
            "\u{feff}INSTALLED_APPS = ['a', \"books\"]\n",
        ),
        (
            "INSTALLED_APPS: list[str] = ['a']\n",
            "INSTALLED_APPS: list[str] = ['a', \"books\"]\n",
        ),
        (
            "from .base import *\nINSTALLED_APPS += ['a']\n",
            "from .base import *\nINSTALLED_APPS += ['a', \"books\"]\n",
        ),
        (
            "INSTALLED_APPS = ['a']\nINSTALLED_APPS += MORE\n",
            "INSTALLED_APPS = ['a', \"books\"]\nINSTALLED_APPS += MORE\n",
        ),
        (
            "INSTALLED_APPS = 'a', 'b'\nX = 1\n",
            "INSTALLED_APPS = 'a', 'b', \"books\"\nX = 1\n",
        ),
        (
            "INSTALLED_APPS = 'a', \\\n    'b',  # more\n",
            "INSTALLED_APPS = 'a', \\\n    'b', \"books\",  # more\n",
        ),
        (
            "INSTALLED_APPS = ('a'), ('b')\n",
            "INSTALLED_APPS = ('a'), ('b'), \"books\"\n",
        ),
        (
            "INSTALLED_APPS = [\n\t('a'),\n\t('b'\n\t'c'  # )\n\t)\n]\n",
            "INSTALLED_APPS = [\n\t('a'),\n\t('b'\n\t'c'  # )\n\t),\n\t\"books\",\n]\n",
        ),
        (
            "from .base import *\nINSTALLED_APPS = INSTALLED_APPS + ['a']\n",
            "from .base import *\nINSTALLED_APPS = INSTALLED_APPS + ['a', \"books\"]\n",
        ),
        (
            "from .base import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'a']\n",
            "from .base import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'a', \"books\"]\n",
        ),
        (
            "INSTALLED_APPS: list[str]\nINSTALLED_APPS = [('books', 'a')]\n",
            "INSTALLED_APPS: list[str]\nINSTALLED_APPS = [('books', 'a'), \"books\"]\n",
        ),
        (
            "# -*- coding: utf-8 -*-\nINSTALLED_APPS = ['ü', 'a']\n",
            "# -*- coding: utf-8 -*-\nINSTALLED_APPS = ['ü', 'a', \"books\"]\n",
        ),
    ] {
        assert_eq!(edited(source, &APP).as_deref(), Ok(expected), "{source}");
    }
    let route = Edit::Item(NewItem {
        list: "urlpatterns",
        item: "path(\"api/\", include(\"books.urls\"))",
        marker: "books.urls",
        in_sum: true,
    });
    assert_eq!(
        edited("urlpatterns = [a] + static('m')\n", &route).as_deref(),
        Ok("urlpatterns = [a, path(\"api/\", include(\"books.urls\"))] + static('m')\n")
    );
    for source in [
        "INSTALLED_APPS = ['books']\n",
        "INSTALLED_APPS = [\"books.apps.BooksConfig\"]\n",
    ] {
        assert_eq!(edited(source, &APP).as_deref(), Ok(source));
    }
}

#[test]
fn a_list_that_is_computed_is_refused() {
    for (source, why) in [
        (
            "INSTALLED_APPS = A + ['b']\n",
            "`INSTALLED_APPS` is computed",
        ),
        (
            "INSTALLED_APPS = ['a']\nINSTALLED_APPS = list(INSTALLED_APPS)\n",
            "`INSTALLED_APPS` is computed",
        ),
        ("INSTALLED_APPS += A\n", "`INSTALLED_APPS` is computed"),
        ("A = 1\n", "there is no `INSTALLED_APPS`"),
    ] {
        assert_eq!(
            edited(source, &APP),
            Err(Refused::Shape(why.to_owned())),
            "{source}"
        );
    }
}

#[test]
fn imports_stand_with_the_others() {
    let import = |name, line| Edit::Import {
        name,
        line,
        own: "shop",
        package: "books",
    };
    let models = import("models", "from . import models");
    let django = import("admin", "from django.contrib import admin");
    for (edit, source, expected) in [
        (&models, "", "from . import models\n"),
        (
            &models,
            "\"\"\"Doc.\"\"\"\n",
            "\"\"\"Doc.\"\"\"\n\nfrom . import models\n",
        ),
        (
            &models,
            "from a import b\n\nx = 1\n",
            "from a import b\n\nfrom . import models\n\nx = 1\n",
        ),
        (
            &models,
            "from . import views\n",
            "from . import views\nfrom . import models\n",
        ),
        (
            &models,
            "from . import views, models\n",
            "from . import views, models\n",
        ),
        (
            &django,
            "from a import (\n    b,\n)  # c\n",
            "from a import (\n    b,\n)  # c\nfrom django.contrib import admin\n",
        ),
        (
            &django,
            "from . import models\n",
            "from django.contrib import admin\n\nfrom . import models\n",
        ),
        (
            &django,
            "x = 1\n",
            "from django.contrib import admin\n\nx = 1\n",
        ),
        (
            &django,
            "\u{feff}x = 1\n",
            "\u{feff}from django.contrib import admin\n\nx = 1\n",
        ),
        (
            &django,
            "#!/usr/bin/env python\n# Ours.\n\n# One.\nx = 1\n",
            "#!/usr/bin/env python\n# Ours.\n\nfrom django.contrib import admin\n\n# One.\nx = 1\n",
        ),
        (
            &models,
            "from books import models\n",
            "from books import models\n",
        ),
        (
            &django,
            "from django.contrib.gis import admin\n",
            "from django.contrib.gis import admin\n",
        ),
    ] {
        assert_eq!(edited(source, edit).as_deref(), Ok(expected), "{source}");
    }
    for source in [
        "from shop import models\n",
        "import models\n",
        "models = 1\n",
        "def models():\n    pass\n",
    ] {
        let why = "`models` is something else than `from . import models`";
        let taken = Err(Refused::Taken(why.to_owned()));
        assert_eq!(edited(source, &models), taken, "{source}");
    }
}

#[test]
fn classes_come_last_and_are_not_replaced() {
    let class = Edit::Class {
        name: "Book",
        text: "@a\nclass Book:\n    pass\n",
    };
    assert_eq!(
        edited("", &class).as_deref(),
        Ok("@a\nclass Book:\n    pass\n")
    );
    assert_eq!(
        edited("import a\n", &class).as_deref(),
        Ok("import a\n\n\n@a\nclass Book:\n    pass\n")
    );
    assert_eq!(
        edited("import a\r\n", &class).as_deref(),
        Ok("import a\r\n\r\n\r\n@a\r\nclass Book:\r\n    pass\r\n")
    );
    let taken = edited("class Book:\n    x = 1\n", &class).unwrap_err();
    assert_eq!(
        taken,
        Refused::Taken("`Book` is there already, and differs".to_owned())
    );
}

#[test]
fn calls_follow_those_of_their_kind() {
    let line = "router.register(\"books\", views.BookViewSet)";
    let call = Edit::Call {
        function: "router.register",
        line,
        marker: "books",
    };
    let first = "router = Router()\n\nurlpatterns = router.urls\n";
    assert_eq!(
        edited(first, &call).unwrap(),
        format!("router = Router()\n{line}\n\nurlpatterns = router.urls\n")
    );
    let more = "router = Router()\nrouter.register(\"a\", views.A)\n";
    assert_eq!(edited(more, &call).unwrap(), format!("{more}{line}\n"));
    assert!(matches!(edited("x = 1\n", &call), Err(Refused::Shape(_))));
    let other = "router = Router()\nrouter.register(\"books\", views.Other)\n";
    assert!(matches!(edited(other, &call), Err(Refused::Taken(_))));
}

#[test]
fn what_python_cannot_read_is_said_with_its_line() {
    let read = module("x = 1\ndef x(:\n");
    assert_eq!(
        (read.error.as_deref(), read.line),
        (Some("invalid syntax"), Some(2))
    );
    assert!(module("x = '\0'\n").error.is_some());
    let read = module("#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\nx = 'ü'\n");
    assert!(read.error.unwrap().starts_with("it is written in latin-1"));
}
