//! The page behind the address of a post: the way to it, and nothing of the post.

use super::browser::page;
use super::guild::Guild;
use super::harness::TestServer;

#[tokio::test]
async fn the_address_of_a_post_leads_to_a_page_that_tells_nothing_of_it() {
    let guild = Guild::new().await;
    let title = "How walls are built";
    let gated = guild.open("oona", "shop", "question", title, "For the workshop.").await;
    let shown = |id: &str, text: &str| text.replace(id, "ID");
    let known = guild.server.get(&format!("/t/{gated}/1")).send().await;
    let unknown = guild.server.get("/t/nothing/1").send().await;
    assert_eq!((known.status.as_u16(), unknown.status.as_u16()), (200, 200));
    assert_eq!(
        shown(&gated, &page(&known)),
        shown("nothing", &page(&unknown)),
        "the page tells which threads there are"
    );
    assert!(!page(&known).contains(title));
    assert!(page(&known).contains(&format!("/t/{gated}/1</code>")), "{}", page(&known));
    assert_eq!(known.header("set-cookie"), "", "nothing is decided here, so nobody is told apart");
}

#[tokio::test]
async fn what_stands_in_the_address_is_text() {
    let server = TestServer::with(|settings| settings.public_url = Some("https://guild.example/".into())).await;
    let reply = server.get("/t/%3Cscript%3E&'/%22x?y=%3Cb%3E").header("accept-language", "zh-CN").send().await;
    let text = page(&reply);
    assert!(text.contains("lang=\"zh-CN\"") && text.contains("本社区的一条帖子"), "{text}");
    assert!(text.contains("<code>https://guild.example/t/%3Cscript%3E&amp;"), "{text}");
    assert!(!text.contains("<script") && !text.contains("<b>y") && !text.contains("?y="), "{text}");
    assert_eq!(server.get("/t/a/b/c").send().await.problem(), (404, "not_found".into()));
    assert!(server.get("/t/a").send().await.status.is_success());
}
