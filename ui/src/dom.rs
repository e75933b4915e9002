//! The few things the screens ask of the browser besides what Leptos gives.

use std::fmt::Write;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// An event listener; dropping it takes it off.
pub struct Listener {
    target: web_sys::EventTarget,
    name: &'static str,
    closure: Closure<dyn Fn(web_sys::Event)>,
}

impl Listener {
    /// Calls `back` with each event `name` at `target`.
    pub fn on(
        target: web_sys::EventTarget,
        name: &'static str,
        back: Box<dyn Fn(web_sys::Event)>,
    ) -> Self {
        let closure = Closure::wrap(back);
        // Adding a listener of a known type to a live target can't fail.
        let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        Self { target, name, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self
            .target
            .remove_event_listener_with_callback(self.name, self.closure.as_ref().unchecked_ref());
    }
}

/// Follows the size of an element; dropping it ends that.
pub struct Resized {
    observer: web_sys::ResizeObserver,
    _back: Closure<dyn Fn()>,
}

impl Resized {
    /// Calls `back` soon, and whenever the element's size has changed. None where the browser can't tell.
    pub fn watch(element: &web_sys::Element, back: Box<dyn Fn()>) -> Option<Self> {
        let back = Closure::wrap(back);
        let observer = web_sys::ResizeObserver::new(back.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _back: back })
    }
}

impl Drop for Resized {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Follows which elements are to be seen, or nearly; dropping it ends that.
pub struct Seen {
    observer: web_sys::IntersectionObserver,
    _back: Closure<dyn Fn(js_sys::Array)>,
}

impl Seen {
    /// Calls `back` with each element that is watched when it comes within `margin` of what is seen of `root`, and
    /// when it leaves that. None where the browser can't tell.
    pub fn within(
        root: &web_sys::Element,
        margin: &str,
        back: Box<dyn Fn(web_sys::Element, bool)>,
    ) -> Option<Self> {
        let back: Closure<dyn Fn(js_sys::Array)> =
            Closure::wrap(Box::new(move |entries: js_sys::Array| {
                for entry in entries.iter() {
                    let entry: web_sys::IntersectionObserverEntry = entry.unchecked_into();
                    back(entry.target(), entry.is_intersecting());
                }
            }));
        let options = web_sys::IntersectionObserverInit::new();
        options.set_root(Some(root));
        options.set_root_margin(margin);
        let call = back.as_ref().unchecked_ref();
        let observer = web_sys::IntersectionObserver::new_with_options(call, &options).ok()?;
        Some(Self { observer, _back: back })
    }

    /// Follows an element.
    pub fn watch(&self, element: &web_sys::Element) {
        self.observer.observe(element);
    }

    /// Follows an element no more.
    pub fn unwatch(&self, element: &web_sys::Element) {
        self.observer.unobserve(element);
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Sets a property of an element's own style, which a strict policy allows, as it does not its attribute; an empty value
/// takes it off.
pub fn set_style(element: &web_sys::Element, name: &str, value: &str) {
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        // A name that there is can be set.
        let _ = element.style().set_property(name, value);
    }
}

/// How wide an element is drawn, in pixels; 0 while it is not.
pub fn width(element: &web_sys::Element) -> f64 {
    element.get_bounding_client_rect().width()
}

/// Scrolls as little as is needed to see an element.
pub fn show_nearest(element: &web_sys::Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// A random UUID, version 4. `crypto.randomUUID` would need a secure context.
pub fn uuid() -> String {
    let mut bytes = [0_u8; 16];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        // Sixteen bytes are far below the quota, its only way to fail.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// An error's own words.
pub fn words(error: &JsValue) -> String {
    let message =
        js_sys::Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.or_else(|| error.as_string()).unwrap_or_else(|| "the browser gives no reason".into())
}

/// Copies a text, and says whether the browser allowed it.
pub async fn copy(text: String) -> bool {
    let Some(window) = web_sys::window() else { return false };
    // Outside secure contexts there is no clipboard, though its type says otherwise.
    let clipboard: JsValue = window.navigator().clipboard().into();
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(window.navigator().clipboard().write_text(&text)).await.is_ok()
}

/// A value that outlives the page's visit; None where storage is denied.
pub fn stored(key: &str) -> Option<String> {
    web_sys::window()?.local_storage().ok()??.get_item(key).ok()?
}

/// Keeps a value for later visits, where that is allowed.
pub fn store(key: &str, value: &str) {
    keep(key, Some(value));
}

/// The same; None forgets the one there.
pub fn keep(key: &str, value: Option<&str>) {
    if let Some(Ok(Some(storage))) = web_sys::window().map(|window| window.local_storage()) {
        // Denied or full: the choice then lasts as long as the page.
        let _ = match value {
            Some(value) => storage.set_item(key, value),
            None => storage.remove_item(key),
        };
    }
}

/// Whether this is the first call with `key` in this tab's session.
pub fn first_in_session(key: &str) -> bool {
    let Some(Ok(Some(storage))) = web_sys::window().map(|window| window.session_storage()) else {
        return true;
    };
    let first = storage.get_item(key).ok().flatten().is_none();
    let _ = storage.set_item(key, "1");
    first
}

/// Tells the embedding page, through all shadow roots.
pub fn dispatch(host: &web_sys::HtmlElement, name: &str, detail: &JsValue) {
    let init = web_sys::CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_detail(detail);
    if let Ok(event) = web_sys::CustomEvent::new_with_event_init_dict(name, &init) {
        let _ = host.dispatch_event(&event);
    }
}

/// Whether the browser has a network. It may be wrong about what lies behind it.
pub fn online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// Whether the page can't be seen.
pub fn hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}

/// Writes the address' fragment, as a step back can undo. Only for a page of our own.
pub fn set_hash(hash: &str) {
    let Some(window) = web_sys::window() else { return };
    let location = window.location();
    let here = location.hash().unwrap_or_default();
    // No fragment and the empty one are the same place.
    if here != hash && !(here.is_empty() && hash == "#/") {
        let _ = location.set_hash(hash);
    }
}

/// Writes the address' fragment in place of the one there. Only for a page of our own.
pub fn replace_hash(hash: &str) {
    if let Some(Ok(history)) = web_sys::window().map(|window| window.history()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(hash));
    }
}

/// Writes the page's title. Only for a page of our own.
pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(title);
    }
}

