use std::collections::HashSet;

use super::*;
use crate::model::member::Role;
use crate::model::membership::{Standing, derive};
use crate::model::thread::Kind;

#[test]
fn every_file_reads_and_there_is_enough() {
    let content = content().unwrap();
    let posts: usize = content.threads.iter().map(|thread| thread.parts.len()).sum();
    assert!(content.people.len() >= 12 && content.threads.len() >= 60 && posts >= 400, "{posts} posts");
    assert_eq!((content.place.spaces.len(), content.place.plans.len()), (5, 3));
    assert_eq!(content.threads.iter().filter(|thread| thread.parts.len() == 150).count(), 1);
    assert!(Role::ALL.iter().all(|role| content.people.iter().any(|person| person.role == *role)));
    assert!(Kind::ALL.iter().all(|kind| content.threads.iter().any(|thread| thread.kind == *kind)));
    assert!(content.threads.iter().any(|thread| thread.gate.is_some()));
    let solved = |t: &&ThreadFile| t.parts.iter().any(|part| part.accepted);
    assert!(content.threads.iter().filter(solved).count() >= 10);
}

#[test]
fn the_people_stand_in_every_way_one_can_stand() {
    let content = content().unwrap();
    let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let standing = |person| derive(&people::facts(person, &content.place, now).unwrap(), now).standing;
    let found: HashSet<Standing> = content.people.iter().map(standing).collect();
    for one in [
        Standing::None,
        Standing::Trial,
        Standing::Active,
        Standing::Gift,
        Standing::Granted,
        Standing::PastDue,
        Standing::Cancelled,
        Standing::Paused,
        Standing::Expired,
        Standing::Refunded,
        Standing::Revoked,
    ] {
        assert!(found.contains(&one), "nobody is {one:?}");
    }
}
