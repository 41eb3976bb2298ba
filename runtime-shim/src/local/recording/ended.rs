use crate::{Failure, Outcome};

/// What became of one event, without the reply: the part of an [`Outcome`] that a recording keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Handled.
    Done,
    /// Not handled, to be delivered again.
    Retry {
        /// The failure's stable name, such as `Function.BadInput`.
        name: String,
        /// What went wrong.
        message: String,
    },
    /// Not handled, and given up.
    Drop {
        /// The failure's stable name.
        name: String,
        /// What went wrong.
        message: String,
    },
}

impl Ended {
    /// The word for it in a file.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retry { .. } => "retry",
            Self::Drop { .. } => "drop",
        }
    }
}

impl From<&Outcome> for Ended {
    fn from(outcome: &Outcome) -> Self {
        let of = |failure: &Failure| (failure.name().to_owned(), failure.message().to_owned());
        match outcome {
            Outcome::Done(_) => Self::Done,
            Outcome::Retry(failure) => {
                let (name, message) = of(failure);
                Self::Retry { name, message }
            }
            Outcome::Drop(failure) => {
                let (name, message) = of(failure);
                Self::Drop { name, message }
            }
        }
    }
}
