//! The macro `html!` of the crate `markup`, whose documentation says how it is used.
//!
//! Here is what turns the nodes of a template into the statements that write them: neighbouring parts
//! that are known when the program is built become one string.

use std::mem;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use rstml::node::{KeyedAttribute, Node, NodeAttribute, NodeBlock, NodeElement};
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
        let statements = self.statements;
        Ok(quote! {{
            let mut written = ::markup::Html::default();
            #(#statements)*
            written
        }})
    }

    fn flush(&mut self) {
        let known = mem::take(&mut self.known);
        if !known.is_empty() {
            self.statements.push(quote! { written.push(#known); });
        }
    }

    fn nodes(&mut self, nodes: &[Node], is_raw: bool) -> Result<(), Error> {
        nodes.iter().try_for_each(|node| self.node(node, is_raw))
    }

    fn node(&mut self, node: &Node, is_raw: bool) -> Result<(), Error> {
        match node {
            Node::Element(element) => self.element(element)?,
            Node::Fragment(fragment) => self.nodes(&fragment.children, is_raw)?,
            Node::Text(text) if is_raw => self.known.push_str(&text.value_string()),
            Node::Text(text) => self.known.push_str(&escaped(&text.value_string())),
            Node::Block(block) if is_raw => {
                self.flush();
                let value = bare(block);
                self.statements.push(quote_spanned! { block.span()=> written.push(&#value); });
            }
            Node::Block(block) => {
                self.flush();
                let value = bare(block);
                self.statements.push(
                    quote_spanned! { block.span()=> ::markup::Draw::draw(#value, &mut written); },
                );
            }
            other => return Err(Error::new(other.span(), "write text in quotation marks")),
        }
        Ok(())
    }

    fn element(&mut self, element: &NodeElement<rstml::Infallible>) -> Result<(), Error> {
        let name = element.name().to_string();
        self.known.push('<');
        self.known.push_str(&name);
        let mut inner = None;
        for attribute in element.attributes() {
            match attribute {
                NodeAttribute::Attribute(it) if it.key.to_string() == INNER => inner = it.value(),
                NodeAttribute::Attribute(attribute) => self.attribute(attribute)?,
                NodeAttribute::Block(block) => {
                    return Err(Error::new(block.span(), "name the attribute"));
                }
            }
        }
        self.known.push('>');
        if VOID.contains(&name.as_str()) {
            return match element.children.first() {
                Some(child) => Err(Error::new(child.span(), format!("<{name}> has no content"))),
                None => Ok(()),
            };
        }
        if let Some(inner) = inner {
            self.flush();
            self.statements.push(quote_spanned! { inner.span()=> written.push(&#inner); });
        }
        self.nodes(&element.children, RAW.contains(&name.as_str()))?;
        self.known.push_str("</");
        self.known.push_str(&name);
        self.known.push('>');
        Ok(())
    }

    fn attribute(&mut self, attribute: &KeyedAttribute) -> Result<(), Error> {
        let key = attribute.key.to_string();
        if key.contains(':') {
            let message = "nothing reacts in this markup: write the whole value of an attribute";
            return Err(Error::new(attribute.key.span(), message));
        }
        let name = format!(" {key}");
        match attribute.value() {
            Some(Expr::Lit(ExprLit { lit: Lit::Str(known), .. })) => {
                self.known.extend([name.as_str(), "=\"", &escaped(&known.value()), "\""]);
            }
            Some(value) => {
                self.flush();
                self.statements.push(quote_spanned! { value.span()=>
                    ::markup::Value::write(#value, #name, &mut written);
                });
            }
            None => self.known.push_str(&name),
        }
        Ok(())
    }
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
