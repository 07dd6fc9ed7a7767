//! Pictures in filled workbooks: the mark stands on the first page, inside the print area; the photo in its box, whatever rows were added above.

use rust_xlsxwriter::{Format, FormatBorder, Workbook};
use sanlian::fill::{Filling, MarkPicture, Prepared, bind};
use sanlian::ooxml::OpcPackage;

use crate::fill::{campaign, submission};
use crate::{office, tools};

/// A form of so many columns, 14 digits wide each, with a print area where `area` says so, a list and a box for the photo below it.
fn form(columns: u16, area: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("推荐表").unwrap();
    let edge = Format::new().set_border(FormatBorder::Thin);
    let last = columns - 1;
    sheet.set_column_range_width(0, last, 14).unwrap();
    sheet.merge_range(0, 0, 0, last, "推荐表", &edge).unwrap();
    for (n, label) in ["姓名", "性别", "民族", "出生年月"].into_iter().enumerate() {
        let row = u32::try_from(n).unwrap() + 1;
        sheet.write_with_format(row, 0, label, &edge).unwrap();
        sheet.write_blank(row, 1, &edge).unwrap();
    }
    sheet.merge_range(5, 0, 5, last, "简历", &edge).unwrap();
    for (n, label) in ["起止年月", "工作单位", "职务"].into_iter().enumerate() {
        let column = u16::try_from(n).unwrap();
        sheet.write_with_format(6, column, label, &edge).unwrap();
        sheet.write_blank(7, column, &edge).unwrap();
    }
    sheet.merge_range(9, 0, 14, 1, "照片", &edge).unwrap();
    if area {
        sheet.set_print_area(0, 0, 15, last).unwrap();
    }
    sheet.set_paper_size(9);
    book.save_to_buffer().unwrap()
}

/// The form filled for the first candidate with a mark of 20 mm and a photo.
fn filled(form: &[u8]) -> Vec<u8> {
    let campaign = campaign();
    let binding = bind(&campaign, "表.xlsx", form).unwrap();
    let keys: Vec<&str> = binding
        .places
        .iter()
        .map(|b| b.place.key.as_str())
        .collect();
    assert!(
        keys.contains(&"photo") && keys.contains(&"resume.span"),
        "{keys:?}"
    );
    let prepared = Prepared::new(&campaign, form, binding.places()).unwrap();
    assert!(prepared.takes_photo() && prepared.takes_mark());
    let (side, dark) = (21, vec![true; 21 * 21]);
    let (png, _) = sanlian::export::mark_png(side, &dark).unwrap();
    let photo = image::RgbImage::from_pixel(295, 413, image::Rgb([200, 30, 30]));
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg)
        .encode_image(&photo)
        .unwrap();
    let filling = Filling {
        candidate: Some(0),
        photo: Some((&jpeg, (295, 413))),
        mark: Some(MarkPicture {
            png: &png,
            side: 20_000,
            caption: "试",
        }),
        properties: Vec::new(),
    };
    prepared.fill(&campaign, submission(), &filling).unwrap()
}

#[test]
fn the_photo_stands_in_its_box_below_rows_that_were_added() {
    let rows = submission().candidates[0].rows("resume").len();
    assert!(rows > 1, "nothing moves");
    let bytes = filled(&form(4, true));
    let package = OpcPackage::read(&bytes).unwrap();
    let drawing = package.text("xl/drawings/sanlian_mark.xml").unwrap();
    let photo = drawing.split("name=\"照片\"").next().unwrap();
    let photo = photo.rsplit("<xdr:from>").next().unwrap();
    let number = |name: &str| -> usize {
        let (_, rest) = photo.split_once(&format!("<xdr:{name}>")).unwrap();
        rest.split_once('<').unwrap().0.parse().unwrap()
    };
    let top = 9 + rows - 1;
    assert!((top..top + 6).contains(&number("row")), "{photo}");
    assert!(number("col") < 2, "{photo}");
    let folder = tools::folder("form-pictures-photo");
    let file = office::keep(&folder, "照片.xlsx", &bytes);
    let program =
        "for i in book.worksheets[0]._images: print(i.anchor._from.row, i.width, i.height)";
    let Some(said) = office::openpyxl(&file, program) else {
        return;
    };
    assert_eq!(said.lines().count(), 2, "{said}");
    office::validate(&[&file]);
}

