//! Communities that want the terminal.

use lyceum::base::text::Clean;
use lyceum::community::memory::{Draft, Memory, NOW};
use lyceum::model::community::Community;
use lyceum::model::member::Role;
use lyceum::model::notification::Reason;
use lyceum::model::plan::{Interval, Tier};
use lyceum::model::thread::Kind as Sort;

use super::OFFERED;
use crate::corpus::Case;

/// A community in which everything was written by somebody who wants the terminal.
pub(crate) fn community(cases: &[&Case], first: usize) -> Memory {
    let name = |mark: &str, at: usize| format!("{mark}{:03}x{}", (first + at) / OFFERED, cases[at].text);
    let mut builder = Memory::builder(NOW).member("ada", "ada", Role::Member, 100);
    for (at, case) in cases.iter().enumerate() {
        let bio = format!("{}\n\n{}", case.text, case.text);
        builder = builder.member(&name("m", at), &case.text, Role::Member, 100).bio(&bio);
        builder = builder.space(&format!("s{at}"), &case.text, &case.text, None, Role::Member);
    }
    for (at, case) in cases.iter().enumerate() {
        let text = &case.text;
        let language = if at == 0 { "rust" } else { "" };
        let body = format!("needle {text}\n\n[{text}](https://e.example/{text})\n\n```{language}\n{text}\n```\n");
        let draft = Draft::new(&format!("s{at}"), Sort::Discussion, text, (&name("m", at), 5), &body);
        let tag = name("t", at);
        builder = builder.thread(draft.tags(&[&tag, text]).reply((&name("m", at), 4), text));
        builder = builder.inbox("ada", Reason::Mention, &name("m", at), (text, 1), 3);
        builder = builder.notice("ada", Reason::Membership, text, 2);
    }
    builder.seen_by("ada")
}

/// Every form of markup that shows a word of its writer; `{}` is the payload.
pub(crate) const MARKUP: &[&str] = &[
    "[quote=\"{}, post:3, topic:9\"]\n{}\n[/quote]",
    "> @{} wrote:\n>\n> {}",
    "> [!NOTE] {}\n> {}",
    "![{}|690x388](https://cdn.example/a.png \"{}\")",
    "<img src=\"https://cdn.example/{}.png\" alt=\"{}\">",
    "[![{}](https://img.example/b.svg)](https://ci.example/{})",
    "[{}](https://e.example/{} \"{}\")",
    "[https://good.example/](https://bad.example/{})",
    "<https://e.example/{}> https://e.example/{} [{}][ref]\n\n[ref]: https://e.example/{} \"{}\"",
    "A claim[^{}], another[^n].\n\n[^{}]: {}\n[^n]: {}",
    "```{}\n{}\n```",
    "```rust {}\nlet x = \"{}\"; // {}\n```",
    "`{}` ``{}`` ~~{}~~ **{}** *{}* <kbd>{}</kbd> <b>{}</b>",
    "$ {} $ and\n\n$$\n{}\n$$",
    "# {}\n\n{}\n===",
    "- {}\n- [ ] {}\n  1. {}",
    "| {} | b |\n|---|---|\n| {} | {} |",
    "@{} #{} :{}:",
    "&#27;[2J &#x202e; &#155; {}",
    "    {}\n",
];

/// Those that fold something away.
pub(crate) const FOLDS: &[&str] = &[
    "<details><summary>{}</summary>\n\n{}\n\n</details>",
    "[details=\"{}\"]\n{}\n[/details]",
    "||{}||\n\n[spoiler]{}[/spoiler]\n\n[spoiler]\n{}\n[/spoiler]",
];

/// The forms with a payload in all of their places. Of what ends a line only the end is taken, where it would end the form.
/// Another one comes first for each `turn`.
pub(crate) fn written(forms: &[&str], turn: usize, text: &str) -> String {
    let line = text.replace(['\n', '\r'], " ");
    let (before, from) = forms.split_at(turn % forms.len());
    from.iter().chain(before).map(|form| form.replace("{}", &line)).collect::<Vec<_>>().join("\n\n")
}

/// A community that says hostile things of itself.
pub(crate) fn about_itself(text: &str) -> Memory {
    let (line, block) = (|| Clean::line(text), || Clean::block(text));
    let about = Community {
        name: line(),
        positioning: line(),
        audience: line(),
        rules: block(),
        policy: block(),
        // What is no `Clean` is cleaned where it comes in.
        policy_version: line().to_string(),
        answer_within_hours: None,
    };
    let tier = Tier { slug: line().to_string(), name: line().to_string(), rank: 1 };
    Memory::builder(NOW).about(about).plan("p", text, &tier, Interval::Year, 1, &[text]).seen_by("ada")
}

/// So many payloads below each other.
fn block(cases: &[&Case], step: usize) -> String {
    cases.iter().take(step).map(|case| case.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// A community of which every `step`th thread is all markup, whose plans are hostile too, and half of whose threads are
/// closed to their reader.
pub(crate) fn of_markup(cases: &[&Case], first: usize, step: usize) -> Memory {
    let tier = |nth: usize, text: &str| {
        let word = Clean::line(text).to_string();
        Tier { slug: word.clone(), name: word, rank: u8::try_from(nth + 1).unwrap() }
    };
    let text = |at: usize| cases[at % cases.len()].text.as_str();
    let mut builder = Memory::builder(NOW).member("ada", text(6), Role::Member, 100);
    builder = builder.member("grace", text(7), Role::Member, 100).space("help", text(8), text(9), None, Role::Member);
    for (at, case) in cases.iter().enumerate() {
        let (text, held) = (&case.text, tier(at, &case.text));
        builder = builder.plan(&format!("p{at}"), text, &held, Interval::Month, 600, &[text, text]);
        // Threads with a body of markup are few: all payloads of the block stand in it.
        let block = at.checked_rem(step).filter(|rest| *rest == 0).map(|_| block(&cases[at..], step));
        let of = |forms| block.as_ref().map_or(String::new(), |block| written(forms, first + at, block));
        let body = format!("needle needle{:03}\n\n{}", (first + at) / 3, of(MARKUP));
        let thread = Draft::new("help", Sort::Question, text, ("grace", 5), &body);
        let thread = thread.reply(("grace", 4), &format!("{text}\n\n{}", of(FOLDS))).comment(2, ("ada", 3), text);
        builder = builder.thread(thread);
        let closed = Draft::new("help", Sort::Article, text, ("grace", 5), text);
        builder = builder.thread(closed.gate(&held, text));
    }
    builder.paid("ada", "p0", 10).seen_by("ada")
}
