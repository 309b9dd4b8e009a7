//! Two-letter codes of states and provinces, which labels may contain in place of country codes.

use crate::normalize::region::Region;

// Each list is one text of codes, separated by single spaces.

const AUSTRALIA: &str = "NT SA WA";

const BRAZIL: &str = "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO";

const CANADA: &str = "AB BC MB NB NL NS NT NU ON PE QC SK YT";

const ITALY: &str = "AG AL AN AO AP AQ AR AT AV BA BG BI BL BN BO BR BS BT BZ CA CB CE CH CI CL CN CO CR CS CT CZ EN FC FE FG FI FM \
FR GE GO GR IM IS KR LC LE LI LO LT LU MB MC ME MI MN MO MS MT NA NO NU OG OR OT PA PC PD PE PG PI PN PO PR PT PU PV PZ RA RC RE \
RG RI RM RN RO SA SI SO SP SR SS SU SV TA TE TN TO TP TR TS TV UD VA VB VC VE VI VR VS VT VV";

const MEXICO: &str = "AS BC BS CC CH CL CM CS DF DG GR GT HG JC MC MN MS NL NT OC PL QR QT SL SP SR TC TL TS VZ YN ZS";

const UNITED_STATES: &str = "AK AL AR AS AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MP MS MT NC ND NE NH \
NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY";

/// Returns true if `code` is the code of a state or a province of `country`.
pub(crate) fn has(country: Region, code: &str) -> bool {
    let codes = match country.code() {
        "AU" => AUSTRALIA,
        "BR" => BRAZIL,
        "CA" => CANADA,
        "IT" => ITALY,
        "MX" => MEXICO,
        "US" => UNITED_STATES,
        _ => return false,
    };
    codes.split(' ').any(|known| known == code)
}
