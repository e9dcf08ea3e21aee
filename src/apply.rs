//! The only writer of files: checks a plan, stages it, commits it.
