//! The macro `html!` of the crate `markup`, whose documentation says how it is used.
//!
//! Here is what turns the nodes of a template into the statements that write them: neighbouring parts
//! that are known when the program is built become one string.

use std::mem;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use rstml::node::{
    KeyedAttribute, KeyedAttributeValue, Node, NodeAttribute, NodeBlock, NodeElement, NodeName,
};
use syn::spanned::Spanned as _;
use syn::{Block, Error, Expr, ExprLit, Lit, Stmt};

/// Elements that have no content and no end.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose content is no markup, so that nothing in it is escaped.
const RAW: [&str; 2] = ["script", "style"];

/// An attribute that stands for the content, as markup.
const INNER: &str = "inner_html";

/// Writes a template as markup.
#[proc_macro]
pub fn html(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    match rstml::parse2(tokens.into()).and_then(|nodes| Template::default().write(&nodes)) {
        Ok(written) => written.into(),
        Err(error) => error.to_compile_error().into(),
    }
}

/// A template on its way to statements.
#[derive(Default)]
struct Template {
    /// What is known so far and not yet a statement.
    known: String,
    statements: Vec<TokenStream>,
}

impl Template {
    fn write(mut self, nodes: &[Node]) -> Result<TokenStream, Error> {
        self.nodes(nodes, false)?;
        self.flush();
        let (written, statements) = (written(), self.statements);
        Ok(quote! {{
            let mut #written = ::markup::Html::default();
            #(#statements)*
            #written
        }})
    }

    fn flush(&mut self) {
        let known = mem::take(&mut self.known);
        if !known.is_empty() {
            let written = written();
            self.statements.push(quote! { #written.push(#known); });
        }
    }

    fn nodes(&mut self, nodes: &[Node], is_raw: bool) -> Result<(), Error> {
        nodes.iter().try_for_each(|node| self.node(node, is_raw))
    }

    fn node(&mut self, node: &Node, is_raw: bool) -> Result<(), Error> {
        let written = written();
        match node {
            Node::Element(element) => self.element(element)?,
            Node::Fragment(fragment) => self.nodes(&fragment.children, is_raw)?,
            Node::Text(text) if is_raw => self.known.push_str(&text.value_string()),
            Node::Text(text) => self.known.push_str(&escaped(&text.value_string())),
            Node::Block(block) if is_raw => {
                self.flush();
                let value = bare(block);
                self.statements.push(quote_spanned! { block.span()=> #written.push(&#value); });
            }
            Node::Block(block) => {
                self.flush();
                let value = bare(block);
                self.statements.push(
                    quote_spanned! { block.span()=> ::markup::Draw::draw(#value, &mut #written); },
                );
            }
            other => return Err(Error::new(other.span(), "write text in quotation marks")),
        }
        Ok(())
    }

    fn element(&mut self, element: &NodeElement<rstml::Infallible>) -> Result<(), Error> {
        let name = known_name(element.name())?;
        self.known.push('<');
        self.known.push_str(&name);
        let mut inner = None;
        for attribute in element.attributes() {
            match attribute {
                NodeAttribute::Attribute(it) if it.key.to_string() == INNER => inner = Some(it),
                NodeAttribute::Attribute(attribute) => self.attribute(attribute)?,
                NodeAttribute::Block(block) => {
                    return Err(Error::new(block.span(), "name the attribute"));
                }
            }
        }
        self.known.push('>');
        let first = element.children.first();
        if VOID.contains(&name.as_str()) {
            let content = first.map(Node::span).or(inner.map(KeyedAttribute::span));
            return match content {
                Some(span) => Err(Error::new(span, format!("<{name}> has no content"))),
                None => Ok(()),
            };
        }
        match (inner, first) {
            (Some(inner), None) => self.inner(inner)?,
            (Some(inner), Some(_)) => {
                return Err(Error::new(inner.span(), "it has a content already"));
            }
            (None, _) => self.nodes(&element.children, RAW.contains(&name.as_str()))?,
        }
        self.known.push_str("</");
        self.known.push_str(&name);
        self.known.push('>');
        Ok(())
    }

    fn inner(&mut self, attribute: &KeyedAttribute) -> Result<(), Error> {
        let Some(value) = attribute.value() else {
            return Err(Error::new(attribute.span(), "say which markup"));
        };
        self.flush();
        let written = written();
        self.statements.push(quote_spanned! { value.span()=> #written.push(&#value); });
        Ok(())
    }

    fn attribute(&mut self, attribute: &KeyedAttribute) -> Result<(), Error> {
        let key = known_name(&attribute.key)?;
        let name = format!(" {key}");
        match attribute.value() {
            Some(Expr::Lit(ExprLit { lit: Lit::Str(known), .. })) => {
                self.known.extend([name.as_str(), "=\"", &escaped(&known.value()), "\""]);
            }
            Some(value) => {
                self.flush();
                let written = written();
                self.statements.push(quote_spanned! { value.span()=>
                    ::markup::Value::write(#value, #name, &mut #written);
                });
            }
            None if matches!(attribute.possible_value, KeyedAttributeValue::None) => {
                self.known.push_str(&name);
            }
            None => return Err(Error::new(attribute.span(), "write `name=value`")),
        }
        Ok(())
    }
}

/// What is written so far, under a name that no template can mean.
fn written() -> Ident {
    Ident::new("written", Span::mixed_site())
}

/// The name of an element or an attribute, where it is one of HTML: the compiler would not notice another.
fn known_name(name: &NodeName) -> Result<String, Error> {
    let text = name.to_string();
    let starts = text.starts_with(|first: char| first.is_ascii_lowercase());
    if starts && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        return Ok(text);
    }
    let message = "nothing reacts in this markup: elements and attributes have plain names of HTML";
    Err(Error::new(name.span(), message))
}

/// An expression without its braces, where it is one alone: the compiler calls them needless.
fn bare(block: &NodeBlock) -> TokenStream {
    if let NodeBlock::ValidBlock(Block { stmts, .. }) = block
        && let [Stmt::Expr(expression, None)] = stmts.as_slice()
    {
        return quote! { #expression };
    }
    quote! { #block }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
