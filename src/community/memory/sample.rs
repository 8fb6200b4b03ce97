//! A small believable community at a fixed instant, for tests of screens. Its reader, `ada`, holds the lower of two
//! tiers.

use super::{Builder, Draft, Memory};
use crate::base::{text::Clean, time::Timestamp};
use crate::model::{
    community::Community as About,
    member::Role,
    notification::Reason,
    plan::{Interval, Tier},
    thread::{Kind, Marks},
};

/// The sample's now: Monday, 2 March 2026, 10:00 UTC.
pub const NOW: Timestamp = Timestamp::constant(1_772_445_600, 0);

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

fn tier(slug: &str, name: &str, rank: u8) -> Tier {
    Tier { slug: slug.to_owned(), name: name.to_owned(), rank }
}

/// A community of two spaces, one for the higher tier, with eight threads, an inbox, plans and memberships.
pub fn sample() -> Memory {
    let (plus, pro) = (tier("plus", "Plus", 1), tier("pro", "Pro", 2));
    let built = Memory::builder(NOW).about(about());
    let built = people(built)
        .space("help", "Help Desk", "Questions and answers. Say what you ran and what you saw.", None, Role::Member)
        .space("workshop", "Workshop", "Long articles and code reviews for Pro members.", Some(&pro), Role::Expert)
        .plan("plus-month", "Plus, monthly", &plus, Interval::Month, 600, &["Ask and be answered within a day"])
        .plan(
            "pro-month",
            "Pro, monthly",
            &pro,
            Interval::Month,
            1200,
            &["Ask and be answered within a day", "Read and write in the Workshop", "Office hours twice a month"],
        )
        .plan("pro-year", "Pro, yearly", &pro, Interval::Year, 12000, &["Everything in Pro", "Two months free"])
        .paid("ada", "plus-month", 40 * DAY)
        .paid("ada", "plus-month", 10 * DAY)
        .paid("grace", "pro-year", 100 * DAY);
    let built =
        long_thread(questions(built)).thread(announcement()).thread(gated(&pro)).thread(chinese()).thread(article());
    inbox(built).seen_by("ada")
}

fn about() -> About {
    About {
        name: Clean::line("Rust Guild"),
        positioning: Clean::line("A paid workshop for people who ship Rust."),
        audience: Clean::line("Developers who write Rust at work, and those about to."),
        rules: Clean::block(
            "1. Talk about the code, not about the coder.\n2. Say what you ran: version, command, output.",
        ),
        policy: Clean::block("We keep your name, your posts and what you paid for. We do not sell or share them."),
        policy_version: "2026-01".to_owned(),
        answer_within_hours: Some(24),
    }
}

fn people(built: Builder) -> Builder {
    built
        .member("octavia", "Octavia Brandt", Role::Owner, 700 * DAY)
        .bio("Runs the Guild. Still asks for the query plan.")
        .member("juno", "Juno Park", Role::Moderator, 650 * DAY)
        .member("hopper", "Hopper Lindqvist", Role::Expert, 600 * DAY)
        .bio("Async, cancellation, and what happens between two awaits.")
        .member("wei", "伟 Wei", Role::Expert, 500 * DAY)
        .member("grace", "Grace Okafor", Role::Member, 200 * DAY)
        .member("linus", "Linus Berg", Role::Member, 90 * DAY)
        .member("ada", "Ada Moreau", Role::Member, 60 * DAY)
        .bio("Payments by day. Learning what `Pin` is for.")
}

fn read(upto: u32) -> Marks {
    Marks { read: upto, ..Marks::default() }
}

