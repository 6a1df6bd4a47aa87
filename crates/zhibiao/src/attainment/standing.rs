//! Why an attainment is there or is not.

use crate::label::Lang;
use crate::table::Status;

/// Status (状态) of a row: that of its value, or what its target leaves.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Standing {
    /// That of the value; `partial` also where value and target are not made of the same areas,
    /// `not_applicable` also below a negative target.
    Of(Status),
    /// There is a value and no target.
    NoTarget,
    /// The target is 0: nothing can be divided by it.
    ZeroTarget,
}

impl Standing {
    /// The word used in tables.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Of(status) => status.id(),
            Self::NoTarget => "no_target",
            Self::ZeroTarget => "zero_target",
        }
    }

    /// The word for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Of(status) => status.label(lang),
            Self::NoTarget => lang.of("无任务", "no target"),
            Self::ZeroTarget => lang.of("任务为零", "zero target"),
        }
    }
}
