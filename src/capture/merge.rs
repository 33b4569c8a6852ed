//! Several files of events, each in the order of time, read as one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;

use super::Error;
use super::raw::Event;

/// A file of events in the order of their times.
pub(super) trait Source {
    /// Goes to the next event and returns its time; `None` at the end. A file that was cut short
    /// ends at its last whole event.
    fn advance(&mut self) -> Result<Option<u64>, Error>;

    /// The event that the last [`advance`](Source::advance) went to.
    fn event(&self) -> Event<'_>;
}

/// The events of a recording, read as they are asked for.
pub struct Events {
    sources: Vec<Box<dyn Source>>,
    // The time of each source's current event. The one handed out last is not in here.
    heads: BinaryHeap<Reverse<(u64, usize)>>,
    handed_out: Option<usize>,
}

impl Events {
    pub(super) fn new(mut sources: Vec<Box<dyn Source>>) -> Result<Events, Error> {
        let mut heads = BinaryHeap::with_capacity(sources.len());
        for (at, source) in sources.iter_mut().enumerate() {
            if let Some(time) = source.advance()? {
                heads.push(Reverse((time, at)));
            }
        }
        Ok(Events { sources, heads, handed_out: None })
    }

    /// The next event; it borrows the reader's buffer until the next call.
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot lend its buffer")]
    pub fn next(&mut self) -> Result<Option<Event<'_>>, Error> {
        if let Some(at) = self.handed_out.take()
            && let Some(time) = self.sources[at].advance()?
        {
            self.heads.push(Reverse((time, at)));
        }
        let Some(Reverse((_, at))) = self.heads.pop() else { return Ok(None) };
        self.handed_out = Some(at);
        Ok(Some(self.sources[at].event()))
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("sources", &self.sources.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each event is `Lost` with the number at which it lies in the whole.
    struct Times(Vec<u64>, u64);

    impl Source for Times {
        fn advance(&mut self) -> Result<Option<u64>, Error> {
            let next = self.0.pop();
            self.1 = next.unwrap_or(0);
            Ok(next)
        }

        fn event(&self) -> Event<'_> {
            Event::Lost { events: self.1 }
        }
    }

    fn source(times: &[u64]) -> Box<dyn Source> {
        Box::new(Times(times.iter().rev().copied().collect(), 0))
    }

    #[test]
    fn events_of_several_files_come_in_the_order_of_time() {
        let mut events =
            Events::new(vec![source(&[1, 4, 9]), source(&[]), source(&[2, 3, 10, 11])]).unwrap();
        let mut seen = Vec::new();
        while let Some(event) = events.next().unwrap() {
            let Event::Lost { events } = event else { panic!("{event:?}") };
            seen.push(events);
        }
        assert_eq!(seen, [1, 2, 3, 4, 9, 10, 11]);
        assert!(events.next().unwrap().is_none());
    }
}
