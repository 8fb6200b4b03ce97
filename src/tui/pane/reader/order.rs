//! The order in which a thread is read, and how deep each post stands: a question by its answers, all else as a tree.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{post::Post, thread::Kind};

/// A post in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its number.
    pub number: u32,
    /// How many replies deep it stands; 0 for the opening post and what replies to it.
    pub depth: u16,
    /// How many posts are folded away below it.
    pub hidden: usize,
}

/// Puts posts in reading order. A question's accepted answer comes first, then by votes, then by age; comments stand
/// below their answer. Posts whose parent is not there stand at the top level.
pub fn arrange(kind: Kind, posts: &[&Post], folded: &BTreeSet<u32>) -> Vec<Placed> {
    let known: BTreeSet<u32> = posts.iter().map(|p| p.number).collect();
    let mut below: BTreeMap<u32, Vec<&Post>> = BTreeMap::new();
    for post in posts {
        // A reply only ever comes after what it replies to; anything else would go round in circles.
        let parent = post.parent.filter(|p| known.contains(p) && *p < post.number).unwrap_or(0);
        below.entry(parent).or_default().push(*post);
    }
    let mut roots = below.remove(&0).unwrap_or_default();
    if kind == Kind::Question {
        roots.sort_by_key(|p| (p.number != 1, !p.accepted, -p.score, p.number));
    }
    let mut placed = Vec::with_capacity(posts.len());
    let mut todo: Vec<(&Post, u16)> = roots.into_iter().rev().map(|p| (p, 0)).collect();
    while let Some((post, depth)) = todo.pop() {
        let replies = below.remove(&post.number).unwrap_or_default();
        let mut hidden = 0;
        if folded.contains(&post.number) {
            let mut away = replies;
            while let Some(reply) = away.pop() {
                hidden += 1;
                away.extend(below.remove(&reply.number).unwrap_or_default());
            }
        } else {
            // The opening post's own replies are as much top level as those without a parent.
            let deeper = if post.number == 1 && kind != Kind::Question { 0 } else { depth + 1 };
            todo.extend(replies.into_iter().rev().map(|p| (p, deeper)));
        }
        placed.push(Placed { number: post.number, depth, hidden });
    }
    placed
}
