//! A walk in chapters: one that does not hold does not hide the next.

/// Runs every chapter; panics at the end with the names of those that panicked.
pub(crate) fn walk<'a, F: FnOnce() + Send>(chapters: impl IntoIterator<Item = (&'a str, F)>) {
    let mut wrong = Vec::new();
    for (name, chapter) in chapters {
        // A thread of its own, which tells its name when it panics.
        let ended = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().name(name.to_owned());
            let chapter = thread.spawn_scoped(scope, chapter);
            chapter.expect("a thread").join()
        });
        if ended.is_err() {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "these chapters do not hold: {wrong:?}");
}
