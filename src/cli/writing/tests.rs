use super::*;

#[test]
fn two_texts_that_fail_in_the_same_second_both_stay() {
    let folder = tempfile::tempdir().unwrap();
    let reply = Draft::new(Place::Reply { thread: ThreadId::new("t1"), parent: None }, String::new());
    let files = ["One.", "Two.", "Three."]
        .map(|body| put_aside(folder.path(), "NOW", &Draft { body: body.into(), ..reply.clone() }).unwrap());
    let read = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
    assert_eq!(files.each_ref().map(read), ["One.\n", "Two.\n", "Three.\n"]);
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(files.each_ref().map(name), ["NOW-reply-t1.md", "NOW-reply-t1-2.md", "NOW-reply-t1-3.md"]);
}

#[test]
fn what_is_put_aside_of_a_thread_has_its_title_and_its_tags() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::NewThread { space: SpaceId::new("help"), kind: thread::Kind::Question };
    let draft = Draft {
        title: "Why?".into(),
        body: "So.".into(),
        tags: vec!["rust".into(), "tokio".into()],
        ..Draft::new(place, String::new())
    };
    let path = put_aside(&folder.path().join("not/there"), "NOW", &draft).unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), "# Why?\n\n#rust #tokio\n\nSo.\n");
}
