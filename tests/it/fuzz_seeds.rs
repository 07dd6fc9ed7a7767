//! Seeds for the fuzz targets: small samples of what each target reads, made by the helpers of the other tests.

use sanlian::campaign::{Campaign, builtin, load};
use sanlian::intake::{blank, to_json};
use sanlian::mark::{HumanCode, Issue, ReferenceSecret, SigningKey, TrustedKey, matrix, sign};

use crate::chance::Chance;
use crate::fuzzed::entry::parcel::parcel;
use crate::fuzzed::entry::{CAMPAIGN, examples, package::GOLDEN};
use crate::scan_elaborate::one_page_pdfs;
use crate::{blank_forms, media, media_video, package, scan_files};

/// A seed of a target.
pub(crate) struct Seed {
    /// The target.
    pub(crate) target: &'static str,
    /// Its file name.
    pub(crate) name: String,
    /// The input.
    pub(crate) bytes: Vec<u8>,
}

#[derive(Default)]
struct Seeds(Vec<Seed>);

impl Seeds {
    fn put(&mut self, target: &'static str, name: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.push(Seed {
            target,
            name: name.into(),
            bytes: bytes.into(),
        });
    }
}

/// All seeds.
pub(crate) fn seeds() -> Vec<Seed> {
    let source = builtin().into_iter().find(|s| s.id == CAMPAIGN).unwrap();
    let campaign = load(&source).0.unwrap();
    let mut seeds = Seeds::default();
    for (path, text) in &source.files {
        let name = path.replace('/', "-");
        seeds.put(
            "campaign",
            name,
            parcel(&[(path.clone(), text.clone().into_bytes())]),
        );
    }
    submissions(&campaign, &mut seeds);
    forms(&mut seeds);
    packages(&mut seeds);
    marks(&mut seeds);
    photos(&mut seeds);
    scans(&mut seeds);
    seeds.0
}

fn submissions(campaign: &Campaign, seeds: &mut Seeds) {
    let answers = examples();
    seeds.put("json", "short", to_json(&answers).to_string());
    let pretty = serde_json::to_string_pretty(&to_json(&answers)).unwrap();
    seeds.put("json", "pretty", format!("\u{feff}{pretty}"));
    let book = blank::filled_workbook(campaign, &answers).unwrap();
    seeds.put("workbook", "short.xlsx", book);
    for form in blank_forms::all().iter().filter(|f| f.extension == "xlsx") {
        seeds.put(
            "workbook",
            form.name,
            parcel(&package::entries(&form.bytes)),
        );
    }
    let sheet = campaign.candidate_sheet().unwrap();
    let heads: Vec<&str> = sheet.fields.iter().map(|f| f.label.as_str()).collect();
    let values: Vec<String> = sheet
        .fields
        .iter()
        .map(|f| answers.candidates[0].text(&f.key).replace('"', "\"\""))
        .collect();
    for (name, by) in [
        ("comma", "\",\""),
        ("semicolon", "\";\""),
        ("tab", "\"\t\""),
    ] {
        let (heads, values) = (heads.join(by), values.join(by));
        seeds.put("csv", name, format!("\"{heads}\"\r\n\"{values}\"\r\n"));
    }
    seeds.put(
        "csv",
        "plain",
        "姓名,性别,民族\n王示例,男,汉族\n李示例,女,满族\n",
    );
    seeds.put("report", "report.txt", answers.report.join("\n"));
    for form in blank_forms::all().iter().filter(|f| f.extension == "docx") {
        let parts = package::entries(&form.bytes);
        let document = parts
            .into_iter()
            .find(|(name, _)| name == "word/document.xml");
        seeds.put("report", form.name, document.unwrap().1);
    }
}

fn forms(seeds: &mut Seeds) {
    for form in blank_forms::all() {
        let docx = form.extension == "docx";
        let target = if docx { "form_docx" } else { "form_xlsx" };
        seeds.put(target, form.name, parcel(&package::entries(&form.bytes)));
        if form.bytes.len() < 4_000 {
            seeds.put(target, format!("{}.zip", form.name), form.bytes);
        }
    }
}

