//! The rows of the tree in the document: those in sight with some around them, however many there are.
//! Two rows as high as what is left out keep the height of the whole.

use std::ops::Range;

use domain::meters::view::tree::Key;
use leptos::html::Tbody;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, FocusOptions, HtmlElement};

use super::row::{self, Drawn};
use super::scene::Scene;
use texts::console::{NO_FOCUS, log_refusal};

/// Rows that are drawn beyond those in sight, so that a scroll never shows a hole.
const BEYOND: usize = 12;
/// A stretch begins and ends at a multiple of this: not every pixel of a scroll changes it.
const GRAIN: usize = 4;
/// The height of a row before it can be measured.
const HEIGHT: f64 = 25.0;
/// So much at the top of the window the bar and the head of the table cover.
const COVERED: f64 = 80.0;
/// Up to this width, what is selected covers the lower part of the window.
const NARROW: f64 = 1023.0;

/// The rows that the server draws.
#[cfg(feature = "ssr")]
const FIRST: Range<usize> = 0..100;

/// The rows in the document. Copies share them.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    pub(super) scene: Scene,
    pub(super) body: NodeRef<Tbody>,
    shown: StoredValue<Option<Rows>>,
    owner: StoredValue<Owner>,
    stretch: StoredValue<Range<usize>>,
}

/// Elements stay with the thread that made them: on the server, where pages wander between threads, there
/// are none.
type Rows = StoredValue<Vec<Shown>, LocalStorage>;

/// A row in the document.
struct Shown {
    key: Key,
    drawn: Drawn,
    element: Element,
}

impl Grid {
    pub(super) fn new(scene: Scene) -> Self {
        Self {
            scene,
            body: NodeRef::new(),
            shown: StoredValue::new(None),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            stretch: StoredValue::new(0..0),
        }
    }

    /// The rows as the page begins.
    #[cfg(feature = "ssr")]
    pub(super) fn first(self) -> String {
        let count = self.scene.rows.with_untracked(Vec::len);
        let rows: String = self.scene.draw(&FIRST).iter().map(|(_, row)| row.outer()).collect();
        let below = count.saturating_sub(FIRST.end) as f64 * HEIGHT;
        format!("{}{rows}{}", spacer(0.0), spacer(below))
    }

    /// What the server drew stays as it is until the first drawing.
    #[cfg(not(feature = "ssr"))]
    #[expect(clippy::unused_self, reason = "the server draws from it")]
    pub(super) fn first(self) -> String {
        String::new()
    }

    /// The rows in the document. Only in the browser.
    fn shown(self) -> Rows {
        self.shown.get_value().unwrap_or_else(|| {
            let make = || StoredValue::new_local(Vec::new());
            let rows = self.owner.with_value(|owner| owner.with(make));
            self.shown.set_value(Some(rows));
            rows
        })
    }

    /// The keys of the rows in the document, and of some before and after them.
    pub(super) fn keys(self, around: usize) -> Vec<Key> {
        let Range { start, end } = self.stretch.get_value();
        self.scene.rows.with_untracked(|rows| {
            let shown = start.saturating_sub(around)..(end + around).min(rows.len());
            rows.get(shown).unwrap_or_default().iter().map(|row| row.key).collect()
        })
    }

    /// Draws again when other rows have come into sight; answers whether they have.
    pub(super) fn scrolled(self) -> bool {
        let changed =
            self.measured().is_some_and(|(stretch, _)| stretch != self.stretch.get_value());
        if changed {
            self.draw();
        }
        changed
    }

