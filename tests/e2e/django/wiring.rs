//! How apps and models come into settings, URLs and the admin.

use super::{BOOK, bookstore};
use crate::common::{Outcome, Sandbox};

#[test]
fn apps_and_models_are_made_once_and_wired_byte_by_byte() {
    let sandbox = bookstore();
    let settings = sandbox.read("bookstore/settings.py");
    sandbox.run(["startapp", "books"]).success();
    let with_app = settings.replace(
        "    \"accounts\",\n]",
        "    \"accounts\",\n    \"books\",\n]",
    );
    assert_eq!(sandbox.read("bookstore/settings.py"), with_app);
    sandbox.run(BOOK).success().stderr_has("/api/books");
    let urls = sandbox.read("books/urls.py");
    assert!(
        urls.contains("router.register(\"books\", views.BookViewSet)\n"),
        "{urls}"
    );
    let before = own(&sandbox);
    for args in [&["startapp", "books"][..], &BOOK] {
        sandbox.run(args).success();
    }
    assert_eq!(own(&sandbox), before);
}

#[test]
fn what_cannot_be_wired_is_said_before_anything_is_written() {
    let sandbox = bookstore();
    let settings = sandbox.read("bookstore/settings.py");
    for (from, to, why) in [
        (
            "INSTALLED_APPS = [",
            "INSTALLED_APPS = BASE + [",
            "`INSTALLED_APPS` is computed",
        ),
        (
            "INSTALLED_APPS = [",
            "INSTALLED = [",
            "there is no `INSTALLED_APPS`",
        ),
        (
            "DEBUG = ",
            "DEBUG = = ",
            ": Python cannot read it: invalid syntax",
        ),
    ] {
        sandbox.write("bookstore/settings.py", settings.replacen(from, to, 1));
        let before = sandbox.snapshot("");
        let refused = sandbox.run(["startapp", "books"]).code(1).stderr_has(why);
        if why.contains("INSTALLED_APPS") {
            refused.stderr_has("INSTALLED_APPS += [\"books\"]");
        }
        assert_eq!(sandbox.snapshot(""), before, "{why}");
    }
    sandbox.write("bookstore/settings.py", &settings);
    let mut command = sandbox.command(["startapp", "books"]);
    command.env("DJANGO_SETTINGS_MODULE", "elsewhere.settings");
    Outcome::of(&mut command)
        .code(1)
        .stderr_has("`elsewhere.settings`, and the project has no such module")
        .stderr_has("unset it");
    let urls = sandbox.read("bookstore/urls.py");
    let mounted = urls.replace(
        "from django.urls import include, path",
        "from django.urls import path",
    );
    sandbox.write(
        "bookstore/urls.py",
        format!("from shop import include\n{mounted}"),
    );
    let before = sandbox.snapshot("");
    sandbox
        .run(["startapp", "books"])
        .code(2)
        .stderr_has("`include` is something else");
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn apps_are_listed_where_the_settings_list_them() {
    let sandbox = bookstore();
    let settings = sandbox.read("bookstore/settings.py");
    let manage = sandbox.read("manage.py");
    // A package of settings: what production has, too, and not what is only added while one develops.
    sandbox.write(
        "manage.py",
        manage
            .replace(
                "import os\n",
                "import os  # DJANGO_SETTINGS_MODULE names the settings\n",
            )
            .replace("bookstore.settings\"", "bookstore.settings.local\""),
    );
    std::fs::remove_file(sandbox.path("bookstore/settings.py")).expect("it is removed");
    let local = "from .base import *\nfrom .logs import *\n\nINSTALLED_APPS += [\"debug\"]\n";
    sandbox
        .write("bookstore/settings/local.py", local)
        .write("bookstore/settings/logs.py", "LOGGING = {}\n");
    let crlf = settings
        .replace('\n', "\r\n")
        .replace("    \"accounts\",", "\t\"accounts\"  # ours");
    sandbox.write("bookstore/settings/base.py", format!("\u{feff}{crlf}"));
    sandbox.run(["startapp", "books"]).success();
    let base = sandbox.read("bookstore/settings/base.py");
    assert!(
        base.contains("\t\"accounts\",  # ours\r\n\t\"books\",\r\n]"),
        "{base}"
    );
    assert_eq!(sandbox.read("bookstore/settings/local.py"), local);

    // Whoever else lists them by name, and a variable that says which settings count.
    let other = "from bookstore.settings.base import INSTALLED_APPS\n\nINSTALLED_APPS = INSTALLED_APPS + (\"more\",)\n";
    sandbox.write("bookstore/other.py", other);
    let mut command = sandbox.command(["startapp", "shop"]);
    command.env("DJANGO_SETTINGS_MODULE", "bookstore.other");
    Outcome::of(&mut command).success();
    let base = sandbox.read("bookstore/settings/base.py");
    assert!(base.contains("\t\"shop\",\r\n]"), "{base}");

    // Text that is not UTF-8 is not touched.
    sandbox.write(
        "bookstore/settings/base.py",
        b"# -*- coding: latin-1 -*-\nOWNER = '\xfc'\nINSTALLED_APPS = []\n",
    );
    sandbox
        .run(["startapp", "late"])
        .code(1)
        .stderr_has("not UTF-8")
        .stderr_has("save the file in the encoding UTF-8");
    sandbox.write(
        "bookstore/settings/base.py",
        "# -*- coding: latin-1 -*-\nOWNER = 'ü'\nINSTALLED_APPS = []\n",
    );
    sandbox
        .run(["startapp", "late"])
        .code(1)
        .stderr_has("it is written in latin-1");
    assert!(!sandbox.exists("late"));
}

#[test]
fn models_of_one_name_in_two_apps_live_beside_each_other() {
    let sandbox = bookstore();
    for app in ["books", "shop"] {
        sandbox.run(["startapp", app]).success();
    }
    let models = [
        &["startmodel", "books", "Item", "owner:ref(accounts.User)"][..],
        &[
            "startmodel",
            "shop",
            "Item",
            "owner:ref(accounts.User)",
            "--route",
            "shop-items",
        ],
    ];
    for args in models {
        sandbox.run(args).success();
    }
    let of_shop = sandbox.read("shop/models.py");
    assert!(
        of_shop.contains("related_name=\"%(app_label)s_%(class)s_set\""),
        "{of_shop}"
    );
    let serializers = sandbox.read("shop/serializers.py");
    assert!(
        serializers.contains(
            "@extend_schema_serializer(component_name=\"ShopItem\")\nclass ItemSerializer"
        ),
        "{serializers}"
    );
    let before = own(&sandbox);
    for args in models {
        sandbox.run(args).success();
    }
    assert_eq!(own(&sandbox), before);
    // Modules that somebody has arranged otherwise.
    let views = "from rest_framework import permissions\n\nfrom . import models\n";
    sandbox.write("books/views.py", views);
    sandbox
        .run(["startmodel", "books", "Late", "title:text"])
        .success();
    let views = sandbox.read("books/views.py");
    assert!(
        views.contains("\nfrom . import models\nfrom . import serializers\n"),
        "{views}"
    );
    sandbox.write("books/admin.py", "admin = None\n");
    let before = sandbox.snapshot("");
    sandbox
        .run(["startmodel", "books", "Later", "title:text"])
        .code(2)
        .stderr_has("books/admin.py: `admin` is something else than");
    assert_eq!(sandbox.snapshot(""), before);
}

/// The files of the project, without Luthier's records.
fn own(sandbox: &Sandbox) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let files = sandbox.snapshot("").into_iter();
    files
        .filter(|(path, _)| !path.starts_with(".luthier"))
        .collect()
}
