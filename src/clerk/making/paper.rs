//! Laid-out forms to files: a signed mark for each page of each copy, sides in printing order, PDF,
//! document and workbook bytes.

use std::slice;

use jiff::Timestamp;

use crate::campaign::{FormKind, FormTemplate};
use crate::export::docx::{DocxInfo, DocxMark, write_docx};
use crate::export::pdf::{Info, PaperSide, PrintedCopy, write_pdf};
use crate::export::xlsx::{XlsxMark, write_xlsx};
use crate::font::FontSet as Fonts;
use crate::form::Form;
use crate::layout::{Item, MarkArt, Page, Pages, mark_overlay};
use crate::mark::{Issue, Signed, SigningKey, caption, matrix, print_text, sign};
use crate::press::{Document, FileEntry, FileForm, MarkEntry, Side, plan};

use crate::clerk::error::ClerkError;
use crate::clerk::making::step::Step;

/// What a record's marks say.
#[derive(Clone, Debug)]
pub(in crate::clerk) struct MarkFacts {
    pub(in crate::clerk) kind: u8,
    pub(in crate::clerk) reference: [u8; 8],
    pub(in crate::clerk) version: u16,
    pub(in crate::clerk) digest: [u8; 12],
    pub(in crate::clerk) issued_at: Timestamp,
}

/// A form with its pages.
pub(super) struct PagedForm<'a> {
    pub(super) form: Form,
    /// The same as it was laid out, for the document beside its PDF.
    pub(super) settled: Form,
    pub(super) template: &'a FormTemplate,
    /// None for forms without a mark, and in drafts.
    pub(super) stamp: Option<MarkFacts>,
}

impl PagedForm<'_> {
    /// Whether it is a paper around the submission.
    fn is_paper(&self) -> bool {
        matches!(self.form.kind, FormKind::Paper(_))
    }

    /// Whether a document is written beside its PDF.
    fn editable(&self) -> bool {
        self.form.page.marked || self.is_paper()
    }

    /// Whether it is mailed with the others.
    fn mailed(&self) -> bool {
        let envelope = matches!(self.form.kind, FormKind::Envelope(_));
        !envelope && (!self.is_paper() || self.template.mailed)
    }
}

/// What stands over the pages of one form, by copy and page, from 0.
struct Overlays(Vec<Vec<(Vec<Item>, Option<MarkEntry>)>>);

/// The press room: everything that making the files of one run needs.
pub(super) struct PaperMaker<'a> {
    pub(super) fonts: &'a Fonts,
    /// Signs the marks; none where no form has one.
    pub(super) key: Option<&'a SigningKey>,
    pub(super) verify_url: Option<&'a str>,
    pub(super) draft: bool,
    /// Campaign id.
    pub(super) campaign: &'a str,
    /// Title of the campaign, in the properties of the print file.
    pub(super) title: &'a str,
    /// Author in the files' properties: the unit.
    pub(super) author: &'a str,
}

/// A file's bytes with its line in the manifest.
pub(super) type File = (FileEntry, Vec<u8>);

