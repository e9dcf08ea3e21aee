//! Templates to text: handlebars in strict mode, where a missing value is an error, and without HTML escaping.
//!
//! Besides the built-in helpers there are those that change the case of a name: `snakeCase`, `kebabCase`,
//! `upperCamelCase`, `lowerCamelCase`, `shoutySnakeCase`, `titleCase`. And `{{#fit 100}}…{{else}}…{{/fit}}` writes
//! its first block if no line of that is longer, or else its second: rustfmt's rules, to be said in a template. And
//! `{{#signature}}fn f(a: A, b: B) -> C {{{/signature}}` writes one argument a line where all of them are too long for one.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonTruthy, Output, RenderContext,
    RenderErrorReason, Renderable,
};
use serde_json::{Map, Value};

use super::wire::rust::arguments;
use crate::error::{Error, Result};

/// Renders the templates of one pack.
pub(crate) struct Renderer<'a> {
    pack: &'a str,
    handlebars: Handlebars<'static>,
}

impl<'a> Renderer<'a> {
    pub(crate) fn new(pack: &'a str) -> Self {
        let mut handlebars = Handlebars::new();
        handlebars.set_strict_mode(true);
        handlebars.register_escape_fn(handlebars::no_escape);
        handlebars.register_helper("if", Box::new(If { wanted: true }));
        handlebars.register_helper("unless", Box::new(If { wanted: false }));
        handlebars.register_helper("fit", Box::new(Fit));
        handlebars.register_helper("signature", Box::new(Signature));
        Self { pack, handlebars }
    }

    /// The text that the template at `source` in the pack has for `values`.
    pub(crate) fn render(
        &self,
        source: &str,
        template: &[u8],
        values: &Map<String, Value>,
    ) -> Result<String> {
        let refused = |line: Option<usize>, reason: String| {
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            Error::failed(format_args!(
                "pack `{}`: {source}{line}: {reason}",
                self.pack
            ))
        };
        let template = std::str::from_utf8(template)
            .map_err(|_| refused(None, "it is not UTF-8 text".to_owned()))?;
        let [before, middle, after] = parts(template);
        let lines_before = before.lines().count();
        let line = |line: Option<usize>| line.map(|line| line + lines_before);
        let rendered = self.handlebars.render_template(middle, values);
        let rendered = rendered.map_err(|error| match error.reason() {
            RenderErrorReason::TemplateError(error) => refused(
                line(error.pos().map(|(line, _)| line)),
                error.reason().to_string(),
            ),
            reason => refused(line(error.line_no), described(reason)),
        })?;
        Ok([before, &rendered, after].concat())
    }
}

/// The lines before the first expression, those up to the last, and those after it. Only the middle is for handlebars,
/// whose parser takes its time: the 3,000 lines of a `Cargo.lock` have one expression.
fn parts(template: &str) -> [&str; 3] {
    let (Some(first), Some(last)) = (template.find("{{"), template.rfind("}}")) else {
        return ["", template, ""];
    };
    // `{{~` and `~}}` reach beyond their lines.
    if last < first || template.contains("{{~") || template.contains("~}}") {
        return ["", template, ""];
    }
    let start = template[..first]
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    let end = template[last..]
        .find('\n')
        .map_or(template.len(), |newline| last + newline + 1);
    [&template[..start], &template[start..end], &template[end..]]
}

/// `if` and `unless` as handlebars has them, but strict: theirs take a value that is not there for false.
struct If {
    wanted: bool,
}

impl HelperDef for If {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render: &mut RenderContext<'reg, 'rc>,
        output: &mut dyn Output,
    ) -> HelperResult {
        let value = helper
            .param(0)
            .ok_or(RenderErrorReason::ParamNotFoundForIndex("if", 0))?;
        if value.is_value_missing() {
            let path = value.relative_path().cloned();
            return Err(RenderErrorReason::MissingVariable(path).into());
        }
        let branch = if value.value().is_truthy(false) == self.wanted {
            helper.template()
        } else {
            helper.inverse()
        };
        match branch {
            Some(branch) => branch.render(registry, context, render, output),
            None => Ok(()),
        }
    }
}

/// Writes its first block if that is at most as many characters wide as its parameter says, or else its second.
struct Fit;

impl HelperDef for Fit {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render: &mut RenderContext<'reg, 'rc>,
        output: &mut dyn Output,
    ) -> HelperResult {
        let width = helper.param(0).and_then(|width| width.value().as_u64());
        let width = width.ok_or(RenderErrorReason::ParamNotFoundForIndex("fit", 0))?;
        let (Some(narrow), Some(wide)) = (helper.template(), helper.inverse()) else {
            return Err(RenderErrorReason::Other("`fit` needs two blocks".to_owned()).into());
        };
        let text = narrow.renders(registry, context, render)?;
        let widest = text.lines().map(|line| line.chars().count()).max();
        if widest.unwrap_or_default() as u64 <= width {
            output.write(&text)?;
            return Ok(());
        }
        wide.render(registry, context, render, output)
    }
}

