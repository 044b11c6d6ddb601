//! What the figures were measured on.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

/// Processor, system and compiler; nothing that names whose machine it is.
pub(crate) fn description(cores: usize) -> String {
    let processor = first_line("/proc/cpuinfo", "model name");
    let family = first_line("/proc/cpuinfo", "cpu family");
    let model = first_line("/proc/cpuinfo", "model");
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    // What somebody has built says less than which version it is.
    let kernel = kernel.trim().split(['-', '+']).next().unwrap_or_default();
    let system = format!("{} {kernel}", std::env::consts::OS);
    format!(
        "Processor: {processor} (family {family}, model {model}), {cores} CPUs, {}. System: \
         {}. Compiler: {}, fat LTO, one codegen unit.",
        std::env::consts::ARCH,
        system.trim(),
        env!("RUSTC_VERSION")
    )
}

/// The value behind a key of a file of the system.
fn first_line(file: &str, key: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let pairs = text.lines().filter_map(|line| line.split_once(':'));
    let mut values = pairs.filter(|(name, _)| name.trim() == key).map(|(_, value)| value.trim());
    values.next().unwrap_or("unknown").to_owned()
}

/// The date of the measurement.
pub(crate) fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    date(since.as_secs() / 86_400)
}

/// The date so many days after the first of January 1970, as Howard Hinnant computes it.
fn date(days: u64) -> String {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", year_of_era + era * 400 + later)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn days_become_dates() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(11_016), "2000-02-29");
        assert_eq!(date(20_782), "2026-11-25");
    }
}