fn questions(built: Builder) -> Builder {
    let sse = Draft::new(
        "help",
        Kind::Question,
        "How do I stream SSE through a tower layer?",
        ("grace", 2 * HOUR),
        "My handler returns a `Stream`, but with the timeout layer the connection is cut after 30 s:\n\n\
         ```rust\nlet app = Router::new()\n    .route(\"/events\", get(events))\n    .layer(TimeoutLayer::new(Duration::from_secs(30)));\n```\n\n\
         Is there a way to keep the limit for every *other* route?",
    )
    .tags(&["axum", "tower"])
    .vote(1, "linus", 1)
    .vote(1, "hopper", 1);
    let musl = Draft::new(
        "help",
        Kind::Question,
        "cargo build fails on musl with aws-lc-sys",
        ("linus", 5 * HOUR),
        "`cargo build --target x86_64-unknown-linux-musl` stops with\n\n```text\nerror: failed to run custom build command for `aws-lc-sys v0.30.0`\n```",
    )
    .tags(&["musl", "cargo"])
    .reply(("juno", 4 * HOUR), "Which C compiler does `CC_x86_64_unknown_linux_musl` name?")
    .comment(2, ("linus", 3 * HOUR), "None at all. Is `musl-gcc` enough?")
    .marks("ada", read(1));
    let allocator = Draft::new(
        "help",
        Kind::Question,
        "Which allocator for many small short-lived objects?",
        ("ada", DAY),
        "Forty million nodes of 24 to 48 bytes, freed in the order they were made. glibc spends a third of the time in `_int_free`.",
    )
    .tags(&["perf", "allocators"])
    .reply(("linus", 22 * HOUR), "We went to jemalloc and never looked back.")
    .reply(
        ("hopper", 20 * HOUR),
        "If they really die in order, you want no allocator but an arena:\n\n```rust\nlet arena = bumpalo::Bump::new();\nlet node = arena.alloc(Node::default());\n```\n\nDropping the arena frees all of them at once. Measure that first.",
    )
    .comment(3, ("ada", 19 * HOUR), "From 31 s to 9 s. Thank you.")
    .comment(3, ("wei", 18 * HOUR), "Mind that `Bump` does not run destructors.")
    .vote(1, "hopper", 1)
    .vote(3, "ada", 1)
    .vote(3, "wei", 1)
    .vote(3, "grace", 1)
    .vote(2, "wei", -1)
    .accepted(3)
    .marks("ada", Marks { read: 4, follow: true, mute: false, bookmark: true });
    built.thread(allocator).thread(musl).thread(sse)
}

/// Sixty posts, of which `ada` has read forty.
fn long_thread(built: Builder) -> Builder {
    let names = ["linus", "grace", "hopper", "wei", "ada", "juno"];
    let lines = [
        "A parser for the tariff tables of four countries. Three of them agree on what a comma is.",
        "Moved the last cron job into the service that owns the data. Deleting felt better than writing.",
        "Down to one `unsafe` block, with a comment longer than the block.",
        "把日志解析从正则换成了手写的状态机，快了六倍。",
        "Spent the week proving that the slow part was not the part I rewrote.",
        "Release notes nobody will read, and a flag somebody will.",
    ];
    let opening = "One line each: what leaves your machine this week? Last month's thread is closed.";
    let mut draft =
        Draft::new("help", Kind::Discussion, "What are you shipping this week?", ("juno", 6 * DAY), opening)
            .tags(&["meta"])
            .vote(1, "ada", 1)
            .marks("ada", Marks { read: 40, follow: true, ..Marks::default() });
    for (nth, number) in (2_u32..=60).enumerate() {
        let (who, line) = (names[nth % names.len()], lines[nth % lines.len()]);
        let age = 6 * DAY - i64::from(number) * 2 * HOUR;
        draft = match number % 5 {
            0 => draft.comment(number - 1, (who, age), "How many lines did that take in the end?"),
            _ => draft.reply((who, age), line),
        };
    }
    built.thread(draft)
}

fn announcement() -> Draft {
    let body = "On Sunday from 06:00 to 06:30 UTC we move to a larger disk. Reading goes on; writing answers with an error that says so. Drafts stay on your machine.";
    Draft::new("help", Kind::Announcement, "Maintenance on Sunday, 06:00 UTC", ("octavia", 3 * DAY), body)
        .pinned()
        .locked()
        .marks("ada", read(1))
}