/// Writes the signature of a function as rustfmt has it.
struct Signature;

/// What rustfmt lets stand in one line.
const MAX_WIDTH: usize = 100;

impl HelperDef for Signature {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render: &mut RenderContext<'reg, 'rc>,
        output: &mut dyn Output,
    ) -> HelperResult {
        let block = helper.template().ok_or_else(|| {
            RenderErrorReason::Other("`signature` needs the line of a function".to_owned())
        })?;
        let line = block.renders(registry, context, render)?;
        match line.trim_end().chars().count() <= MAX_WIDTH {
            true => output.write(&line)?,
            false => output.write(&one_argument_a_line(&line))?,
        }
        Ok(())
    }
}

fn one_argument_a_line(line: &str) -> String {
    // Not the bracket of `pub(crate)`.
    let name = line.find("fn ").unwrap_or_default();
    let open = line[name..].find('(').map(|open| name + open);
    let (Some(open), Some(close)) = (open, line.rfind(") ->").or(line.rfind(") {"))) else {
        return line.to_owned();
    };
    let arguments = arguments(&line[open + 1..close]);
    let lines = arguments
        .iter()
        .map(|argument| format!("    {argument},\n"));
    let lines: String = lines.collect();
    format!("{}\n{lines}{}", &line[..=open], &line[close..])
}

fn described(reason: &RenderErrorReason) -> String {
    match reason {
        RenderErrorReason::MissingVariable(Some(name)) => format!("there is no value `{name}`"),
        reason => reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(template: &str) -> Result<String> {
        let values = serde_json::json!({
            "name": "book-store", "html": "<b>", "yes": true, "no": false, "list": ["a", "b"],
        });
        let renderer = Renderer::new("web");
        renderer.render(
            "project/a.rs.hbs",
            template.as_bytes(),
            values.as_object().unwrap(),
        )
    }

    #[test]
    fn values_conditions_loops_and_cases_render() {
        let cases = [
            ("{{name}} {{html}}", "book-store <b>"),
            (
                "{{snakeCase name}} {{upperCamelCase name}} {{titleCase name}}",
                "book_store BookStore Book Store",
            ),
            ("a\n{{#if yes}}\nb\n{{else}}\nc\n{{/if}}\nd\n", "a\nb\nd\n"),
            ("{{#unless no}}x{{/unless}}", "x"),
            ("{{#fit 10}}{{name}}{{else}}wide{{/fit}}", "book-store"),
            ("{{#fit 9}}{{name}}{{else}}wide{{/fit}}", "wide"),
            (
                "a\n{{#fit 5}}\n12345\n67\n{{else}}\nb\n{{/fit}}\nc\n",
                "a\n12345\n67\nc\n",
            ),
            (
                "{{#signature}}\nfn f(a: A<B, C>) -> D {\n{{/signature}}\n",
                "fn f(a: A<B, C>) -> D {\n",
            ),
            (
                "{{#signature}}\npub(crate) fn a_name_that_takes_room(first: Map<Key, Value>, Path((id, key)): Path<(i64, Uuid)>, last: {{name}}) -> D {\n{{/signature}}\n",
                "pub(crate) fn a_name_that_takes_room(\n    first: Map<Key, Value>,\n    Path((id, key)): Path<(i64, Uuid)>,\n    last: book-store,\n) -> D {\n",
            ),
            ("{{#each list}}\n- {{this}}\n{{/each}}\n", "- a\n- b\n"),
            ("no expression\n", "no expression\n"),
            ("}}\n{{name}}\n", "}}\nbook-store\n"),
            ("a\n\n{{~name~}}\n\nb", "abook-storeb"),
            ("a\n\n  {{#if yes}}\nb\n  {{/if}}\n\nc\n", "a\n\nb\n\nc\n"),
            ("{% block %}\\{{ kept }}", "{% block %}{{ kept }}"),
        ];
        for (template, expected) in cases {
            assert_eq!(rendered(template).unwrap(), expected, "{template}");
        }
    }

    #[test]
    fn what_is_missing_or_broken_is_an_error_with_its_place() {
        let cases = [
            (
                "a\n{{nmae}}",
                "pack `web`: project/a.rs.hbs:2: there is no value `nmae`",
            ),
            (
                "a\n\n{{#if nmae}}x{{/if}}",
                "pack `web`: project/a.rs.hbs:3: there is no value `nmae`",
            ),
            ("a\n{{snakeCase nmae}}", "pack `web`: project/a.rs.hbs:2: "),
            ("a\n{{#if yes}}", "pack `web`: project/a.rs.hbs:"),
            ("{{name", "pack `web`: project/a.rs.hbs:1: "),
        ];
        for (template, expected) in cases {
            let message = rendered(template).unwrap_err().to_string();
            assert!(message.starts_with(expected), "{template}: {message}");
        }
    }
}
