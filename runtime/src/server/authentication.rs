//! Who may scrape.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bcrypt::HashParts;
use ring::digest::{SHA256, digest};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::web_config::Secret;

/// A hash of bcrypt that no password has, for users that nobody knows: to ask for one takes as
/// long as to ask for another.
const NOBODY: &str = "$2b$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";

/// Most passwords that are remembered as right.
const REMEMBERED: usize = 100;

/// Users with the hashes of their passwords, and tokens.
pub(super) struct Authentication {
    users: HashMap<String, Secret>,
    /// Their digests, which take the same time to compare whatever the tokens are.
    tokens: HashSet<[u8; 32]>,
    /// Digests of what was right before: bcrypt is slow on purpose, and scrapers come often.
    right: Mutex<HashSet<[u8; 32]>>,
    /// Passwords are checked one after the other, so that guessing takes one processor at most.
    turn: Semaphore,
}

impl Authentication {
    /// None where there is nobody; an error with the name of a user whose hash is none.
    pub(super) fn new(
        users: HashMap<String, Secret>,
        tokens: Vec<Secret>,
    ) -> Result<Option<Self>, String> {
        for (user, hash) in &users {
            HashParts::from_str(&hash.0).map_err(|_| user.clone())?;
        }
        if users.is_empty() && tokens.is_empty() {
            return Ok(None);
        }
        let tokens = tokens.iter().map(|token| sha256(token.0.as_bytes())).collect();
        Ok(Some(Self { users, tokens, right: Mutex::default(), turn: Semaphore::new(1) }))
    }

    /// Whether a request says who it is from, and truly.
    async fn admits(self: &Arc<Self>, headers: &HeaderMap) -> bool {
        let header = headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok());
        let Some((scheme, credentials)) = header.and_then(|header| header.split_once(' ')) else {
            return false;
        };
        let credentials = credentials.trim();
        match scheme.to_ascii_lowercase().as_str() {
            "bearer" => self.tokens.contains(&sha256(credentials.as_bytes())),
            "basic" => self.knows(credentials).await,
            _ => false,
        }
    }

    /// Whether a user has this password.
    async fn knows(self: &Arc<Self>, credentials: &str) -> bool {
        let remembered = sha256(credentials.as_bytes());
        if self.right().contains(&remembered) {
            return true;
        }
        let Some((user, password)) = decoded(credentials) else { return false };
        let hash = self.users.get(&user).map(|hash| hash.0.clone());
        let is_somebody = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let Ok(_turn) = self.turn.acquire().await else { return false };
        let verified = spawn_blocking(move || bcrypt::verify(password, &hash).unwrap_or(false));
        let is_right = verified.await.unwrap_or(false) && is_somebody;
        if is_right {
            let mut right = self.right();
            if right.len() >= REMEMBERED {
                right.clear();
            }
            right.insert(remembered);
        }
        is_right
    }

    fn right(&self) -> std::sync::MutexGuard<'_, HashSet<[u8; 32]>> {
        self.right.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a client is asked for.
    fn challenge(&self) -> &'static str {
        if self.users.is_empty() { "Bearer" } else { "Basic" }
    }
}

impl fmt::Debug for Authentication {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Authentication").finish_non_exhaustive()
    }
}

/// Lets nobody through who is not admitted.
pub(super) async fn authenticate(
    State(authentication): State<Arc<Authentication>>,
    request: Request,
    next: Next,
) -> Response {
    if authentication.admits(request.headers()).await {
        return next.run(request).await;
    }
    let challenge = [(WWW_AUTHENTICATE, authentication.challenge())];
    (StatusCode::UNAUTHORIZED, challenge, "who are you?\n").into_response()
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut sum = [0; 32];
    sum.copy_from_slice(digest(&SHA256, bytes).as_ref());
    sum
}

/// The user and the password of basic authentication.
fn decoded(credentials: &str) -> Option<(String, Vec<u8>)> {
    let bytes = BASE64_STANDARD.decode(credentials).ok()?;
    let colon = bytes.iter().position(|byte| *byte == b':')?;
    let user = String::from_utf8(bytes[..colon].to_vec()).ok()?;
    Some((user, bytes[colon + 1..].to_vec()))
}