fn gated(pro: &Tier) -> Draft {
    let preview =
        "Everything that can be cancelled will be, and always between the two lines you thought belonged together.";
    let rest = "\n\n## One select at a time\n\nThe rule that survived review: a branch owns what it has taken, or it has taken nothing.";
    Draft::new(
        "workshop",
        Kind::Article,
        "Cancellation, one select at a time",
        ("hopper", 8 * HOUR),
        &format!("{preview}{rest}"),
    )
    .tags(&["async", "tokio"])
    .gate(pro, preview)
    .reply(("grace", 7 * HOUR), "The second example is the bug we shipped in January.")
    .vote(1, "grace", 1)
    .vote(1, "wei", 1)
}

fn chinese() -> Draft {
    let body = "两台机器，同样的结构体对齐，结果却差了百分之十五。\n\n| 机器 | 对齐 | 每秒次数 |\n|---|---|---|\n| A | 64 | 1.00 |\n| B | 128 | 1.15 |\n\n预取会一次拿两行缓存，所以 `#[repr(align(128))]` 更稳妥。大家在生产环境里用哪一个？";
    Draft::new("help", Kind::Discussion, "缓存行：64 还是 128？", ("wei", 2 * DAY), body)
        .tags(&["perf", "性能"])
        .reply(("ada", 2 * DAY - HOUR), "128 on everything since Sandy Bridge; `crossbeam` does the same.")
        .comment(2, ("wei", 2 * DAY - 2 * HOUR), "对，而且 Apple 的芯片本来就是 128。")
        .vote(1, "hopper", 1)
        .marks("ada", read(3))
}

fn article() -> Draft {
    let body = "# From four minutes to one\n\nNothing here is clever. Each step was measured on the same commit, three times, cold.\n\n1. `mold` instead of the system's linker: −48 s\n2. `debug = \"line-tables-only\"`: −31 s\n3. Two crates that everybody depended on and nobody changed, split off: −70 s\n\n> Measure first. The step we were surest of made it slower.\n\nThe script is at <https://github.com/rust-lang/rustc-perf>.";
    Draft::new("help", Kind::Article, "Build times: four minutes to one", ("hopper", 4 * DAY), body)
        .tags(&["cargo", "perf"])
        .reply(("linus", 4 * DAY - 3 * HOUR), "Which of them would you do again?")
        .vote(1, "ada", 1)
        .vote(1, "linus", 1)
        .vote(1, "grace", 1)
}

fn inbox(built: Builder) -> Builder {
    built
        .notice("ada", Reason::Membership, "Your Plus membership was renewed.", 10 * DAY)
        .inbox("ada", Reason::Reply, "juno", ("What are you shipping this week?", 60), DAY)
        .inbox("ada", Reason::Answer, "hopper", ("Which allocator for many small short-lived objects?", 3), 20 * HOUR)
        .inbox("ada", Reason::Mention, "wei", ("缓存行：64 还是 128？", 3), 46 * HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::community::Community;
    use crate::model::{feed::View, membership::Standing, page::Window, permission::Because};

    #[tokio::test]
    async fn the_sample_holds_what_screens_need() {
        let ada = sample();
        assert_eq!(NOW.to_string(), "2026-03-02T10:00:00Z");
        let feed = ada.feed(View::Latest, None).await.unwrap();
        assert_eq!(feed.items.len(), 8);
        let gated = feed.items.iter().find(|thread| thread.gate.is_some()).unwrap();
        assert_eq!(ada.access(&gated.id).await.unwrap().decision.because, Because::TierTooLow);
        let preview = ada.posts(&gated.id, Window::Start).await.unwrap();
        assert!(preview.items.len() == 1 && preview.items[0].partial, "{preview:?}");
        assert!(!preview.items[0].body.contains("One select at a time"));
        let long = feed.items.iter().find(|thread| thread.last == 60).unwrap();
        assert_eq!((long.unread(), long.marks.follow), (20, true));
        assert_eq!(ada.membership().await.unwrap().derived.standing, Standing::Active);
        assert_eq!(ada.me().await.unwrap().inbox, 4);
    }
}
