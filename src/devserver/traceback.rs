//! Python's tracebacks, as a page shows them: the exception, the project's own line with its surroundings, and the
//! frames, those of libraries folded. Pure.

use std::path::{Path, PathBuf};

use super::browser::{Editor, Problem};

/// The first line of a traceback.
const START: &str = "Traceback (most recent call last):";
/// How many lines of source are shown around the one in question.
const AROUND: usize = 3;

/// A line of a program that an exception went through.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Frame {
    file: PathBuf,
    line: usize,
    function: String,
}

/// What Python says of one exception.
#[derive(Debug, Default, PartialEq, Eq)]
struct Traceback {
    frames: Vec<Frame>,
    /// `NameError: name 'x' is not defined`
    exception: String,
    /// The lines of a syntax error: the source, and where in it.
    syntax: Vec<String>,
}

/// The exception in `output`, the last lines that a site wrote, as a page shows it. `read` reads a source file of the
/// project.
pub(super) fn problem(
    title: &str,
    output: &str,
    root: &Path,
    read: &dyn Fn(&Path) -> Option<String>,
    editor: &Editor,
) -> Option<Problem> {
    let tracebacks = parse(output);
    // The last one is the end of a chain of causes; the project's line may be in one before it.
    let with_own = |traceback: &&Traceback| traceback.own(root).is_some();
    let last = tracebacks.last()?;
    let traceback = tracebacks.iter().rev().find(with_own).unwrap_or(last);
    let Some(frame) = traceback.own(root) else {
        return Some(Problem {
            title: last.exception.clone(),
            text: format!("{title}\n\n{}", traceback.shown(root)),
            ..Problem::default()
        });
    };
    let inside = frame.file.strip_prefix(root).unwrap_or(&frame.file);
    let source = match traceback.syntax.is_empty() {
        true => read(&frame.file).map(|text| excerpt(&text, frame.line)),
        false => Some(traceback.syntax.join("\n")),
    };
    let source = source.map(|source| source + "\n\n").unwrap_or_default();
    Some(Problem {
        title: last.exception.clone(),
        text: format!("{title}\n\n{source}{}", traceback.shown(root)),
        file: Some(inside.to_string_lossy().replace('\\', "/")),
        line: frame.line,
        column: 1,
        link: Some(editor.link(&frame.file, frame.line, 1)),
    })
}

/// Whether a line is the exception of a database driver about a table or a column that is not there.
pub(super) fn says_schema_is_behind(line: &str) -> bool {
    const ERRORS: [&str; 4] = [
        "OperationalError",
        "ProgrammingError",
        "UndefinedTable",
        "UndefinedColumn",
    ];
    const REASONS: [&str; 6] = [
        "no such table",
        "no such column",
        "has no column named",
        "does not exist",
        "doesn't exist",
        "Unknown column",
    ];
    let name = line.split([':', '(']).next().unwrap_or_default();
    ERRORS.iter().any(|error| name.contains(error))
        && REASONS.iter().any(|reason| line.contains(reason))
}

/// All tracebacks in `output`, in order.
fn parse(output: &str) -> Vec<Traceback> {
    let mut tracebacks = Vec::new();
    let mut lines = output.lines().peekable();
    while let Some(line) = lines.next() {
        let is_start = line.trim_end().ends_with(START);
        // A syntax error of the program's first file has no such line.
        let is_bare = frame(line).is_some();
        if !is_start && !is_bare {
            continue;
        }
        let mut traceback = Traceback::default();
        traceback.frames.extend(frame(line));
        while let Some(line) = lines.next_if(|line| line.starts_with([' ', '\t'])) {
            match frame(line) {
                Some(frame) => {
                    traceback.frames.push(frame);
                    traceback.syntax.clear();
                }
                None => traceback.syntax.push(line.to_owned()),
            }
        }
        let Some(exception) = lines.next_if(|line| is_exception(line)) else {
            continue;
        };
        let is_syntax = ["SyntaxError", "IndentationError", "TabError"]
            .iter()
            .any(|name| exception.starts_with(name));
        if !is_syntax {
            traceback.syntax.clear();
        }
        exception.trim_end().clone_into(&mut traceback.exception);
        if !traceback.frames.is_empty() {
            tracebacks.push(traceback);
        }
    }
    tracebacks
}