#[test]
fn the_mark_is_on_the_first_page_whatever_the_width_and_the_print_area() {
    let folder = tools::folder("form-pictures-mark");
    for (name, columns, area) in [
        ("窄.xlsx", 4, true),
        ("满.xlsx", 6, true),
        ("宽.xlsx", 9, true),
        ("无区域.xlsx", 6, false),
    ] {
        let bytes = filled(&form(columns, area));
        let package = OpcPackage::read(&bytes).unwrap();
        let names = package.text("xl/workbook.xml").unwrap();
        let last = char::from(b'A' + u8::try_from(columns).unwrap() - 1);
        assert_eq!(names.contains("Print_Area"), area, "{name}");
        assert!(!names.contains(&format!("${last}$")), "{name}: {names}");
        let file = office::keep(&folder, name, &bytes);
        office::validate(&[&file]);
        if !office::convert(&[&file], "pdf", &folder) {
            return;
        }
        let pdf = file.with_extension("pdf");
        let Some(listed) = tools::says("pdfimages", &["-list", pdf.to_str().unwrap()]) else {
            return;
        };
        let pages: Vec<&str> = listed
            .lines()
            .skip(2)
            .filter_map(|l| l.split_whitespace().next())
            .collect();
        assert!(
            pages.len() >= 2 && pages.iter().all(|p| *p == "1"),
            "{name}: {listed}"
        );
    }
}

#[test]
fn a_sheet_with_a_drawing_of_its_own_keeps_it_and_the_missing_photo_is_told() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let edge = Format::new().set_border(FormatBorder::Thin);
    sheet.write(0, 0, "姓名").unwrap();
    sheet.write_blank(0, 1, &edge).unwrap();
    sheet.merge_range(1, 0, 6, 1, "照片", &edge).unwrap();
    let (png, _) = sanlian::export::mark_png(21, &[true; 21 * 21]).unwrap();
    let logo = rust_xlsxwriter::Image::new_from_buffer(&png).unwrap();
    sheet.insert_image(0, 4, &logo).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let campaign = campaign();
    let binding = bind(&campaign, "表.xlsx", &bytes).unwrap();
    let prepared = Prepared::new(&campaign, &bytes, binding.places()).unwrap();
    assert!(!prepared.takes_photo() && !prepared.takes_mark());
    let filling = Filling {
        candidate: Some(0),
        ..Filling::default()
    };
    let faults = prepared.faults_of(&campaign, submission(), &filling, "表.xlsx");
    assert!(
        faults.iter().any(|f| f.message.contains("照片没有放入")),
        "{faults:?}"
    );
}

#[test]
fn help_beside_the_print_area_does_not_push_the_mark_off_the_paper() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let edge = Format::new().set_border(FormatBorder::Thin);
    sheet.set_column_range_width(0, 3, 14).unwrap();
    for (n, label) in ["姓名", "性别", "民族"].into_iter().enumerate() {
        let row = u32::try_from(n).unwrap();
        sheet.write_with_format(row, 0, label, &edge).unwrap();
        sheet.write_blank(row, 1, &edge).unwrap();
    }
    sheet.write(0, 4, "填写说明：姓名按身份证填写").unwrap();
    sheet.write(0, 5, "例").unwrap();
    sheet.set_print_area(0, 0, 2, 3).unwrap();
    let form = book.save_to_buffer().unwrap();
    let campaign = campaign();
    let binding = bind(&campaign, "表.xlsx", &form).unwrap();
    let prepared = Prepared::new(&campaign, &form, binding.places()).unwrap();
    assert!(prepared.takes_mark());
    let (png, _) = sanlian::export::mark_png(21, &[true; 21 * 21]).unwrap();
    let filling = Filling {
        candidate: Some(0),
        mark: Some(MarkPicture {
            png: &png,
            side: 20_000,
            caption: "试",
        }),
        ..Filling::default()
    };
    let bytes = prepared.fill(&campaign, submission(), &filling).unwrap();
    let package = OpcPackage::read(&bytes).unwrap();
    let drawing = package.text("xl/drawings/sanlian_mark.xml").unwrap();
    assert!(
        drawing.contains("<xdr:col>0</xdr:col>") && drawing.contains("<xdr:row>3</xdr:row>"),
        "{drawing}"
    );
    let names = package.text("xl/workbook.xml").unwrap();
    let (_, area) = names.split_once("$A$1:$D$").unwrap();
    let last: u32 = area.split_once('<').unwrap().0.parse().unwrap();
    // 20 mm are four rows of 15 points
    assert!((7..14).contains(&last), "{names}");
}
