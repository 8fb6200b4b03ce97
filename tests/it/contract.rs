//! What the port promises in words (`src/community.rs`), in code, for every backend alike.
//!
//! A promise is a function over a [`fixture::Fixture`]; a backend is a fixture and a line in [`contract`].

mod fixture;
#[cfg(feature = "server")]
mod on_server;
mod reading;
mod security;
mod signing_in;
mod writing;

/// Runs every promise on every backend.
macro_rules! contract {
    ($($room:ident: $($promise:ident)+;)+) => {
        on! { fixture::memory: $($room: $($promise)+;)+ }
        #[cfg(feature = "server")]
        on! { on_server::native: $($room: $($promise)+;)+ }
    };
}

macro_rules! on {
    ($place:ident::$backend:ident: $($room:ident: $($promise:ident)+;)+) => {
        mod $backend {
            $(mod $room {
                $(#[tokio::test]
                async fn $promise() {
                    let fixture = crate::contract::$place::$backend().await;
                    crate::contract::$room::$promise(&*fixture).await;
                })+
            })+
        }
    };
}

contract! {
    reading:
        anybody_may_ask_what_the_place_is
        one_is_who_signed_in
        spaces_come_in_order_with_what_they_take
        the_feed_has_the_newest_activity_first
        a_list_goes_on_where_it_stopped
        a_cursor_of_another_list_is_invalid
        views_of_the_feed_show_what_they_say
        a_muted_thread_does_not_count_as_unread
        threads_are_narrowed_and_ordered
        what_is_not_there_is_not_found
        posts_come_by_number_in_windows
        a_deleted_post_leaves_its_place
        a_gated_thread_shows_its_beginning_only
        access_tells_why_and_what_would_open_it
        search_finds_threads_once_with_what_matched
        search_does_not_look_behind_a_gate
        plans_come_by_tier_and_say_what_is_held
        a_membership_follows_from_the_ledger
        a_member_has_a_page;
    writing:
        what_was_opened_can_be_read
        a_reply_goes_to_a_thread_or_to_a_post
        the_same_key_again_has_no_second_effect
        the_same_key_for_another_change_is_invalid
        an_edit_must_name_the_version_that_stands
        who_may_not_is_told_so
        a_locked_thread_takes_replies_of_staff_only
        what_is_wrong_is_named_by_its_field
        votes_add_up_and_are_taken_back
        an_answer_is_accepted_and_taken_back
        marks_are_ones_own
        who_follows_does_not_mute_and_who_mutes_does_not_follow
        a_muted_thread_tells_nothing_to_the_inbox
        the_inbox_tells_who_is_concerned_and_folds
        an_item_is_put_away_and_back
        changes_are_told_in_order_from_where_one_was
        a_change_of_one_post_names_it
        who_is_ahead_of_the_community_is_told_where_it_is
        news_comes_live_after_what_was_missed;
    signing_in:
        a_wrong_name_and_a_wrong_password_are_one
        an_account_is_opened_once_and_signs_in
        a_bad_account_is_refused
        signing_out_ends_the_session_and_may_be_repeated;
    security:
        every_way_in_is_told
        tokens_tell_whose_they_are
        sessions_are_listed_and_ended
        a_personal_token_is_made_used_and_ended
        a_second_factor_is_asked_for_once_it_is_confirmed;
}
