//! Reads words, tables and figures out of an HTML document.

/// The words of a document or a part of one, without scripts and tags.
pub(crate) fn words(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        let ending = ["script", "style"].into_iter().find(|name| tag.starts_with(name));
        rest = match ending {
            Some(name) => tag.split_once(&format!("</{name}>")).map_or("", |(_, after)| after),
            None => tag.split_once('>').map_or("", |(_, after)| after),
        };
    }
    words.push_str(rest);
    decoded(&words)
}

pub(crate) fn decoded(text: &str) -> String {
    let marks = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&nbsp;", " "),
        ("\u{a0}", " "),
        ("&amp;", "&"),
    ];
    marks.iter().fold(text.to_owned(), |text, (mark, meant)| text.replace(mark, meant))
}

/// The words of the first element with this name.
pub(crate) fn element(html: &str, name: &str) -> Option<String> {
    let (_, element) = html.split_once(&format!("<{name}"))?;
    let (inner, _) = element.split_once(&format!("</{name}>"))?;
    Some(words(&format!("<{name}{inner}")))
}

/// The first table that has a text in it, row by row and cell by cell.
pub(crate) fn table(html: &str, with: &str) -> Vec<Vec<String>> {
    let tables = html.split("<table").skip(1).filter_map(|table| table.split("</table>").next());
    let table = tables.into_iter().find(|table| table.contains(with));
    let table = table.unwrap_or_else(|| panic!("no table says “{with}”"));
    let cells = |row: &str| {
        let row = row.replace("<td", "<th");
        row.split("<th").skip(1).map(|cell| words(&format!("<th{cell}"))).collect()
    };
    table.split("<tr").skip(1).map(cells).collect()
}

/// The figure that a text begins with.
pub(crate) fn number(text: &str) -> f64 {
    let plain = text.replace('\u{2212}', "-").replace([',', '+'], "");
    let until =
        plain.trim().find(|letter: char| !letter.is_ascii_digit() && !"-.".contains(letter));
    let figure = &plain.trim()[..until.unwrap_or(plain.trim().len())];
    figure.parse().unwrap_or_else(|_| panic!("“{text}” begins with no figure"))
}
