//! What the development server asks the frameworks of Python beside serving: whether templates can be compiled, and
//! which migrations are missing.

use crate::project::Project;

/// Compiles templates; in Django's shell.
const DJANGO_TEMPLATES: &str = concat!(
    include_str!("helpers/common.py"),
    include_str!("helpers/django_templates.py")
);

/// Looks at migrations; in Django's shell.
const DJANGO_MIGRATIONS: &str = include_str!("helpers/django_migrations.py");

/// Compiles templates; told which application.
const FLASK_TEMPLATES: &str = concat!(
    include_str!("helpers/common.py"),
    include_str!("helpers/flask_templates.py")
);

/// Looks at the migrations of Flask-Migrate; told which application.
const FLASK_MIGRATIONS: &str = include_str!("helpers/flask_migrations.py");

/// The words that start the helpers of a project.
#[derive(Debug, Default)]
pub(super) struct Helpers {
    pub(super) templates: Option<Vec<String>>,
    pub(super) migrations: Option<Vec<String>>,
}

/// The helpers of the project, which is served by the words `served`.
pub(super) fn find(project: &Project, served: &[String]) -> Helpers {
    let Ok(verbs) = project.verbs() else {
        return Helpers::default();
    };
    let python = |words: &[&str]| {
        let words = ["python"].iter().chain(words);
        Some(words.map(|word| (*word).to_owned()).collect())
    };
    let is_manage = |word: &&String| word.ends_with("manage.py");
    let manage = verbs
        .get("*")
        .and_then(|words| words.iter().find(is_manage));
    if let Some(manage) = manage {
        return Helpers {
            templates: python(&[manage, "shell", "-c", DJANGO_TEMPLATES]),
            migrations: python(&[manage, "shell", "-c", DJANGO_MIGRATIONS]),
        };
    }
    let is_flask = |words: &Vec<String>| words.first().is_some_and(|word| word == "flask");
    let after_flag = served.iter().skip_while(|word| *word != "--app").nth(1);
    let named = after_flag.or_else(|| served.last());
    let application = named.filter(|word| !word.starts_with('-'));
    let Some(application) = application.filter(|_| verbs.values().any(is_flask)) else {
        return Helpers::default();
    };
    let migrates = verbs.get("migrate").is_some_and(is_flask);
    Helpers {
        templates: python(&["-c", FLASK_TEMPLATES, application]),
        migrations: python(&["-c", FLASK_MIGRATIONS, application]).filter(|_| migrates),
    }
}
