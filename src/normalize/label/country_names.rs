//! Countries as labels of phone numbers name them.

/// The ISO 3166-1 codes of countries with a numbering plan, alpha-2 and alpha-3 one behind the other. Codes that are words
/// of labels themselves (`COM`, `DOM`, `AND`) are left out.
const CODES: &str = "AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB BDBGD BEBEL \
BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BWBWA BYBLR BZBLZ CACAN CCCCK \
CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU \
DJDJI DKDNK DMDMA DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB \
GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GTGTM GUGUM GWGNB GYGUY HKHKG \
HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN \
KEKEN KGKGZ KHKHM KIKIR KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU \
LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT \
MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU \
NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU \
ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM \
SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR \
TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM \
XKXKK YEYEM YTMYT ZAZAF ZMZMB ZWZWE";

/// Names in lower case, without accents: only those that stand beside numbers often.
#[rustfmt::skip]
const NAMES: &[(&str, &str)] = &[
    ("uae", "AE"), ("argentina", "AR"), ("austria", "AT"), ("osterreich", "AT"), ("australia", "AU"),
    ("belgium", "BE"), ("belgique", "BE"), ("belgie", "BE"), ("belgien", "BE"), ("bolivia", "BO"), ("brazil", "BR"),
    ("brasil", "BR"), ("bresil", "BR"), ("brasile", "BR"), ("brasilien", "BR"), ("canada", "CA"), ("kanada", "CA"),
    ("switzerland", "CH"), ("schweiz", "CH"), ("suisse", "CH"), ("svizzera", "CH"), ("chile", "CL"), ("china", "CN"),
    ("colombia", "CO"), ("costa rica", "CR"), ("czechia", "CZ"), ("czech republic", "CZ"), ("cesko", "CZ"),
    ("germany", "DE"), ("deutschland", "DE"), ("alemania", "DE"), ("alemanha", "DE"), ("allemagne", "DE"),
    ("germania", "DE"), ("denmark", "DK"), ("danmark", "DK"), ("dominican republic", "DO"), ("ecuador", "EC"),
    ("equador", "EC"), ("egypt", "EG"), ("spain", "ES"), ("espana", "ES"), ("espanha", "ES"), ("espagne", "ES"),
    ("spagna", "ES"), ("spanien", "ES"), ("finland", "FI"), ("suomi", "FI"), ("france", "FR"), ("francia", "FR"),
    ("franca", "FR"), ("frankreich", "FR"), ("uk", "GB"), ("united kingdom", "GB"), ("great britain", "GB"),
    ("britain", "GB"), ("england", "GB"), ("scotland", "GB"), ("wales", "GB"), ("reino unido", "GB"),
    ("inglaterra", "GB"), ("grande bretagne", "GB"), ("greece", "GR"), ("hong kong", "HK"), ("hungary", "HU"),
    ("indonesia", "ID"), ("ireland", "IE"), ("israel", "IL"), ("india", "IN"), ("italy", "IT"), ("italia", "IT"),
    ("italie", "IT"), ("italien", "IT"), ("japan", "JP"), ("日本", "JP"), ("kenya", "KE"), ("korea", "KR"),
    ("south korea", "KR"), ("한국", "KR"), ("morocco", "MA"), ("maroc", "MA"), ("mexico", "MX"), ("mexique", "MX"),
    ("mexiko", "MX"), ("malaysia", "MY"), ("nigeria", "NG"), ("netherlands", "NL"), ("the netherlands", "NL"),
    ("holland", "NL"), ("nederland", "NL"), ("norway", "NO"), ("norge", "NO"), ("new zealand", "NZ"), ("peru", "PE"),
    ("philippines", "PH"), ("pakistan", "PK"), ("poland", "PL"), ("polska", "PL"), ("portugal", "PT"),
    ("paraguay", "PY"), ("romania", "RO"), ("russia", "RU"), ("россия", "RU"), ("saudi arabia", "SA"),
    ("sweden", "SE"), ("sverige", "SE"), ("singapore", "SG"), ("thailand", "TH"), ("turkey", "TR"), ("turkiye", "TR"),
    ("turkei", "TR"), ("taiwan", "TW"), ("ukraine", "UA"), ("украіна", "UA"), ("usa", "US"), ("united states", "US"),
    ("united states of america", "US"), ("america", "US"), ("estados unidos", "US"), ("eua", "US"), ("eeuu", "US"),
    ("etats unis", "US"), ("vereinigte staaten", "US"), ("uruguay", "UY"), ("venezuela", "VE"), ("vietnam", "VN"),
    ("south africa", "ZA"),
];

/// The alpha-2 code of a country by its alpha-3 code in capitals.
pub(crate) fn by_alpha_3(code: &str) -> Option<&'static str> {
    CODES.split(' ').find(|entry| entry.get(2..) == Some(code)).and_then(|entry| entry.get(..2))
}

/// The alpha-2 codes of the countries that a folded text names.
pub(crate) fn named_in(folded: &str) -> impl Iterator<Item = &'static str> {
    let padded = format!(" {} ", folded.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "));
    NAMES.iter().filter(move |(name, _)| padded.contains(&format!(" {name} "))).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::region::Region;

    #[test]
    fn every_entry_is_a_country_with_a_numbering_plan() {
        for entry in CODES.split(' ') {
            assert!(entry.len() == 5 && entry[..2].parse::<Region>().is_ok(), "{entry}");
        }
        for (name, code) in NAMES {
            assert!(code.parse::<Region>().is_ok() && crate::contact::fold_words(name) == *name, "{name}");
        }
        assert_eq!((by_alpha_3("USA"), by_alpha_3("GBR"), by_alpha_3("COM")), (Some("US"), Some("GB"), None));
    }
}