    /// The rows that are to be drawn, and the height of one.
    fn measured(self) -> Option<(Range<usize>, f64)> {
        let top = self.body.get_untracked()?.get_bounding_client_rect().top();
        let height = self.height();
        let count = self.scene.rows.with_untracked(Vec::len);
        let (first, last) = (-top / height, (window_size().1 - top) / height);
        let row = |at: f64| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a row")]
            let row = at.clamp(0.0, count as f64) as usize;
            row
        };
        let start = row(first).saturating_sub(BEYOND) / GRAIN * GRAIN;
        let end = (row(last) + 1 + BEYOND).next_multiple_of(GRAIN).min(count);
        Some((start.min(end)..end, height))
    }

    /// The height of a row, all of which are as high.
    fn height(self) -> f64 {
        let height = self.shown().with_value(|shown| {
            shown.first().map(|row| row.element.get_bounding_client_rect().height())
        });
        height.filter(|&height| height > 1.0).unwrap_or(HEIGHT)
    }

    pub(super) fn draw(self) {
        let (Some(body), Some((stretch, height))) = (self.body.get_untracked(), self.measured())
        else {
            return;
        };
        let count = self.scene.rows.with_untracked(Vec::len);
        let rows = self.scene.draw(&stretch);
        let (above, below) = (stretch.start as f64 * height, (count - stretch.end) as f64 * height);
        self.stretch.set_value(stretch);
        if self.shown().with_value(Vec::is_empty) {
            body.set_inner_html(&(spacer(0.0) + &spacer(0.0)));
        }
        let held = document().active_element();
        self.shown().update_value(|shown| {
            let done = put(&body, shown, rows).and_then(|()| {
                pad(body.first_element_child(), above)?;
                pad(body.last_element_child(), below)
            });
            log_refusal(done, "the tree cannot be drawn");
        });
        // The keys go on from the table where the row that had the focus is scrolled away. Given any
        // earlier, while the table is short of rows, the focus would scroll the page back.
        if held.is_some_and(|held| !held.is_connected())
            && let Ok(Some(table)) = body.closest("table")
        {
            give_focus(&table);
        }
    }

    /// Brings a row into sight, and gives it the focus where that is meant.
    pub(super) fn show(self, key: Key, focus: bool) {
        self.draw();
        let index = self.scene.rows.with_untracked(|rows| rows.iter().position(|r| r.key == key));
        let (Some(index), Some(body)) = (index, self.body.get_untracked()) else { return };
        let height = self.height();
        let top = body.get_bounding_client_rect().top() + index as f64 * height;
        let (width, window_height) = window_size();
        let covered = if width <= NARROW { window_height * 0.6 } else { 2.0 * height };
        let (least, most) = (COVERED + height, window_height - covered - height);
        if top < least || top > most {
            let by = if top < least { top - least } else { top - most.max(least) };
            window().scroll_by_with_x_and_y(0.0, by);
            self.draw();
        }
        if focus {
            self.shown().with_value(|shown| {
                if let Some(row) = shown.iter().find(|row| row.key == key) {
                    give_focus(&row.element);
                }
            });
        }
    }
}

pub(super) fn row_of(element: &Element) -> Option<Key> {
    row::key(&element.closest("tr").ok()??.id())
}

fn window_size() -> (f64, f64) {
    let size = |value: Result<wasm_bindgen::JsValue, _>| value.ok()?.as_f64();
    let window = window();
    (size(window.inner_width()).unwrap_or(1440.0), size(window.inner_height()).unwrap_or(900.0))
}

/// A row as high as those that are left out.
fn spacer(height: f64) -> String {
    format!("<tr class=\"spacer\" aria-hidden=\"true\"><td height=\"{height:.0}\"></td></tr>")
}

fn pad(spacer: Option<Element>, height: f64) -> Result<(), wasm_bindgen::JsValue> {
    let height = format!("{height:.0}");
    match spacer.and_then(|spacer| spacer.first_element_child()) {
        Some(cell) if cell.get_attribute("height").as_ref() != Some(&height) => {
            cell.set_attribute("height", &height)
        }
        _ => Ok(()),
    }
}

/// Puts rows between the spacers: those that stand there change where they differ and keep the focus,
/// the others come and go.
fn put(
    body: &Element,
    shown: &mut Vec<Shown>,
    rows: Vec<(Key, Drawn)>,
) -> Result<(), wasm_bindgen::JsValue> {
    let mut old = std::mem::take(shown);
    for (key, drawn) in rows {
        let row = match old.iter().position(|row| row.key == key) {
            Some(at) => {
                let mut row = old.swap_remove(at);
                row.update(drawn)?;
                row
            }
            None => Shown::new(key, drawn)?,
        };
        shown.push(row);
    }
    for row in old {
        row.element.remove();
    }
    let mut next = body.first_element_child().and_then(|top| top.next_element_sibling());
    for row in shown {
        if next.as_ref() == Some(&row.element) {
            next = row.element.next_element_sibling();
        } else {
            body.insert_before(&row.element, next.as_ref().map(AsRef::as_ref))?;
        }
    }
    Ok(())
}

fn give_focus(element: &Element) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        log_refusal(element.focus_with_options(&options), NO_FOCUS);
    }
}

impl Shown {
    fn new(key: Key, drawn: Drawn) -> Result<Self, wasm_bindgen::JsValue> {
        let element = document().create_element("tr")?;
        element.set_inner_html(&drawn.inner());
        for (name, value) in drawn.attributes.iter().filter(|(_, value)| !value.is_empty()) {
            element.set_attribute(name, value)?;
        }
        Ok(Self { key, drawn, element })
    }

    fn update(&mut self, new: Drawn) -> Result<(), wasm_bindgen::JsValue> {
        for ((name, new), (_, old)) in new.attributes.iter().zip(&self.drawn.attributes) {
            if new == old {
                continue;
            }
            if new.is_empty() {
                self.element.remove_attribute(name)?;
            } else {
                self.element.set_attribute(name, new)?;
            }
        }
        let mut cell = self.element.first_element_child();
        for (new, old) in new.cells.iter().zip(&self.drawn.cells) {
            let Some(at) = cell else { break };
            if new != old {
                at.set_inner_html(new);
            }
            cell = at.next_element_sibling();
        }
        self.drawn = new;
        Ok(())
    }
}
