//! The icons: strokes in a square of 16, drawn by one function.

use crate::el::{El, span};

/// An icon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Icon {
    /// Start.
    Play,
    /// Pause.
    Pause,
    /// End.
    Stop,
    /// Poll at once.
    Poll,
    /// Edit.
    Pencil,
    /// New.
    Plus,
    /// To the clipboard.
    Copy,
    /// As a file.
    Download,
    /// From a file.
    Upload,
    /// Done.
    Check,
    /// Dismiss.
    Cross,
    /// Remove.
    Trash,
    /// Back.
    Back,
    /// Folded; turned when unfolded.
    Chevron,
    /// Find.
    Search,
    /// Two beside each other.
    Compare,
    /// What was.
    History,
    /// Trouble.
    Alert,
    /// Another tab.
    Tabs,
    /// Memory.
    Chip,
    /// One place up.
    Up,
    /// One place down.
    Down,
    /// To be dragged.
    Grip,
    /// A step taken back.
    Undo,
    /// A step taken again.
    Redo,
    /// Secrets.
    Key,
    /// Settings.
    Gear,
    /// Times.
    Clock,
    /// Keys.
    Keyboard,
    /// The product's own: a baton, handed over.
    Baton,
}

impl Icon {
    /// Its strokes.
    pub fn paths(self) -> &'static str {
        match self {
            Self::Play => {
                r#"<path class="f" d="M5 3.4v9.2a.6.6 0 0 0 .9.5l7.2-4.6a.6.6 0 0 0 0-1L5.9 2.9A.6.6 0 0 0 5 3.4z"/>"#
            }
            Self::Pause => r#"<path d="M5.5 3.5v9M10.5 3.5v9" stroke-width="2"/>"#,
            Self::Stop => r#"<rect x="3.75" y="3.75" width="8.5" height="8.5" rx="1.5"/>"#,
            Self::Poll => {
                r#"<path d="M13.2 6.5A5.5 5.5 0 0 0 3.3 5M2.8 9.5a5.5 5.5 0 0 0 9.9 1.5M3 2v3h3M13 14v-3h-3"/>"#
            }
            Self::Pencil => {
                r#"<path d="M10.8 2.7l2.5 2.5L5.6 12.9l-3.2.700.7-3.2zM9.2 4.3l2.5 2.5"/>"#
            }
            Self::Plus => r#"<path d="M8 3v10M3 8h10"/>"#,
            Self::Copy => {
                r#"<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 3.2v-.2A1.5 1.5 0 0 0 9 1.5H3.5A1.5 1.5 0 0 0 2 3v5.5A1.5 1.5 0 0 0 3.5 10h.2"/>"#
            }
            Self::Download => r#"<path d="M8 2.5v7.7M4.8 7.2L8 10.4l3.2-3.2M3 13.3h10"/>"#,
            Self::Upload => r#"<path d="M8 10.2V2.5M4.8 5.7L8 2.5l3.2 3.2M3 13.3h10"/>"#,
            Self::Check => r#"<path d="M3 8.5l3.3 3.3L13 4.6"/>"#,
            Self::Cross => r#"<path d="M4 4l8 8M12 4l-8 8"/>"#,
            Self::Trash => {
                r#"<path d="M2.5 4.5h11M6 4.5V2.8h4v1.7M4 4.5l.6 8.7h6.8l.6-8.7M6.8 7v3.7M9.2 7v3.7"/>"#
            }
            Self::Back => r#"<path d="M13 8H3.5M7.3 4L3.3 8l4 4"/>"#,
            Self::Chevron => r#"<path d="M6 3.8L10.2 8 6 12.2"/>"#,
            Self::Compare => {
                r#"<rect x="2.2" y="3" width="4.6" height="10" rx="1.2"/><path d="M9.2 3h3.400a1.200 1.200 0 0 1 1.200 1.200v7.600a1.200 1.200 0 0 1-1.200 1.200H9.200" stroke-dasharray="2.200 2"/>"#
            }
            Self::History => {
                r#"<path d="M2.700 8A5.300 5.300 0 1 0 4.300 4.200M2.600 2.700v2.800h2.800M8 5.200V8l2 1.500"/>"#
            }
            Self::Search => r#"<circle cx="7" cy="7" r="4.3"/><path d="M10.2 10.2L13.7 13.7"/>"#,
            Self::Alert => {
                r#"<path d="M8 2L14.7 13.5H1.3z" stroke-linejoin="round"/><path d="M8 6.4v3.3M8 11.4v.3"/>"#
            }
            Self::Tabs => {
                r#"<rect x="2" y="5" width="9.5" height="8.5" rx="1.5"/><path d="M5 5V3.8A1.3 1.3 0 0 1 6.3 2.5h6.2A1.5 1.5 0 0 1 14 4v5.2a1.3 1.3 0 0 1-1.3 1.3h-1.2"/>"#
            }
            Self::Chip => {
                r#"<rect x="4" y="4" width="8" height="8" rx="1.5"/><path d="M6.5 1.5V4M9.5 1.5V4M6.5 12v2.5M9.5 12v2.5M1.5 6.5H4M1.5 9.5H4M12 6.5h2.5M12 9.5h2.5"/>"#
            }
            Self::Up => r#"<path d="M8 13V3.5M4 7.3l4-4 4 4"/>"#,
            Self::Down => r#"<path d="M8 3v9.5M4 8.7l4 4 4-4"/>"#,
            Self::Grip => {
                r#"<path d="M6 3.5v.1M10 3.5v.1M6 8v.1M10 8v.1M6 12.5v.1M10 12.5v.1" stroke-width="2"/>"#
            }
            Self::Undo => r#"<path d="M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M6 3L2.7 6.5 6 10"/>"#,
            Self::Redo => r#"<path d="M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10M10 3l3.300 3.5L10 10"/>"#,
            Self::Key => {
                r#"<circle cx="5.2" cy="10.8" r="2.9"/><path d="M7.3 8.7L13.3 2.700M11 5l2 2M8.9 7.1l1.3 1.3"/>"#
            }
            Self::Gear => {
                r#"<circle cx="8" cy="8" r="2.1"/><circle cx="8" cy="8" r="4.6"/><path d="M8 1.4v2M8 12.6v2M1.4 8h2M12.6 8h2M3.3 3.3l1.4 1.4M11.3 11.3l1.4 1.4M3.3 12.7l1.4-1.4M11.3 4.7l1.4-1.4"/>"#
            }
            Self::Keyboard => {
                r#"<rect x="1.5" y="4" width="13" height="8.5" rx="1.5"/><path d="M4.2 6.8h.1M6.7 6.8h.1M9.2 6.8h.1M11.7 6.8h.1M5.5 9.8h5"/>"#
            }
            Self::Clock => r#"<circle cx="8" cy="8" r="5.75"/><path d="M8 4.7V8l2.3 1.4"/>"#,
            Self::Baton => {
                r#"<path d="M2.2 13.8L13.8 2.2" stroke-width="3.6"/><path class="i" d="M6.4 9.6L9.6 6.4" stroke-width="1.3"/>"#
            }
        }
    }
}

/// Draws an icon. It says nothing to ears: the words are beside it.
pub fn icon(icon: Icon) -> El {
    span("drawn").svg("icon", 16, 16, icon.paths())
}
