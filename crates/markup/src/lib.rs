//! Markup that the server writes and nothing brings to life: a string that is put together safely.
//!
//! `html!` takes the notation of Leptos' `view!` and writes it straight into one string. All that is
//! known when the program is built is one piece; every `{expression}` is a `Draw`, every `name=expression`
//! a `Value`, and both are escaped. So a page costs a few calls instead of a type as deep as itself, to
//! build as well as to draw.
//!
//! Not here: anything that reacts or knows of a page. What lives in the browser is a Leptos view.

use std::borrow::Cow;

pub use markup_macro::html;

/// Finished markup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Appends markup as it is. For `html!`, which alone knows that it is.
    pub fn push(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    /// The markup.
    pub fn into_string(self) -> String {
        self.0
    }

    fn escape(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>', '"']) {
            self.0.push_str(&rest[..at]);
            self.0.push_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                _ => "&quot;",
            });
            rest = &rest[at + 1..];
        }
        self.0.push_str(rest);
    }
}

/// What stands between two tags.
pub trait Draw {
    /// Writes it, escaped where it is text.
    fn draw(self, into: &mut Html);
}

/// What stands behind the name of an attribute.
pub trait Value {
    /// Writes the attribute with its name, which a blank comes before; nothing where there is none.
    fn write(self, name: &str, into: &mut Html);
}

impl<T: Draw> FromIterator<T> for Html {
    fn from_iter<I: IntoIterator<Item = T>>(parts: I) -> Self {
        let mut all = Self::default();
        for part in parts {
            part.draw(&mut all);
        }
        all
    }
}

impl Draw for Html {
    fn draw(self, into: &mut Html) {
        into.push(&self.0);
    }
}

impl Draw for () {
    fn draw(self, _: &mut Html) {}
}

impl<T: Draw> Draw for Option<T> {
    fn draw(self, into: &mut Html) {
        if let Some(part) = self {
            part.draw(into);
        }
    }
}

impl<T: Draw> Draw for Vec<T> {
    fn draw(self, into: &mut Html) {
        for part in self {
            part.draw(into);
        }
    }
}

impl<T: Draw, const N: usize> Draw for [T; N] {
    fn draw(self, into: &mut Html) {
        for part in self {
            part.draw(into);
        }
    }
}

/// An attribute without a value is there or not.
impl Value for bool {
    fn write(self, name: &str, into: &mut Html) {
        if self {
            into.push(name);
        }
    }
}

impl<T: Value> Value for Option<T> {
    fn write(self, name: &str, into: &mut Html) {
        if let Some(value) = self {
            value.write(name, into);
        }
    }
}

/// Texts, as content and as values.
macro_rules! texts {
    ($($type:ty),*) => {$(
        impl Draw for $type {
            fn draw(self, into: &mut Html) {
                into.escape(self.as_ref());
            }
        }

        impl Value for $type {
            fn write(self, name: &str, into: &mut Html) {
                into.push(name);
                into.push("=\"");
                into.escape(self.as_ref());
                into.push("\"");
            }
        }
    )*};
}

texts!(&str, String, &String, Cow<'_, str>);

/// Numbers, as content and as values.
macro_rules! numbers {
    ($($type:ty),*) => {$(
        impl Draw for $type {
            fn draw(self, into: &mut Html) {
                self.to_string().draw(into);
            }
        }

        impl Value for $type {
            fn write(self, name: &str, into: &mut Html) {
                self.to_string().write(name, into);
            }
        }
    )*};
}

numbers!(char, f64, i32, i64, u8, u16, u32, u64, usize);
