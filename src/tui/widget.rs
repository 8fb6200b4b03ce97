//! Parts of a picture that more than one pane or overlay draws. They know the theme and the model, no state of panes.

pub mod editor;
pub mod highlight;
pub mod markdown;
pub mod text;
pub mod thread_page;