fn packages(seeds: &mut Seeds) {
    seeds.put("package", "golden", GOLDEN);
    let key = package::key();
    for n in 1..4 {
        let (bytes, book) = package::packed(n, &key);
        seeds.put(
            "package",
            format!("parcel-{n}"),
            parcel(&package::entries(&bytes)),
        );
        seeds.put("book", format!("book-{n}"), book.to_json().unwrap());
    }
    let (book, _, _) = package::book(&mut Chance::new(4), &key);
    let old = book.to_json().unwrap();
    let old: String = old.lines().filter(|l| !l.contains("\"sum\"")).collect();
    seeds.put(
        "book",
        "first",
        old.replace("\"format\": 2", "\"format\": 1"),
    );
}

fn marks(seeds: &mut Seeds) {
    let key = package::key();
    let sm2 = SigningKey::sm2_from_seed(&[5; 32]).unwrap();
    let issue = Issue {
        kind: 1,
        reference: *b"record-1",
        version: 1,
        copy: 2,
        copies: 3,
        page: 1,
        pages: 2,
        issued_at: package::AT.parse().unwrap(),
        digest: [9; 12],
    };
    for (name, key) in [("ed25519", &key), ("sm2", &sm2)] {
        let signed = sign(key, &issue).unwrap();
        let digits = signed.digits();
        let wide: String = digits
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
            .collect();
        seeds.put("mark", name, format!("  {digits}\r\n"));
        seeds.put("mark", format!("{name}-wide"), format!("ab{wide}\n"));
        seeds.put(
            "mark",
            format!("{name}-code"),
            format!("  {}\n", HumanCode::of(signed.mark())),
        );
        let (first, last) = digits.split_at(100);
        seeds.put(
            "mark",
            format!("{name}-pieces"),
            format!("\0\0https://example.cn/v?m={first}\n{last}\n"),
        );
        seeds.put(
            "keys",
            name,
            TrustedKey::new(key.public().clone(), "示例市科协").to_pem(),
        );
        seeds.put("keys", format!("{name}-private"), key.to_pem());
        seeds.put(
            "keys",
            format!("{name}-secret"),
            ReferenceSecret::of(key).to_pem(),
        );
        seeds.put("qr", name, drawn(&digits, 2, 4));
    }
    let list = package::trusted(&key).to_list().unwrap();
    seeds.put("keys", "list", list);
    seeds.put("qr", "foreign", drawn("12345", 3, 4));
}

/// The sides of a picture and its pixels: a code with modules of so many pixels and a quiet zone of so many modules.
fn drawn(text: &str, module: usize, quiet: usize) -> Vec<u8> {
    let code = matrix(text).unwrap();
    let side = (code.side + 2 * quiet) * module;
    let mut luma = vec![250; side * side];
    for (n, _) in code.dark.iter().enumerate().filter(|(_, dark)| **dark) {
        let (x, y) = (n % code.side + quiet, n / code.side + quiet);
        for row in y * module..(y + 1) * module {
            luma[row * side + x * module..][..module].fill(20);
        }
    }
    let side = u8::try_from(side).unwrap();
    [vec![side, side], luma].concat()
}

fn photos(seeds: &mut Seeds) {
    let jpeg = media::jpeg_of(&media::picture(40, 56));
    let mut jpegs = vec![
        ("colour", jpeg.clone()),
        ("grey", media::grey_jpeg(24, 24)),
        ("turned", media::turned(&jpeg, 6, true)),
        ("turned-big", media::turned(&jpeg, 8, false)),
    ];
    for (name, values, progressive, adobe) in [
        ("flat-grey", &[40][..], false, None),
        ("flat-rgb", &[40, 200, 40], false, Some(0)),
        ("flat-cmyk", &[40, 200, 40, 200], false, Some(0)),
        ("flat-ycck", &[40, 200, 40, 200], false, Some(2)),
        ("progressive", &[40, 200, 40], true, None),
    ] {
        jpegs.push((name, media::flat_jpeg(16, values, progressive, adobe)));
    }
    for (name, jpeg) in jpegs {
        seeds.put("scan_jpeg", name, jpeg.clone());
        seeds.put("photo", name, jpeg);
    }
    for (name, film) in media_video::films() {
        seeds.put("video", name, film);
    }
}