/// `  File "/shop/books/views.py", line 3, in get`
fn frame(line: &str) -> Option<Frame> {
    let rest = line.trim_start().strip_prefix("File \"")?;
    let (file, rest) = rest.rsplit_once("\", line ")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit());
    let (line, rest) = rest.split_at(digits.unwrap_or(rest.len()));
    Some(Frame {
        file: file.into(),
        line: line.parse().ok()?,
        function: rest.trim_start_matches(", in ").trim().to_owned(),
    })
}

/// `NameError: name 'x' is not defined`, `django.core.exceptions.ImproperlyConfigured: …`, `KeyboardInterrupt`
fn is_exception(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    name.split('.').all(is_part)
}

impl Traceback {
    /// The last line of the project itself.
    fn own(&self, root: &Path) -> Option<&Frame> {
        self.frames.iter().rev().find(|frame| is_own(frame, root))
    }

    /// A line a frame; those of libraries are counted.
    fn shown(&self, root: &Path) -> String {
        let mut shown = String::new();
        let mut folded = 0;
        let fold = |shown: &mut String, folded: &mut usize| {
            if *folded > 0 {
                let lines = if *folded == 1 { "line" } else { "lines" };
                shown.push_str(&format!("  … {folded} {lines} of libraries\n"));
            }
            *folded = 0;
        };
        for frame in &self.frames {
            if !is_own(frame, root) {
                folded += 1;
                continue;
            }
            fold(&mut shown, &mut folded);
            let file = frame.file.strip_prefix(root).unwrap_or(&frame.file);
            shown.push_str(&format!("  {}:{}", file.display(), frame.line));
            if !frame.function.is_empty() {
                shown.push_str(&format!(" in {}", frame.function));
            }
            shown.push('\n');
        }
        fold(&mut shown, &mut folded);
        shown + &self.exception
    }
}

/// Whether it is a line of the project, not of a library that is installed inside of it.
fn is_own(frame: &Frame, root: &Path) -> bool {
    let inside = frame.file.strip_prefix(root);
    inside.is_ok_and(|inside| {
        !inside.iter().any(|part| {
            part == "site-packages"
                || part == "dist-packages"
                || part.as_encoded_bytes().starts_with(b".")
        })
    })
}

