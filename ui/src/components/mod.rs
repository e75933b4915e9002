//! The parts that screens are made of.

mod ask;
mod button;
mod icon;
mod mark;
mod menu;
mod nav;
mod said;
mod segments;
mod select;

pub use ask::{Answer, Ask, modal};
pub use button::{Button, Copied, Face, Kind, Look, copy_button, copy_later, file_button};
pub use icon::{Icon, icon};
pub use mark::{chip, mark, status};
pub use menu::{menu, menu_items};
pub use nav::{Nav, NavKind, is_plain};
pub use said::{Said, said};
pub use segments::segments;
pub use select::select;