/// Shows another of the page's icons, which lie side by side: `icon.svg`, `icon-live.svg`. Only for a page of our own
/// that has one.
pub fn set_icon(name: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let link = document.and_then(|document| document.query_selector("link[rel=icon]").ok()?);
    let Some(link) = link else { return };
    let Some(href) = link.get_attribute("href") else { return };
    if let Some((folder, _)) = href.rsplit_once('/') {
        // The name of an attribute is valid.
        let _ = link.set_attribute("href", &format!("{folder}/{name}.svg"));
    }
}

/// Loads the page anew. Only for a page of our own.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        // A page may load itself anew.
        let _ = window.location().reload();
    }
}

/// The element within `root` that has the focus.
pub fn focused_in(root: &web_sys::Element) -> Option<web_sys::HtmlElement> {
    // A shadow root has a focus of its own; the document's would be the host.
    field(&root.get_root_node(), "activeElement")
        .dyn_into::<web_sys::HtmlElement>()
        .ok()
        .filter(|element| root.contains(Some(element)))
}

/// Sets the height of an element, in pixels; None leaves it to its content.
pub fn set_height(element: &web_sys::Element, px: Option<i32>) {
    set_style(element, "height", &px.map(|px| format!("{px}px")).unwrap_or_default());
}

/// Gives the focus to the first element in `root` that matches, and says whether there is one.
pub fn focus_in(root: &web_sys::Element, selector: &str) -> bool {
    let found = root.query_selector(selector).ok().flatten();
    let found = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    // Only an element that can't take it fails.
    found.is_some_and(|element| element.focus().is_ok())
}

/// Whether a click ended the selecting of text, and so was not meant as a press.
pub fn ends_selection(event: &web_sys::Event) -> bool {
    let selection = web_sys::window().and_then(|window| window.get_selection().ok().flatten());
    // A press on a button always counts.
    let on_button = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|target| matches!(target.closest("button"), Ok(Some(_))));
    !on_button && selection.is_some_and(|selection| !selection.is_collapsed())
}

/// What is typed into the field that an event is about.
pub fn value_of(event: &web_sys::Event) -> String {
    let target = event.target().map(JsValue::from).unwrap_or_default();
    field(&target, "value").as_string().unwrap_or_default()
}

/// A property of a plain object; undefined when it has none.
pub fn field(of: &JsValue, key: &str) -> JsValue {
    // Only a non-object fails, and has no property either.
    js_sys::Reflect::get(of, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A plain object.
pub fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (key, value) in fields {
        // A fresh plain object takes any property.
        let _ = js_sys::Reflect::set(&object, &(*key).into(), value);
    }
    object.into()
}

/// What stands in a field.
pub fn value(element: &web_sys::Element) -> String {
    field(element, "value").as_string().unwrap_or_default()
}

/// Puts a text into a field.
pub fn set_value(field: &web_sys::Element, value: &str) {
    // An element takes any property.
    let _ = js_sys::Reflect::set(field, &"value".into(), &value.into());
}

/// The elements in `root` that match, in their order.
pub fn all_in(root: &web_sys::Element, selector: &str) -> Vec<web_sys::Element> {
    let Ok(found) = root.query_selector_all(selector) else { return Vec::new() };
    let elements = (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok());
    elements.collect()
}

/// Gives an element the focus, and selects what stands in it, to be typed over.
pub fn take_up(element: &web_sys::Element) {
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        // Only an element that can't take it fails.
        let _ = element.focus();
    }
    if let Some(input) = element.dyn_ref::<web_sys::HtmlInputElement>() {
        input.select();
    }
}
