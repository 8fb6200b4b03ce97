//! Kills while somebody types: what was typed half a second before is on the disk.

use std::path::Path;
use std::time::{Duration, Instant};

use lyceum::base::random::{Random, Seeded};
use lyceum::store::Store;
use rustix::process::Signal;

use super::scale;
use crate::pty::terminal::Terminal;

/// What may be lost at most.
const HALF_A_SECOND: Duration = Duration::from_millis(500);

/// One sitting: types until it is killed. Keys typed early enough, and how many of them are missing in the draft.
async fn sitting(random: &Seeded, keep: bool) -> (usize, usize) {
    let folder = tempfile::tempdir().unwrap();
    let draw = |below: u64| {
        let mut bytes = [0; 4];
        random.fill(&mut bytes);
        u64::from(u32::from_le_bytes(bytes)) % below
    };
    let path = folder.path().display().to_string();
    let shelf: &[(&str, &str)] = if keep { &[("LYCEUM_TEST_SHELF", &path)] } else { &[] };
    let mut terminal = Terminal::start("plain", shelf);
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
    // A thread that takes replies.
    terminal.type_keys("\r");
    terminal.wait_for("an open thread", |screen| screen.contains("reply") || screen.contains("answer"));
    terminal.type_keys("r");
    terminal.wait_for("the composer", |screen| screen.contains("ctrl-s send"));
    let mut typed: Vec<(Instant, char)> = Vec::new();
    let end = Instant::now() + Duration::from_millis(700 + draw(900));
    while Instant::now() < end {
        let key = char::from(b'a' + draw(26) as u8);
        terminal.type_keys(key.to_string());
        typed.push((Instant::now(), key));
        std::thread::sleep(Duration::from_millis(5 + draw(40)));
    }
    let killed = Instant::now();
    terminal.signal(Signal::KILL);
    terminal.exit_code();
    let kept = draft(folder.path()).await;
    let early: String =
        typed.iter().filter(|(at, _)| killed.duration_since(*at) >= HALF_A_SECOND).map(|(_, key)| *key).collect();
    let common = early.chars().zip(kept.chars()).take_while(|(typed, kept)| typed == kept).count();
    (early.len(), early.len() - common)
}

/// The draft that is on the disk.
async fn draft(folder: &Path) -> String {
    let file = folder.join("ada.db");
    if !file.exists() {
        return String::new();
    }
    let store = Store::open(&file).await.unwrap();
    let window = store.enter("afterwards".to_owned()).await.unwrap();
    let drafts = store.drafts(&window).await.unwrap();
    drafts.into_iter().next().map(|kept| kept.draft.body).unwrap_or_default()
}

#[tokio::test]
async fn no_more_than_half_a_second_is_lost() {
    let (kills, random) = (scale(3, 200), Seeded::new(31));
    let (mut keys, mut lost) = (0, 0);
    for _ in 0..kills {
        let (early, missing) = sitting(&random, true).await;
        (keys, lost) = (keys + early, lost + missing);
    }
    println!("typing: {kills} kills, {keys} keys older than 500 ms, {lost} of them lost");
    assert!(keys > 0);
    assert_eq!(lost, 0);
}

#[tokio::test]
async fn without_a_disk_all_is_lost() {
    let random = Seeded::new(32);
    let (early, missing) = sitting(&random, false).await;
    println!("typing without a disk: {early} keys older than 500 ms, {missing} of them lost");
    assert!(early > 0 && missing == early, "the net has holes: {missing} of {early}");
}
