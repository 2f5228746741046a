//! Places that people write into handles: postal codes of the states and territories of the United States.
//!
//! Codes and names are those of the United States Postal Service (Publication 28, appendix B).

/// Code and name, compact, in the order of the codes.
const PLACES: [(&str, &str); 56] = [
    ("ak", "alaska"),
    ("al", "alabama"),
    ("ar", "arkansas"),
    ("as", "americansamoa"),
    ("az", "arizona"),
    ("ca", "california"),
    ("co", "colorado"),
    ("ct", "connecticut"),
    ("dc", "districtofcolumbia"),
    ("de", "delaware"),
    ("fl", "florida"),
    ("ga", "georgia"),
    ("gu", "guam"),
    ("hi", "hawaii"),
    ("ia", "iowa"),
    ("id", "idaho"),
    ("il", "illinois"),
    ("in", "indiana"),
    ("ks", "kansas"),
    ("ky", "kentucky"),
    ("la", "louisiana"),
    ("ma", "massachusetts"),
    ("md", "maryland"),
    ("me", "maine"),
    ("mi", "michigan"),
    ("mn", "minnesota"),
    ("mo", "missouri"),
    ("mp", "northernmarianaislands"),
    ("ms", "mississippi"),
    ("mt", "montana"),
    ("nc", "northcarolina"),
    ("nd", "northdakota"),
    ("ne", "nebraska"),
    ("nh", "newhampshire"),
    ("nj", "newjersey"),
    ("nm", "newmexico"),
    ("nv", "nevada"),
    ("ny", "newyork"),
    ("oh", "ohio"),
    ("ok", "oklahoma"),
    ("or", "oregon"),
    ("pa", "pennsylvania"),
    ("pr", "puertorico"),
    ("ri", "rhodeisland"),
    ("sc", "southcarolina"),
    ("sd", "southdakota"),
    ("tn", "tennessee"),
    ("tx", "texas"),
    ("ut", "utah"),
    ("va", "virginia"),
    ("vi", "virginislands"),
    ("vt", "vermont"),
    ("wa", "washington"),
    ("wi", "wisconsin"),
    ("wv", "westvirginia"),
    ("wy", "wyoming"),
];

/// How many places the table holds.
pub(in crate::identity) const COUNT: usize = PLACES.len();

/// The code of the place that a compact word names, by code or in full.
pub(in crate::identity) fn code(word: &str) -> Option<&'static str> {
    PLACES.iter().find(|(code, name)| *code == word || *name == word).map(|(code, _)| *code)
}
