//! Dates as editors know them: a year, a month, or a day.

use jiff::civil::Date;
use std::fmt;

/// A date of any precision, perhaps with a time of day, without regard to time
/// zones. Ordered by what is known; a year comes before its months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    /// 0 to 9999.
    pub year: i16,
    /// 1 to 12.
    pub month: Option<i8>,
    /// 1 to 31, existing in that month.
    pub day: Option<i8>,
    /// Hour and minute.
    pub time: Option<(i8, i8)>,
}

impl PartialDate {
    /// What [`Self::parse`] takes, for people.
    pub const FORMS: &str = "write it as 2024-05-31, 2024-05 or 2024";

    /// Reads ISO 8601: `2021`, `2021-05`, `2021-05-03`, and that with a time
    /// behind a `T` or a blank. The error says in plain words what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let cut = text.find(['T', 't', ' ']).unwrap_or(text.len());
        let (day, time) = text.split_at(cut);
        let form = || format!("`{text}` is not a date");
        let number = |part: &str, digits: usize| -> Result<i16, String> {
            let sound = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse().ok().filter(|_| sound).ok_or_else(form)
        };
        let parts: Vec<&str> = day.split('-').collect();
        let (year, month, day) = match parts[..] {
            [year] => (number(year, 4)?, None, None),
            [year, month] => (number(year, 4)?, Some(number(month, 2)?), None),
            [year, month, day] => {
                (number(year, 4)?, Some(number(month, 2)?), Some(number(day, 2)?))
            }
            _ => return Err(form()),
        };
        if let Some(month) = month.filter(|month| !(1..=12).contains(month)) {
            return Err(format!("there is no month {month}"));
        }
        let (month, day) = (month.map(|m| m as i8), day.map(|d| d as i8));
        if let (Some(month), Some(day)) = (month, day) {
            Date::new(year, month, day)
                .map_err(|_| format!("`{}` is not a day that exists", text[..cut].trim()))?;
        }
        // What follows a day is a time of day or a slip; nothing is passed over.
        let time = match time.trim() {
            "" => None,
            text if day.is_some() => Some(clock(text).ok_or_else(form)?),
            _ => return Err(form()),
        };
        Ok(Self { year, month, day, time })
    }

    /// The day in UTC of a moment, given in seconds since 1970.
    pub fn of_seconds(seconds: i64) -> Option<Self> {
        let moment = jiff::Timestamp::from_second(seconds).ok()?;
        let date = jiff::tz::Offset::UTC.to_datetime(moment).date();
        let (month, day) = (Some(date.month()), Some(date.day()));
        (date.year() >= 0).then_some(Self { year: date.year(), month, day, time: None })
    }

    /// The date without its time, as precise as it is known: `2021-05`.
    pub fn iso(&self) -> String {
        match (self.month, self.day) {
            (Some(month), Some(day)) => format!("{:04}-{month:02}-{day:02}", self.year),
            (Some(month), None) => format!("{:04}-{month:02}", self.year),
            _ => format!("{:04}", self.year),
        }
    }

    /// The first day that it can mean.
    pub fn first_day(&self) -> (i16, i8, i8) {
        (self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// The last day that it can mean (31 stands for a month's last).
    pub fn last_day(&self) -> (i16, i8, i8) {
        (self.year, self.month.unwrap_or(12), self.day.unwrap_or(31))
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso())
    }
}

/// Hour and minute of `T10:30:00Z` or ` 10:30`; the offset is not looked at.
fn clock(time: &str) -> Option<(i8, i8)> {
    let mut parts = time.trim_start_matches(['T', 't', ' ']).split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.get(..2)?.parse().ok()?;
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_precision() {
        let iso = |text| PartialDate::parse(text).map(|date| date.iso());
        assert_eq!(iso("2021"), Ok("2021".into()));
        assert_eq!(iso("2021-05"), Ok("2021-05".into()));
        assert_eq!(iso("2021-05-03T10:30:00-04:00"), Ok("2021-05-03".into()));
        assert_eq!(iso("2014-01-23 10:00:09 -0400"), Ok("2014-01-23".into()));
        for bad in [
            "2024-02-30",
            "2021-13",
            "21-05-03",
            "May 2021",
            "",
            "2021-5-3",
            "2021-05-03-01",
            "2021-05 to 2021-09",
            "2021 Spring",
            "2021-05-03 – 06-01",
        ] {
            assert!(iso(bad).is_err(), "{bad}");
        }
        let times = PartialDate::parse("2021-05-03T10:30").map(|date| date.time);
        assert_eq!(times, Ok(Some((10, 30))));
    }
}