fn scans(seeds: &mut Seeds) {
    let luma: Vec<u8> = (0..=255).chain(0..=255).collect();
    seeds.put("scan_png", "grey", scan_files::png(32, 16, &luma));
    for (name, colour, depth, bytes) in [
        ("rgb", png::ColorType::Rgb, png::BitDepth::Eight, 3),
        ("rgba16", png::ColorType::Rgba, png::BitDepth::Sixteen, 8),
        (
            "grey-alpha",
            png::ColorType::GrayscaleAlpha,
            png::BitDepth::Eight,
            2,
        ),
        ("palette", png::ColorType::Indexed, png::BitDepth::Eight, 1),
    ] {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, 8, 8);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        if colour == png::ColorType::Indexed {
            encoder.set_palette(luma.repeat(2)[..768].to_vec());
        }
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&luma[..64 * bytes]).unwrap();
        writer.finish().unwrap();
        seeds.put("scan_png", name, out);
    }
    let bits = [
        0x26, 0xa0, 0x35, 0x1b, 0x00, 0x10, 0x01, 0x4d, 0x9a, 0x80, 0x08, 0x00,
    ];
    let jpeg = media::grey_jpeg(24, 24);
    for (name, (compression, depth), data) in [
        ("none", (1, 8), &luma[..]),
        ("bits", (1, 1), &luma),
        ("huffman", (2, 1), &bits),
        ("group3", (3, 1), &bits),
        ("group4", (4, 1), &bits),
        ("jpeg", (7, 8), &jpeg),
        ("packbits", (32773, 8), &luma),
    ] {
        seeds.put("scan_tiff", name, tiff(compression, depth, data, false));
        seeds.put(
            "scan_tiff",
            format!("{name}-big"),
            tiff(compression, depth, data, true),
        );
    }
    lzw_and_deflate(&luma, seeds);
    let jpeg = media::jpeg_of(&media::picture(40, 56));
    seeds.put(
        "scan_pdf",
        "scanned",
        scan_files::scanned_pdf(&jpeg, 40, 56, 2),
    );
    for (name, pdf) in one_page_pdfs() {
        // those that call drawings ten by ten are walked through until the limit, and so is what the engine makes of them
        if name.contains("forms") || name.starts_with("masks") {
            continue;
        }
        seeds.put("scan_pdf", name.replace(' ', "-"), pdf);
    }
}

/// TIFF by its own encoder, in the compressions that it writes.
fn lzw_and_deflate(luma: &[u8], seeds: &mut Seeds) {
    use tiff::encoder::{Compression, DeflateLevel, TiffEncoder, colortype};
    for (name, compression) in [
        ("lzw", Compression::Lzw),
        ("deflate", Compression::Deflate(DeflateLevel::Fast)),
    ] {
        let mut out = std::io::Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut out)
            .unwrap()
            .with_compression(compression);
        encoder
            .write_image::<colortype::Gray8>(32, 16, luma)
            .unwrap();
        encoder
            .write_image::<colortype::RGB8>(8, 8, &luma[..192])
            .unwrap();
        seeds.put("scan_tiff", name, out.into_inner());
    }
}

/// A TIFF of one page of 24 by 16 pixels in one strip, in either byte order.
fn tiff(compression: u32, depth: u32, data: &[u8], big: bool) -> Vec<u8> {
    let entries: [(u16, u32); 11] = [
        (256, 24),
        (257, 16),
        (258, depth),
        (259, compression),
        (262, 1),
        (266, 1),
        (273, 8 + 2 + 12 * 11 + 4),
        (277, 1),
        (278, 16),
        (279, data.len() as u32),
        (292, 0),
    ];
    let mut out = if big {
        b"MM\0*".to_vec()
    } else {
        b"II*\0".to_vec()
    };
    let long = |n: u32| {
        if big {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
    };
    let word = |n: u16| {
        if big {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
    };
    out.extend(long(8));
    out.extend(word(11));
    for (tag, value) in entries {
        out.extend(word(tag));
        out.extend(word(4));
        out.extend(long(1));
        out.extend(long(value));
    }
    out.extend(long(0));
    out.extend(data);
    out
}
