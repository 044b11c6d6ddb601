//! What goes wrong on purpose, and when: enough for alerts to fire, and to resolve again.

use std::time::Duration;

use crate::service::SLOW;
use crate::system::System;

/// How many times as long as usual the slow group takes.
const SLOWNESS: u32 = 60;

/// What happens in a round, in seconds since its beginning.
const ROUND: [(u64, Event); 6] = [
    // First, while records come as fast as ever: the group must be far behind before long.
    (1, Event::Slow),
    (14, Event::Fail),
    (25, Event::Usual),
    (26, Event::Work),
    // By now Prometheus has known the agents for a while.
    (28, Event::Kill),
    (36, Event::Restart),
];

/// How long a round takes, the recovery included.
const LENGTH: Duration = Duration::from_secs(60);

/// Something that goes wrong, or that is well again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Slow,
    Usual,
    Kill,
    Restart,
    Fail,
    Work,
}

/// Where in the timeline we are.
#[derive(Debug, Default)]
pub(crate) struct Chaos {
    /// How many events there have been, in all rounds.
    done: usize,
}

impl Chaos {
    /// Does what is due after so much time; says what it did.
    pub(crate) async fn advance(&mut self, elapsed: Duration, system: &mut System) -> Vec<String> {
        let mut words = Vec::new();
        while let Some((round, event)) = self.due(elapsed) {
            // Another agent in each round.
            let agent = round % system.cluster.len();
            words.push(format!("chaos: {}", event.words(agent)));
            match event {
                Event::Slow => system.service.set_slowness(SLOWNESS),
                Event::Usual => system.service.set_slowness(1),
                Event::Kill => system.cluster.kill(agent).await,
                Event::Restart => {
                    if let Err(error) = system.cluster.restart(agent).await {
                        // Somebody may have its port for a moment.
                        words.push(format!("chaos: not yet: {error}"));
                        break;
                    }
                }
                Event::Fail => system.cluster.set_errors(true).await,
                Event::Work => system.cluster.set_errors(false).await,
            }
            self.done += 1;
        }
        words
    }

    /// The next event and its round, if its time has come.
    fn due(&self, elapsed: Duration) -> Option<(usize, Event)> {
        let (round, at) = (self.done / ROUND.len(), self.done % ROUND.len());
        let (seconds, event) = ROUND[at];
        let due = LENGTH * round as u32 + Duration::from_secs(seconds);
        (elapsed >= due).then_some((round, event))
    }
}

impl Event {
    fn words(self, agent: usize) -> String {
        let number = agent + 1;
        match self {
            Self::Slow => format!("consumer group {SLOW} takes {SLOWNESS} times as long"),
            Self::Usual => format!("consumer group {SLOW} is as fast as before"),
            Self::Kill => format!("agent-{number} is killed"),
            Self::Restart => format!("agent-{number} is started again"),
            Self::Fail => "the object store fails half of the time".to_owned(),
            Self::Work => "the object store works again".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_is_repeated() {
        let at = |done, seconds| Chaos { done }.due(Duration::from_secs(seconds));
        assert_eq!(at(0, 0), None);
        assert_eq!(at(0, 1), Some((0, Event::Slow)));
        assert_eq!(at(5, 36), Some((0, Event::Restart)));
        assert_eq!(at(6, 60), None);
        assert_eq!(at(9, 86), Some((1, Event::Work)));
    }
}
