//! The rule about units.

use super::dashboard::{Dashboard, Panel, list, text};
use super::panel::overridden;

/// Finds panels without a unit, and with units that Grafana does not know.
///
/// States that are shown by words need none.
pub(super) fn known(panel: &Panel<'_>, _: &Dashboard<'_>) -> Vec<String> {
    let config = &panel.json["fieldConfig"]["defaults"];
    let own = text(config, "unit");
    let units = overridden(panel, "unit").filter_map(|unit| unit.as_str());
    let mut units = units.chain([own]).filter(|unit| !unit.is_empty()).peekable();
    if units.peek().is_none() {
        let is_worded = shows_words(panel)
            || !list(&config["mappings"]).is_empty()
            || overridden(panel, "mappings").any(|mappings| !list(mappings).is_empty());
        return if is_worded { Vec::new() } else { vec!["it has no unit".to_owned()] };
    }
    let unknown = units.filter(|unit| !is_known(unit));
    unknown.map(|unit| format!("Grafana knows no unit `{unit}`")).collect()
}

/// Whether a panel of one value is told to show something else than numbers.
fn shows_words(panel: &Panel<'_>) -> bool {
    panel.kind == "stat" && !text(&panel.json["options"]["reduceOptions"], "fields").is_empty()
}

fn is_known(unit: &str) -> bool {
    let made =
        |beginning: &&str| unit.strip_prefix(*beginning).is_some_and(|rest| !rest.is_empty());
    UNITS.split_ascii_whitespace().any(|known| known == unit) || MADE.iter().any(made)
}

/// How units begin that say themselves what is written beside the number.
const MADE: &[&str] = &["prefix:", "suffix:", "time:", "si:", "count:", "currency:", "bool:"];

/// Grafana 13's units, in the order in which its editor offers them.
///
/// The linter's own list is older: it lacks `recps`, which is records a second, and others.
const UNITS: &str = "
    none string short sishort percent percentunit humidity dB candela hex0x hex sci locale
    pixel
    accMS2 accFS2 accG
    degree radian grad arcmin arcsec
    areaM2 areaF2 areaMI2 acres hectares
    flops mflops gflops tflops pflops eflops zflops yflops
    ppm conppb conngm3 conngNm3 conμgm3 conμgNm3 conmgm3 conmgNm3 congm3 congNm3 conmgdL
    conmmolL
    currencyUSD currencyGBP currencyEUR currencyJPY currencyRUB currencyUAH currencyBRL
    currencyDKK currencyISK currencyNOK currencySEK currencyCZK currencyCHF currencyPLN
    currencyBTC currencymBTC currencyμBTC currencyZAR currencyINR currencyKRW currencyIDR
    currencyPHP currencyVND currencyTRY currencyMYR currencyXPF currencyBGN currencyPYG
    currencyUYU currencyILS
    bytes decbytes bits decbits kbytes deckbytes mbytes decmbytes gbytes decgbytes tbytes
    dectbytes pbytes decpbytes
    pps binBps Bps binbps bps KiBs Kibits KBs Kbits MiBs Mibits MBs Mbits GiBs Gibits GBs Gbits
    TiBs Tibits TBs Tbits PiBs Pibits PBs Pbits
    dateTimeAsIso dateTimeAsIsoNoDateIfToday dateTimeAsUS dateTimeAsUSNoDateIfToday
    dateTimeAsLocal dateTimeAsLocalNoDateIfToday dateTimeAsSystem dateTimeFromNow
    watt kwatt megwatt gwatt mwatt Wm2 voltamp kvoltamp voltampreact kvoltampreact watth
    watthperkg kwatth kwattm mwatth amph kamph mamph joule ev amp kamp mamp volt kvolt mvolt
    dBm mohm ohm kohm Mohm farad µfarad nfarad pfarad ffarad henry mhenry µhenry lumens
    flowgpm flowcms flowcfs flowcfm litreh flowlpm flowmlpm lux
    forceNm forcekNm forceN forcekN
    Hs KHs MHs GHs THs PHs EHs
    massmg massg masslb masskg masst
    lengthmm lengthcm lengthin lengthft lengthm lengthkm lengthmi
    pressurembar pressurebar pressurekbar pressurepa pressurehpa pressurekpa pressurehg
    pressurepsi
    radbq radci radgy radrad radsv radmsv radusv radrem radexpckg radr radsvh radmsvh radusvh
    rotrpm rothz rotkhz rotmhz rotghz rotrads rotdegs
    celsius fahrenheit kelvin
    hertz ns µs ms s m h d dtdurationms dtdurations dthms dtdhms timeticks clockms clocks
    cps ops reqps rps wps iops eps mps recps rowsps cpm opm reqpm rpm wpm epm mpm recpm rowspm
    velocityms velocitykmh velocitymph velocityknot
    mlitre litre m3 Nm3 dm3 gallons
    bool bool_yes_no bool_on_off
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_grafana() {
        assert_eq!(UNITS.split_ascii_whitespace().count(), 273);
        for unit in ["s", "recps", "binBps", "percentunit", "\u{b5}s", "suffix:rec/s"] {
            assert!(is_known(unit), "{unit}");
        }
        for unit in ["", "seconds", "records/s", "suffix:", "S"] {
            assert!(!is_known(unit), "{unit}");
        }
    }
}