impl PaperMaker<'_> {
    /// Every file of a run: a PDF for each form, an editable document for each that has marks and for each paper, a workbook where
    /// its template asks for one, and everything that is mailed, in
    /// mailing order. `progress` hears the path of each file before it is made.
    pub(super) fn files(
        &self,
        run: &[PagedForm<'_>],
        pages: &[Pages],
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Vec<File>, ClerkError> {
        let each = run
            .iter()
            .zip(pages)
            .map(|(sheets, pages)| self.overlays(sheets, pages));
        let overlays = each.collect::<Result<Vec<_>, _>>()?;
        let mut files = Vec::new();
        let kinds =
            |s: &PagedForm<'_>| 1 + usize::from(s.editable()) + usize::from(s.template.xlsx);
        // and the file with everything in it
        let of = run.iter().map(kinds).sum::<usize>() + 1;
        let mut done = 0;
        let mut progress = |what: &str| {
            progress(Step { what, done, of });
            done += 1;
        };
        for ((sheets, pages), over) in run.iter().zip(pages).zip(&overlays) {
            let path = format!("{}.pdf", sheets.form.path);
            progress(&path);
            let (one, pages, over) = (
                slice::from_ref(sheets),
                slice::from_ref(pages),
                slice::from_ref(over),
            );
            files.push(self.pdf(
                path,
                sheets.form.kind.into(),
                &sheets.form.title,
                one,
                pages,
                over,
            )?);
            if sheets.editable() {
                let path = format!("{}.docx", sheets.form.path);
                progress(&path);
                files.push(self.document(path, sheets)?);
            }
            if sheets.template.xlsx {
                let path = format!("{}.xlsx", sheets.form.path);
                progress(&path);
                files.push(self.workbook(path, sheets)?);
            }
        }
        // what is not mailed stands at the end
        let mailed = run.iter().take_while(|s| s.mailed()).count();
        if mailed > 0 {
            let path = "全部打印.pdf".to_owned();
            progress(&path);
            let title = format!("全部打印（{}，{}）", self.author, self.title);
            files.push(self.pdf(
                path,
                FileForm::Print,
                &title,
                run.get(..mailed).unwrap_or_default(),
                pages.get(..mailed).unwrap_or_default(),
                overlays.get(..mailed).unwrap_or_default(),
            )?);
        }
        Ok(files)
    }

    fn overlays(&self, sheets: &PagedForm<'_>, pages: &Pages) -> Result<Overlays, ClerkError> {
        let pages = &pages.pages;
        let copies = usize::from(sheets.form.copies.max(1));
        let mut all = Vec::with_capacity(copies);
        for copy in 1..=copies {
            let mut over = Vec::with_capacity(pages.len());
            for (n, page) in pages.iter().enumerate() {
                over.push(match &sheets.stamp {
                    Some(stamp) if !self.draft => {
                        self.mark(stamp, page, (copy, copies), (n + 1, pages.len()))?
                    }
                    _ => (Vec::new(), None),
                });
            }
            all.push(over);
        }
        Ok(Overlays(all))
    }

    fn mark(
        &self,
        stamp: &MarkFacts,
        page: &Page,
        (copy, copies): (usize, usize),
        (number, pages): (usize, usize),
    ) -> Result<(Vec<Item>, Option<MarkEntry>), ClerkError> {
        let signed = self.sign(stamp, (copy, copies), (number, pages))?;
        let art = self.art(&signed)?;
        Ok((mark_overlay(self.fonts, page, &art), Some(entry(&signed))))
    }

    fn sign(
        &self,
        stamp: &MarkFacts,
        copy: (usize, usize),
        page: (usize, usize),
    ) -> Result<Signed, ClerkError> {
        issued(self.signing()?, stamp, copy, page)
    }

    fn signing(&self) -> Result<&SigningKey, ClerkError> {
        let missing = || ClerkError::Bug("要签发标记，却没有密钥".to_owned());
        self.key.ok_or_else(missing)
    }

    fn art(&self, signed: &Signed) -> Result<MarkArt, ClerkError> {
        art(signed, self.verify_url)
    }

    fn pdf(
        &self,
        path: String,
        form: FileForm,
        title: &str,
        run: &[PagedForm<'_>],
        pages: &[Pages],
        overlays: &[Overlays],
    ) -> Result<File, ClerkError> {
        let document = |(s, pages): (&PagedForm<'_>, _)| Document {
            kind: s.form.kind,
            pages,
            copies: s.form.copies,
        };
        let documents: Vec<Document<'_>> = run.iter().zip(pages).map(document).collect();
        let mut sheets = Vec::new();
        let mut marks = Vec::new();
        let sides = plan(&documents);
        let copies = printed_copies(&sides, run);
        for side in sides {
            sheets.push(match side {
                Side::Page {
                    document,
                    page,
                    copy,
                } => {
                    let over = overlays
                        .get(document)
                        .and_then(|over| over.0.get(usize::from(copy) - 1)?.get(page))
                        .cloned()
                        .unwrap_or_default();
                    marks.extend(over.1.map(|mark| MarkEntry {
                        sheet: sheets.len() + 1,
                        ..mark
                    }));
                    PaperSide::Printed {
                        doc: document,
                        page,
                        overlay: over.0,
                    }
                }
                Side::Back { document } => {
                    let last = documents.get(document).and_then(|d| d.pages.pages.last());
                    let (width, height) =
                        last.map_or_else(Default::default, |p| (p.width, p.height));
                    PaperSide::Blank { width, height }
                }
            });
        }
        let created = run
            .iter()
            .filter_map(|s| s.stamp.as_ref())
            .map(|s| s.issued_at)
            .max();
        let info = Info {
            title: title.to_owned(),
            author: self.author.to_owned(),
            created: created.map(|t| t.to_string()),
            duplex: true,
            copies,
            ..Info::default()
        };
        let file = write_pdf(self.fonts, pages, &sheets, &info)
            .map_err(|e| ClerkError::Bug(format!("{path}：无法生成 PDF：{e}")))?;
        Ok((
            FileEntry {
                path,
                form,
                sha256: String::new(),
                pages: sheets.len(),
                marks,
            },
            file.bytes,
        ))
    }

    /// The mark of a file that lays itself out: copy 0 of 0, page 0 of 0. None in drafts.
    fn file_mark(
        &self,
        sheets: &PagedForm<'_>,
    ) -> Result<Option<(MarkArt, MarkEntry)>, ClerkError> {
        let Some(stamp) = sheets.stamp.as_ref().filter(|_| !self.draft) else {
            return Ok(None);
        };
        mark_of_file(self.signing()?, stamp, self.verify_url).map(Some)
    }

    fn document(&self, path: String, sheets: &PagedForm<'_>) -> Result<File, ClerkError> {
        let form = &sheets.form;
        let (art, line) = self.file_mark(sheets)?.unzip();
        let mark = art.map(|art| DocxMark {
            side: art.side,
            dark: art.dark,
            human: art.human,
            caption: format!("可编辑件 {}", art.caption),
        });
        let mut properties = vec![
            ("sanlian.campaign", self.campaign.to_owned()),
            ("sanlian.kind", form.kind.to_string()),
            ("sanlian.form", form.title.clone()),
        ];
        if let Some(line) = &line {
            properties.push(("sanlian.record", line.record.clone()));
            properties.push(("sanlian.version", line.version.to_string()));
        }
        let named = properties.into_iter();
        let created = sheets.stamp.as_ref().map(|s| s.issued_at.to_string());
        let info = DocxInfo {
            author: self.author.to_owned(),
            created: created.unwrap_or_default(),
            draft: self.draft,
            properties: named.map(|(n, v)| (n.to_owned(), v)).collect(),
        };
        let bytes = write_docx(&sheets.settled, mark.as_ref(), &info)
            .map_err(|e| ClerkError::Bug(format!("{path}：无法生成文档：{e}")))?;
        Ok(unpaged(path, sheets, line, bytes))
    }

    fn workbook(&self, path: String, sheets: &PagedForm<'_>) -> Result<File, ClerkError> {
        let (art, line) = self.file_mark(sheets)?.unzip();
        let mark = art.map(|art| XlsxMark {
            side: art.side,
            dark: art.dark,
            human: art.human,
            caption: art.caption,
        });
        let bytes = write_xlsx(&[(&sheets.form, mark)])
            .map_err(|e| ClerkError::Bug(format!("{path}：无法生成工作簿：{e}")))?;
        Ok(unpaged(path, sheets, line, bytes))
    }
}

/// The mark of a file that lays itself out, and its line in a manifest.
pub(in crate::clerk) fn mark_of_file(
    key: &SigningKey,
    stamp: &MarkFacts,
    verify_url: Option<&str>,
) -> Result<(MarkArt, MarkEntry), ClerkError> {
    let signed = issued(key, stamp, (0, 0), (0, 0))?;
    let line = MarkEntry {
        sheet: 1,
        ..entry(&signed)
    };
    Ok((art(&signed, verify_url)?, line))
}

fn issued(
    key: &SigningKey,
    stamp: &MarkFacts,
    copy: (usize, usize),
    page: (usize, usize),
) -> Result<Signed, ClerkError> {
    let issue = Issue {
        kind: stamp.kind,
        reference: stamp.reference,
        version: stamp.version,
        copy: copy.0,
        copies: copy.1,
        page: page.0,
        pages: page.1,
        issued_at: stamp.issued_at,
        digest: stamp.digest,
    };
    sign(key, &issue).map_err(|e| ClerkError::Bug(format!("无法签发标记：{e}")))
}

fn art(signed: &Signed, verify_url: Option<&str>) -> Result<MarkArt, ClerkError> {
    let text = print_text(&signed.digits(), verify_url);
    let matrix = matrix(&text).map_err(|e| ClerkError::Bug(format!("无法绘制标记：{e}")))?;
    Ok(MarkArt {
        side: matrix.side,
        dark: matrix.dark,
        human: signed.human().to_string(),
        caption: caption(signed.mark()),
    })
}

/// A file whose pages are not ours.
fn unpaged(path: String, sheets: &PagedForm<'_>, mark: Option<MarkEntry>, bytes: Vec<u8>) -> File {
    let entry = FileEntry {
        path,
        form: sheets.form.kind.into(),
        sha256: String::new(),
        pages: 0,
        marks: mark.into_iter().collect(),
    };
    (entry, bytes)
}

fn entry(signed: &Signed) -> MarkEntry {
    let mark = signed.mark();
    MarkEntry {
        sheet: 0,
        digits: signed.digits(),
        human: signed.human().to_string(),
        record: mark.record(),
        version: mark.version(),
        copy: mark.copy(),
        copies: mark.copies(),
        page: mark.page(),
        pages: mark.pages(),
    }
}

/// The copies of a run in the order of its sides, by the names of their files.
fn printed_copies(sides: &[Side], run: &[PagedForm<'_>]) -> Vec<PrintedCopy> {
    let mut copies: Vec<PrintedCopy> = Vec::new();
    for (sheet, side) in sides.iter().enumerate() {
        let Side::Page {
            document,
            page,
            copy,
        } = side
        else {
            continue;
        };
        if *page > 0
            && let Some(last) = copies.last_mut()
        {
            last.pages += 1;
            continue;
        }
        let Some(form) = run.get(*document).map(|paged| &paged.form) else {
            continue;
        };
        let name = form.path.rsplit('/').next().unwrap_or(&form.path);
        copies.push(PrintedCopy {
            form: name.to_owned(),
            copy: match form.copies {
                0 | 1 => String::new(),
                _ => format!("第{copy}份"),
            },
            sheet,
            pages: 1,
        });
    }
    copies
}
