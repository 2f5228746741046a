/// Milliseconds of a span written as a whole number and a unit: `90d`, `12h`, `30m`, `2s`, `500ms`.
///
/// ```
/// use hearken::lead::parse_duration;
///
/// assert_eq!(parse_duration("90m"), Some(5_400_000));
/// assert_eq!(parse_duration("90"), None);
/// ```
pub fn parse_duration(text: &str) -> Option<i64> {
    let unit = text.find(|c: char| !c.is_ascii_digit())?;
    let (count, unit) = text.split_at_checked(unit)?;
    let millis = match unit {
        "d" => 86_400_000,
        "h" => 3_600_000,
        "m" => 60_000,
        "s" => 1_000,
        "ms" => 1,
        _ => return None,
    };
    count.parse::<i64>().ok()?.checked_mul(millis)
}
