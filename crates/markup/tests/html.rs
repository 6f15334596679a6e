//! What the macro writes.

use markup::{Html, html};

#[test]
fn what_is_known_and_what_is_not_become_one_string() {
    let name = "Unit <A> & \"B\"";
    let rows: Html = [1, 2].into_iter().map(|row| html! { <li>{row}</li> }).collect();
    let html = html! {
        <ul class="lines" title=name hidden=false open=true data-live>
            {rows}
            <li>"a < b " {name} {None::<&str>}</li>
        </ul>
        <input type="hidden" value=Some(3.5) />
        <br/>
    };
    assert_eq!(
        html.into_string(),
        "<ul class=\"lines\" title=\"Unit &lt;A&gt; &amp; &quot;B&quot;\" open data-live>\
         <li>1</li><li>2</li>\
         <li>a &lt; b Unit &lt;A&gt; &amp; &quot;B&quot;</li></ul>\
         <input type=\"hidden\" value=\"3.5\"><br>"
    );
}

#[test]
fn nothing_foreign_ends_an_element_or_an_attribute() {
    let hostile = "</textarea><script>\" onload=\"x".to_owned();
    let html = html! { <textarea name=&hostile>{&hostile}</textarea> }.into_string();
    assert_eq!(html.matches('<').count(), 2);
    assert_eq!(html.matches('"').count(), 2);
}

#[test]
fn styles_and_made_markup_stay_as_they_are() {
    let style = "a > b { c: \"d\" }";
    let html = html! { <style>{style}</style><div inner_html=String::from("<b>1</b>")></div> };
    assert_eq!(html.into_string(), format!("<style>{style}</style><div><b>1</b></div>"));
}

#[test]
fn a_template_does_not_see_what_it_is_made_of() {
    let written = "mine";
    assert_eq!(
        html! { <p title=written>"a " {written}</p> }.into_string(),
        "<p title=\"mine\">a mine</p>"
    );
}
