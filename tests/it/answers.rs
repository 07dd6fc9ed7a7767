//! Changes of a filled workbook, as a secretary makes them.

use sanlian::ooxml::OpcPackage;

/// Changes the texts of a workbook as a secretary would: the answers, and not the example rows, which may have the same words.
pub(crate) fn edit(book: &mut OpcPackage, change: impl Fn(&str) -> String) {
    let strings = "xl/sharedStrings.xml";
    let old = book.text(strings).unwrap().to_owned();
    let items: Vec<&str> = old.split("<si>").skip(1).collect();
    let items: Vec<&str> = items
        .iter()
        .map(|i| i.split("</si>").next().unwrap())
        .collect();
    let example = items.iter().position(|i| i.contains("示例行"));
    let new = change(&old);
    let mut kept: Vec<usize> = (0..items.len()).collect();
    kept.retain(|n| change(items[*n]) != items[*n]);
    // the old texts stand behind all others, for the examples
    let more: String = kept
        .iter()
        .map(|n| format!("<si>{}</si>", items[*n]))
        .collect();
    book.put(strings, new.replace("</sst>", &format!("{more}</sst>")));
    let sheets: Vec<String> = book.names().map(str::to_owned).collect();
    for part in sheets
        .iter()
        .filter(|n| n.starts_with("xl/worksheets/sheet"))
    {
        let xml = book.text(part).unwrap().to_owned();
        let Some(from) = xml.find("<row r=\"2\"") else {
            continue;
        };
        let end = from + xml[from..].find("</row>").unwrap_or(0);
        let mut row = xml[from..end].to_owned();
        let is_example = example.is_some_and(|n| row.contains(&format!("<v>{n}</v>")));
        if !is_example {
            continue;
        }
        for (at, n) in kept.iter().enumerate() {
            let index = items.len() + at;
            row = row.replace(
                &format!("t=\"s\"><v>{n}</v>"),
                &format!("t=\"s\"><v>{index}</v>"),
            );
        }
        book.put(part, format!("{}{row}{}", &xml[..from], &xml[end..]));
    }
}
