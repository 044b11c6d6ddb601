//! What judges say, and what tests make of it.

use std::fmt::Debug;

/// What a judge says: what it read, or in its own words why it refuses.
pub type Verdict<T = ()> = Result<T, String>;

/// What the judge read; a refusal is a panic in the judge's own words.
#[track_caller]
pub fn accepted<T>(verdict: Verdict<T>) -> T {
    match verdict {
        Ok(read) => read,
        Err(complaint) => panic!("refused:\n{complaint}"),
    }
}

/// The judge must refuse, and say these words among others.
#[track_caller]
pub fn refused<T: Debug>(verdict: Verdict<T>, words: &str) {
    let complaint = verdict.expect_err("this should be refused");
    assert!(complaint.contains(words), "`{words}` is not in the complaint:\n{complaint}");
}
