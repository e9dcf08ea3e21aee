//! An open page that is kept current, in a real browser.

use crate::browser::Browser;
use crate::project::Demo;

/// Inside of what our script shows over the page.
const OVER: &str = "document.querySelector('luthier-overlay')?.shadowRoot";

pub(crate) fn walk(demo: &Demo) {
    let Some(mut page) = Browser::open(&demo.client.base) else {
        return;
    };
    page.until("document.readyState == 'complete' && document.title");
    // A page that loads again forgets it.
    page.value("window.same = true");

    // A style sheet is exchanged in place.
    page.until("[...document.querySelectorAll('script[src^=\"/__luthier/\"]')].length");
    demo.edit("static/site.css", "body {", "body { outline: 7px solid;");
    page.until("getComputedStyle(document.body).outlineWidth == '7px'");
    assert_eq!(page.value("window.same"), true);

    // A template reloads the page.
    demo.edit("templates/welcome.html", "It hums!", "It sings!");
    page.until("document.body.textContent.includes('It sings!')");
    assert!(page.value("window.same").is_null());

    // Also one that forbids all it can, and whose addresses are another site's.
    let strict = "<head>\n  <base href=\"https://elsewhere.invalid/\">\n  <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">";
    demo.edit("templates/base.html", "<head>", strict);
    page.until("!!document.querySelector('base') && document.readyState == 'complete'");
    demo.edit("templates/base.html", strict, "<head>");
    page.until(
        "!document.querySelector('base') && document.readyState == 'complete' && document.title",
    );
    page.value("window.same = true");

    // A mistake is shown over it, and gone when it is fixed; the page stays.
    let first = "use axum::extract::State;";
    demo.edit("src/urls.rs", first, &format!("use mistake as _;\n{first}"));
    let shown = page.until(&format!("{OVER}?.querySelector('dialog')?.innerText"));
    let shown = shown.as_str().expect("text");
    assert!(
        shown.contains("src/urls.rs:") && shown.contains("`mistake`"),
        "{shown}"
    );
    assert_eq!(page.value("window.same"), true);
    demo.edit("src/urls.rs", "use mistake as _;\n", "");
    page.until(&format!("!{OVER}?.querySelector('dialog')"));

    // A migration is applied from the page.
    demo.luthier(&["makemigrations", "--empty", "--name", "later"]);
    let banner = page.until(&format!("{OVER}?.querySelector('.banner')?.innerText"));
    assert!(
        banner.as_str().expect("text").contains("_later"),
        "{banner}"
    );
    // The page may be about to load again, for the site that starts with the new migration.
    for _ in 0..100 {
        if demo.running.heard().contains("Migrated") {
            break;
        }
        page.until(&format!(
            "({OVER}?.querySelector('.banner button')?.click(), true)"
        ));
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    page.until(&format!(
        "document.readyState == 'complete' && !{OVER}?.querySelector('.banner')"
    ));
    demo.luthier(&["migrate", "--check"]);
}
