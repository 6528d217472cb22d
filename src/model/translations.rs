//! How a translation stands to its original: computed, never declared.

use super::{Entry, Model, Origin, PartialDate};

/// When an entry's words last changed.
#[derive(Clone, Copy)]
enum Change {
    /// A commit, in seconds since 1970.
    Moment(i64),
    /// A date that the entry gives.
    Date(PartialDate),
}

impl Change {
    /// What the entry gives itself counts, then git; a day of publication of its
    /// own is better than nothing.
    fn of(entry: &Entry) -> Option<Self> {
        let given = |field: &str| {
            let stored = entry.values.get(field)?;
            matches!(stored.origin, Origin::Given(_)).then(|| stored.value.as_date())?
        };
        let updated = given("updated").map(Self::Date);
        updated.or(entry.changed.map(Self::Moment)).or_else(|| given("date").map(Self::Date))
    }

    fn date(self) -> Option<PartialDate> {
        match self {
            Self::Date(date) => Some(date),
            Self::Moment(seconds) => PartialDate::of_seconds(seconds),
        }
    }

    /// Whether it came after another; days that may be the same are no proof.
    fn is_after(self, other: Self) -> bool {
        match (self, other) {
            (Self::Moment(this), Self::Moment(other)) => this > other,
            _ => match (self.date(), other.date()) {
                (Some(this), Some(other)) => this.first_day() > other.last_day(),
                _ => false,
            },
        }
    }
}

impl Model {
    /// The entry that a translation translates, if it is published.
    pub fn original<'m>(&'m self, entry: &'m Entry) -> Option<&'m Entry> {
        let original = entry.original.as_ref()?;
        self.translations(entry).find(|other| other.file == original.file)
    }

    /// The original of a translation, where that has changed since. Where either
    /// change is not known, nothing is said.
    pub fn changed_original<'m>(&'m self, entry: &'m Entry) -> Option<&'m Entry> {
        let original = self.original(entry)?;
        Change::of(original)?.is_after(Change::of(entry)?).then_some(original)
    }

    /// Whether it is unknown if a translation is up to date.
    pub fn is_undated_translation(&self, entry: &Entry) -> bool {
        let unknown = |original| Change::of(original).is_none() || Change::of(entry).is_none();
        self.original(entry).is_some_and(unknown)
    }

    /// The day of the change that counts for [`Model::changed_original`].
    pub fn last_change(&self, entry: &Entry) -> Option<PartialDate> {
        Change::of(entry)?.date()
    }
}
