use super::*;
use crate::base::random::{Random, Seeded};

/// Whether the words of `query` stand side by side in the indexed text.
fn finds(text: &str, query: &str) -> bool {
    let indexed: Vec<String> = index_text(text).split(' ').map(str::to_owned).collect();
    let wanted: Vec<String> = runs(query).iter().flat_map(entries).collect();
    !wanted.is_empty() && indexed.windows(wanted.len()).any(|at| at == wanted)
}

#[test]
fn every_two_character_word_of_a_run_is_found() {
    let text = "异步运行时里的线程池会饿死，用 spawn_blocking 把CPU密集任务移出去。";
    for word in ["异步", "运行", "运行时", "线程", "线程池", "饿死", "密集", "任务", "spawn_blocking", "cpu", "CPU密集"]
    {
        assert!(finds(text, word), "{word}");
    }
    for word in ["异行", "死用", "池程", "去异"] {
        assert!(!finds(text, word), "{word}: not side by side");
    }
    assert!(finds("スレッドプール", "プール") && finds("비동기 런타임", "런타임"));
}

#[test]
fn a_single_character_stays_and_the_last_one_of_a_run_is_there() {
    assert_eq!(index_text("锁"), "锁");
    assert_eq!(index_text("死锁"), "死锁 锁");
    assert_eq!(index_text("a 锁 b"), "a 锁 b");
}

#[test]
fn identifiers_are_found_whole_and_by_parts() {
    let text = "Use `tokio::task::spawn_blocking`, a HashMap<K, V> and an HTTPServer; #[derive(Debug)] it.";
    for word in [
        "spawn_blocking",
        "spawn",
        "blocking",
        "tokio::task",
        "task::spawn_blocking",
        "HashMap",
        "hashmap",
        "hash",
        "map",
        "hash map",
        "httpserver",
        "http server",
        "derive",
        "#[derive(Debug)]",
        "HashMap<K, V>",
        "spawn blocking",
    ] {
        assert!(finds(text, word), "{word}");
    }
    assert!(finds("fn __private_thing() {}", "private thing"));
    assert!(!finds(text, "tokio::spawn_blocking"));
}

#[test]
fn languages_with_signs_are_words_of_their_own() {
    let text = "From C++ and C# (also F#) to Rust; not C, not i++ + j.";
    assert!(finds(text, "C++") && finds(text, "c#") && finds(text, "F#") && finds(text, "c"));
    assert!(!finds("plain C only", "C++") && !finds("C++", "C#"));
    assert!(!finds("C", "C++"));
    assert_eq!(index_text("a##b c+++d"), "a b c d");
}

#[test]
fn case_is_folded_and_accents_are_left_to_the_index() {
    assert_eq!(index_text("Café STRASSE Größe"), "café strasse größe");
    assert_eq!(index_text("cafe\u{301}"), "cafe\u{301}");
    assert_eq!(index_text(" 🦀 — … ___ "), "");
}

/// Any text at all: runs lie in order on character borders, and each run's own text is found again.
#[test]
fn what_was_indexed_is_found_again() {
    let random = Seeded::new(7);
    let alphabet: Vec<char> = "aZ_9 é\u{301}+#:<>\"'*()线程池锁スレ한글🦀\n\u{0}-.".chars().collect();
    for _ in 0..500 {
        let mut bytes = [0; 40];
        random.fill(&mut bytes);
        let text: String = bytes.iter().map(|b| alphabet[usize::from(*b) % alphabet.len()]).collect();
        let mut end = 0;
        for run in runs(&text) {
            assert!(run.at.start >= end && run.at.end > run.at.start, "{text:?}");
            end = run.at.end;
            assert!(finds(&text, &text[run.at.clone()]), "{text:?} {run:?}");
        }
        let plain = |c: char| c.is_alphanumeric() || c == ' ' || c == '_' || c == '\u{301}';
        assert!(index_text(&text).chars().all(plain), "nothing that an index could take for a command: {text:?}");
    }
}
