//! Registries whose metrics are made in peculiar ways.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use streamhouse_metrics::{Exposition, Format};

/// Makes its body when it is let go on.
#[derive(Clone, Default)]
pub(crate) struct Blocked(Arc<(Mutex<Gate>, Condvar)>);

#[derive(Default)]
struct Gate {
    is_open: bool,
    waiting: usize,
}

impl Blocked {
    pub(crate) fn open(&self) {
        let (gate, changed) = &*self.0;
        gate.lock().unwrap().is_open = true;
        changed.notify_all();
    }

    /// How many scrapes wait.
    pub(crate) fn waiting(&self) -> usize {
        self.0.0.lock().unwrap().waiting
    }
}

impl Exposition for Blocked {
    fn families(&self, _: Format, body: &mut Vec<u8>) {
        let (gate, changed) = &*self.0;
        let mut gate = gate.lock().unwrap();
        gate.waiting += 1;
        while !gate.is_open {
            gate = changed.wait(gate).unwrap();
        }
        gate.waiting -= 1;
        body.extend_from_slice(b"made 1\n");
    }
}

/// Panics in the middle of its body, as long as it is told to.
pub(crate) struct Panicking(pub(crate) Arc<AtomicBool>);

impl Exposition for Panicking {
    fn families(&self, _: Format, body: &mut Vec<u8>) {
        body.extend_from_slice(b"half a ");
        assert!(!self.0.load(Ordering::Relaxed), "on purpose");
        body.extend_from_slice(b"1\n");
    }
}

/// A body of so many bytes.
pub(crate) struct Large(pub(crate) usize);

impl Exposition for Large {
    fn families(&self, _: Format, body: &mut Vec<u8>) {
        let line = b"large_items{name=\"of a body that is long\"} 1\n";
        while body.len() < self.0 {
            body.extend_from_slice(line);
        }
    }
}