/// The lines around `line`, which is marked.
pub(super) fn excerpt(text: &str, line: usize) -> String {
    let first = line.saturating_sub(AROUND).max(1);
    let lines = text.lines().enumerate().skip(first - 1);
    let shown = lines.take_while(|(number, _)| *number < line + AROUND);
    let shown: Vec<String> = shown
        .map(|(number, text)| {
            let mark = if number + 1 == line { '>' } else { ' ' };
            format!("{mark} {:>4} | {text}", number + 1)
                .trim_end()
                .to_owned()
        })
        .collect();
    shown.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME_ERROR: &str = r#"[2026-11-28 21:00:00 +0000] [7] [INFO] Booting worker
Internal Server Error: /api/books
Traceback (most recent call last):
  File "/shop/.venv/lib/python3.11/site-packages/django/core/handlers/exception.py", line 55, in inner
    response = get_response(request)
               ^^^^^^^^^^^^^^^^^^^^^
  File "/usr/lib/python3.11/contextlib.py", line 81, in inner
    return func(*args, **kwds)
  File "/shop/books/views.py", line 3, in get
    return answer(missing)
                  ^^^^^^^
NameError: name 'missing' is not defined
[2026-11-28 21:00:00 +0000] [7] [INFO] Shutting down
"#;

    const SYNTAX_ERROR: &str = r#"Traceback (most recent call last):
  File "/shop/shop/urls.py", line 4, in <module>
    from books import views
  File "/shop/books/views.py", line 1
    def x(:
          ^
SyntaxError: invalid syntax
"#;

    const CHAINED: &str = r#"Traceback (most recent call last):
  File "/shop/shop/settings.py", line 9, in <module>
    os.environ["MISSING"]
KeyError: 'MISSING'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/usr/lib/python3/dist-packages/django/conf/__init__.py", line 10, in setup
    raise ImproperlyConfigured("no")
django.core.exceptions.ImproperlyConfigured: no
"#;

    fn shown(output: &str) -> String {
        let read = |file: &Path| {
            let is_views = file == Path::new("/shop/books/views.py");
            is_views.then(|| {
                "import a\n\n    return answer(missing)\n\ndef b():\n    pass\n    # 7\n".to_owned()
            })
        };
        match problem(
            "The new version failed",
            output,
            Path::new("/shop"),
            &read,
            &Editor::default(),
        ) {
            Some(problem) => format!(
                "{} at {}:{}\n{}",
                problem.title,
                problem.file.unwrap_or_default(),
                problem.line,
                problem.text
            ),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn an_exception_is_shown_with_the_projects_own_line() {
        insta::assert_snapshot!(shown(NAME_ERROR), @r#"
        NameError: name 'missing' is not defined at books/views.py:3
        The new version failed

             1 | import a
             2 |
        >    3 |     return answer(missing)
             4 |
             5 | def b():
             6 |     pass

          … 2 lines of libraries
          books/views.py:3 in get
        NameError: name 'missing' is not defined
        "#);
        insta::assert_snapshot!(shown(SYNTAX_ERROR), @r#"
        SyntaxError: invalid syntax at books/views.py:1
        The new version failed

            def x(:
                  ^

          shop/urls.py:4 in <module>
          books/views.py:1
        SyntaxError: invalid syntax
        "#);
        insta::assert_snapshot!(shown(CHAINED), @r#"
        django.core.exceptions.ImproperlyConfigured: no at shop/settings.py:9
        The new version failed

          shop/settings.py:9 in <module>
        KeyError: 'MISSING'
        "#);
        insta::assert_snapshot!(shown("  File \"/shop/manage.py\", line 2\n    x = = 1\n        ^\nSyntaxError: invalid syntax\n"), @r#"
        SyntaxError: invalid syntax at manage.py:2
        The new version failed

            x = = 1
                ^

          manage.py:2
        SyntaxError: invalid syntax
        "#);
    }

    #[test]
    fn a_schema_that_is_behind_is_told_from_other_errors() {
        for (line, expected) in [
            (
                "django.db.utils.OperationalError: no such table: books_book",
                true,
            ),
            (
                "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) no such column: a.b",
                true,
            ),
            (
                "psycopg.errors.UndefinedTable: relation \"books_book\" does not exist",
                true,
            ),
            (
                "django.db.utils.ProgrammingError: (1146, \"Table 'a.b' doesn't exist\")",
                true,
            ),
            (
                "django.db.utils.OperationalError: unable to open database file",
                false,
            ),
            ("ValueError: it does not exist", false),
            ("no such table", false),
        ] {
            assert_eq!(says_schema_is_behind(line), expected, "{line}");
        }
    }

    #[test]
    fn other_output_is_no_traceback() {
        for output in [
            "",
            "Traceback (most recent call last):",
            "Traceback (most recent call last):\n  no frame\nnonsense here",
            "thread 'main' panicked at src/main.rs:1:1:\nno luck",
        ] {
            assert_eq!(shown(output), "none", "{output}");
        }
    }

    #[test]
    fn a_line_without_surroundings_is_shown_alone() {
        assert_eq!(excerpt("one", 1), ">    1 | one");
        assert_eq!(excerpt("", 1), "");
        assert_eq!(excerpt("one", 7), "");
    }
}
