//! How fast a text is split: layer 1, both layers, and two peers over the same bytes in the same run.
//!
//! `cargo bench --bench text [-- FILE]` reads one post a line from FILE, else from
//! `../shared/data/listening/posts_60k.txt`, else repeats sentences of its own. Each figure is the sum over slices of
//! the input of the least time seen, so that what else runs on the machine counts little. The last block doubles
//! hostile inputs: work that grows faster than the input shows as a growth above 2.

use hearken::text::Text;
use std::hint::black_box;
use std::time::Instant;
use unicode_segmentation::UnicodeSegmentation;

/// Posts that are timed at a time, and how often.
const SLICE: usize = 500;
const ROUNDS: usize = 15;

fn main() {
    let posts = posts();
    let bytes: usize = posts.iter().map(String::len).sum();
    let mut text = Text::default();
    let tokens: usize = posts.iter().map(|post| layer1(&mut text, post)).sum();
    println!("{} posts, {bytes} bytes, {tokens} tokens", posts.len());
    let peer = row("unicode_words", &posts, None, |post| post.unicode_words().count());
    row("memchr (spaces)", &posts, Some(peer), |post| memchr::memchr_iter(b' ', post.as_bytes()).count());
    let both = row("text, both layers", &posts, Some(peer), |post| layer1(&mut text, post) + layer2(&text));
    let fast = row("text, layer 1", &posts, Some(peer), |post| layer1(&mut text, post));
    let mixed: Vec<String> = SCRIPTS.repeat(200).into_iter().map(str::to_owned).collect();
    row("text, layer 1, scripts of the world", &mixed, None, |post| layer1(&mut text, post));
    for (name, unit) in HOSTILE {
        let [short, long] = [16, 32].map(|kib| vec![unit.repeat(kib * 1024 / unit.len())]);
        let mut time = |posts| best(posts, |post| layer1(&mut text, post) + layer2(&text));
        let growth = time(&long) / time(&short);
        println!("{growth:.2} growth for double input, {name}");
    }
    println!("{both:.0} MB/s both layers");
    println!("{fast:.0} MB/s layer 1");
}

fn layer1(text: &mut Text, post: &str) -> usize {
    text.read(post);
    text.tokens().len()
}

fn layer2(text: &Text) -> usize {
    text.facets().len() + text.sentences().count() + text.clauses().count()
}

/// Prints and answers the speed of `work` in MB/s, beside that of a peer.
fn row(name: &str, posts: &[String], peer: Option<f64>, work: impl FnMut(&str) -> usize) -> f64 {
    let bytes: usize = posts.iter().map(String::len).sum();
    let speed = bytes as f64 / best(posts, work) / 1e6;
    let ratio = peer.map_or(String::new(), |peer| format!(" ({:.1} × unicode_words)", speed / peer));
    println!("{speed:8.0} MB/s {name}{ratio}");
    speed
}

/// Seconds for all posts: of every slice the least of many rounds.
fn best(posts: &[String], mut work: impl FnMut(&str) -> usize) -> f64 {
    let mut best = vec![f64::MAX; posts.len().div_ceil(SLICE)];
    for _ in 0..ROUNDS {
        for (slice, best) in posts.chunks(SLICE).zip(&mut best) {
            let start = Instant::now();
            for post in slice {
                black_box(work(black_box(post)));
            }
            *best = best.min(start.elapsed().as_secs_f64());
        }
    }
    best.iter().sum()
}

fn posts() -> Vec<String> {
    let shared = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/listening/posts_60k.txt");
    let file =
        std::env::args().skip(1).find(|arg| !arg.starts_with("--")).unwrap_or_else(|| shared.to_owned());
    match std::fs::read_to_string(&file) {
        Ok(text) => text.lines().map(str::to_owned).collect(),
        Err(_) => {
            eprintln!("{file} is absent: bundled sentences instead");
            SENTENCES.repeat(5_000).into_iter().map(str::to_owned).collect()
        }
    }
}

const SENTENCES: [&str; 6] = [
    "@AcmeHelp my order hasn't arrived, it's been two weeks!! #fail",
    "Just got the new phone and the camera is sooo good 😍 https://t.co/a1B2c3D4e5",
    "Does anyone know whether the blue one comes in a larger size? Asking for a friend",
    "LOL no. Cancel my account, NOW. Third time I ask...",
    "Thanks to Maria at the front desk, she sorted the double charge in five minutes 👏🏽",
    "if you're near the harbour try the café – best coffee in town #coffee #sunday",
];

const SCRIPTS: [&str; 8] = [
    "Доставка задержалась на неделю, поддержка молчит",
    "新しいスマホの電池がすぐに切れます。どうすればいいですか？",
    "배송이 너무 늦어요. 환불해 주세요!",
    "التوصيل متأخر أسبوعا ولا أحد يرد على الرسائل",
    "डिलीवरी बहुत देर से आई और डिब्बा टूटा हुआ था",
    "Die Lieferung kam spät, aber der Kundendienst war großartig – danke schön!",
    "La livraison a été très rapide, merci à toute l’équipe, c’est génial",
    "สินค้ามาช้ามาก และไม่มีใครตอบข้อความเลย",
];

const HOSTILE: [(&str, &str); 12] = [
    ("one word", "a"),
    ("one accented word", "é"),
    ("combining marks", "\u{301}"),
    ("emoji", "😀"),
    ("joined emoji", "👩\u{200D}"),
    ("dots between letters", "a."),
    ("domains", "a.com.-"),
    ("open brackets in paths", "a.co/("),
    ("signs", "#@$"),
    ("addresses", "a@a."),
    ("digit groups", "1-"),
    ("right-to-left marks", "\u{202E}a"),
];
