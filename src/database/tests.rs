//! Random histories run on databases that hold more than the entities say.

mod branch;
mod branches;
mod by_hand;
mod by_hand_sqlite;
mod changes;
mod place;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::database::block_on;
use crate::sql::Dialect;

/// Runs `work` on `few` random values, or on as many as `LUTHIER_EVOLUTIONS` asks for. Servers, which are slow, get
/// the same values in every run unless more are asked for.
fn try_out<S: Strategy>(
    dialect: Dialect,
    few: u32,
    strategy: &S,
    work: impl AsyncFn(S::Value) -> Result<(), TestCaseError>,
) {
    let asked = std::env::var("LUTHIER_EVOLUTIONS").ok();
    let config = Config {
        cases: asked.as_ref().and_then(|n| n.parse().ok()).unwrap_or(few),
        max_shrink_iters: 100,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = match asked.is_some() || dialect == Dialect::Sqlite {
        true => TestRunner::new(config),
        false => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    let result = runner.run(strategy, |value| {
        let result = block_on(async { Ok(work(value).await) });
        result.map_err(|error| TestCaseError::fail(error.source.to_string()))?
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}
