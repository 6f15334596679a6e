//! Lists as CSV (RFC 4180).

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

/// A header line and a line for each item. A dot in a column's name looks into an object.
pub(crate) fn table(header: &str, items: &[impl Serialize]) -> String {
    format!("{header}\r\n{}", lines(header, items))
}

/// A line for each item.
pub(crate) fn lines(header: &str, items: &[impl Serialize]) -> String {
    let mut text = String::new();
    for item in items {
        let item = serde_json::to_value(item).unwrap_or_default();
        for (i, column) in header.split(',').enumerate() {
            if i > 0 {
                text.push(',');
            }
            cell(&mut text, column.split('.').fold(&item, |value, name| &value[name]));
        }
        text.push_str("\r\n");
    }
    text
}

/// A line for each row; the first one names the columns.
pub(crate) fn rows(rows: &[Vec<Value>]) -> String {
    let mut text = String::new();
    for row in rows {
        for (i, value) in row.iter().enumerate() {
            if i > 0 {
                text.push(',');
            }
            cell(&mut text, value);
        }
        text.push_str("\r\n");
    }
    text
}

fn cell(text: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        // Money is a text, so that none of it is lost on the way; it is a number all the same.
        Value::String(word) if word.parse::<Decimal>().is_ok() => text.push_str(word),
        Value::String(word) => text.push_str(&tables::csv::cell(word, ',')),
        // Whole numbers have no -0; of the others none is shown as less than nothing.
        Value::Number(number) if number.as_f64() == Some(0.0) => {
            text.push_str(number.to_string().trim_start_matches('-'));
        }
        Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
        Value::Array(_) | Value::Object(_) => {
            text.push_str(&tables::csv::cell(&value.to_string(), ','));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_are_quoted_and_cannot_become_formulas() {
        let items = [
            json!({"name": "a,\"b\"", "power": -1.5, "nested": {"x": true}}),
            json!({"name": "=1+1", "power": null, "nested": {}}),
            json!({"name": "  =1+1", "power": -0.0, "nested": {}}),
            json!({"name": "-a", "power": "-629.70", "nested": {}}),
        ];
        assert_eq!(
            table("name,power,nested.x", &items),
            "name,power,nested.x\r\n\"a,\"\"b\"\"\",-1.5,true\r\n'=1+1,,\r\n'  =1+1,0.0,\r\n\
             '-a,-629.70,\r\n"
        );
    }
}
