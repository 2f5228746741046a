//! How common a word is, guessed without a corpus.

use std::collections::BTreeMap;

/// The commonest words of English as people post it, about the commonest first (general knowledge).
const WORDS: &str = "the to a and i of in is for you on my it that me be with this at are have just so all not was we \
     your but up like out what do can if from get now he they an about love by will good no when how she his her go \
     know as more one time who us our am today new day there see back their has had don t s m re ll ve d don't im think \
     great them make been need lol were want off over got work some only right really here going too why would him \
     people still than never please come down let way well last thanks then best night thank after life tonight say \
     could next very ever always first year happy much year into show because other tomorrow man take look home where \
     two game better feel world hope big real should week every again team old look things any before thing live even \
     these find wait gonna better being help little watch morning god made give start long game did around until while \
     those most also play days years oh yes fuck shit hate bad wanna keep into through doing stop girl baby friends \
     school guys same someone everyone everything something nothing news free win won state house food music video photo \
     follow call miss talk tell said says put use try run change place end part which many such another own few since \
     without against during both each between under yet once though ready sure thought lot enough late early soon \
     already maybe anyone else yeah hey hi hello wow omg haha ok okay nice cute beautiful amazing awesome perfect \
     fun funny cool hot cold crazy true wrong sad sorry hard easy high full open high top top white black red blue green \
     girl boy guy women woman men kids family mom dad brother sister friend bro dude people person name money job business \
     company service customer store shop buy sell sale deal price pay paid order product phone app account email website \
     online post tweet twitter facebook instagram youtube media story book movie film song album show tv series season \
     episode party birthday christmas weekend monday tuesday wednesday thursday friday saturday sunday summer winter \
     spring fall city street park beach lake center room car bus train road drive walk trip travel hotel restaurant bar \
     coffee tea beer wine eat dinner lunch breakfast water dog cat heart head face hair eyes hand body health doctor \
     sleep bed dream wake death dead die kill fight war peace law police court case vote election president trump obama \
     hillary clinton america american country states government party power support join meet meeting event class \
     college university student students teacher study learn read write word words speak question answer idea plan \
     point problem issue reason fact truth lie mind believe remember forget understand mean means seen looking looks \
     working playing watching waiting coming getting making taking trying saying talking thinking feeling getting \
     excited tired bored wish luck luckily congrats welcome bless lord jesus church pray king queen star stars fan fans \
     player players coach football soccer basketball baseball hockey nfl nba league cup match goal score final points \
     ball season teams championship second third half three four five six seven eight nine ten hundred minutes hours \
     hour minute weeks months month second anything somebody nobody instead together alone away outside inside front \
     behind near far left side line light dark sun moon sky rain snow weather fire air earth land sea ass bitch damn \
     hell fucking literally actually probably finally almost especially seriously honestly definitely exactly quite \
     pretty special favorite dear proud huge whole small young different same important possible available hiring jobs \
     career check click link share follow details apply latest";

/// The ranks of common words.
#[derive(Debug, Clone)]
pub(super) struct Common(BTreeMap<&'static str, u32>);

impl Default for Common {
    fn default() -> Self {
        let mut ranks = BTreeMap::new();
        for (rank, word) in (0..).zip(WORDS.split_ascii_whitespace()) {
            ranks.entry(word).or_insert(rank);
        }
        Self(ranks)
    }
}

impl Common {
    /// How many of ten thousand short posts hold the word: by Zipf's law for common words, by length for others.
    pub(super) fn frequency(&self, word: &str) -> u32 {
        match self.0.get(word) {
            Some(rank) => 15_000 / (rank + 20),
            None => match word.chars().count() {
                0..=2 => 20,
                3 => 8,
                4 => 6,
                5 => 5,
                6 => 4,
                _ => 3,
            },
        }
    }
}
