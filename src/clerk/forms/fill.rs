//! The organiser's own forms (自备表格): bind a blank one, fill it for a submission, read filled ones back, and tell what
//! differs from the record.

use std::path::{Path, PathBuf};

use crate::campaign::{Campaign, FormKind};
use crate::export::mark_png;
use crate::fill::{self, Binding, Filling, FormRead, MarkPicture, Prepared, ReadValue};
use crate::finding::{Finding, Place, has_errors};
use crate::form::numbered;
use crate::intake::{self, SourceFile};
use crate::media::{Probe, upright_photo};
use crate::ooxml::{OoxmlError, OpcPackage};
use crate::press::MarkEntry;
use crate::record::{Belongings, Difference, Own, Submission, belongings, diff, records_of};
use crate::store::write_file;

use crate::clerk::error::{ClerkError, world};
use crate::clerk::forms::convert;
use crate::clerk::forms::guard;
use crate::clerk::forms::mark;
use crate::clerk::forms::mark::{Marking, Marks};
use crate::clerk::forms::preview::meaning_of;
use crate::clerk::given;
use crate::clerk::making::read::Reading;

/// Largest form that is read, in bytes.
const MOST_FORM: u64 = 64 << 20;

/// Forms that were filled.
#[derive(Debug, Default)]
pub struct Filled {
    /// What was found; with errors among it nothing is written.
    pub findings: Vec<Finding>,
    /// The files that were written.
    pub files: Vec<PathBuf>,
}

/// Forms that were read back.
#[derive(Debug, Default)]
pub struct ReadBack {
    /// Values as they were typed.
    pub submission: Submission,
    /// Conflicts, and files that say nothing.
    pub findings: Vec<Finding>,
    /// Whether the binding is of another form or campaign, so that nothing was read.
    pub misfit: bool,
    pub(in crate::clerk::forms) forms: Vec<FormRead>,
}

/// The bytes of a form, of an old one as LibreOffice makes it new; refuses what is none with what to do.
pub(super) fn form_bytes(path: &Path) -> Result<Vec<u8>, ClerkError> {
    let size = std::fs::metadata(path).map_err(world(path))?.len();
    let name = path.display();
    if size > MOST_FORM {
        return Err(ClerkError::Refused(format!(
            "{name} 有 {} MB，超过 64 MB。请删去其中的图片后再试",
            size >> 20
        )));
    }
    new_form(path, given::bytes(path)?)
}

/// The same of bytes that lie elsewhere; `path` is the name that people know the form by.
pub(super) fn new_form(path: &Path, mut bytes: Vec<u8>) -> Result<Vec<u8>, ClerkError> {
    let name = path.display();
    let mut read = OpcPackage::read(&bytes);
    if matches!(read, Err(OoxmlError::OldFormat))
        && let Some(new) = convert::converted(path, &bytes)?
    {
        read = OpcPackage::read(&new);
        bytes = new;
    }
    let package = read.map_err(|error| refused(path, &error))?;
    guard::is_form(&package).map_err(|why| ClerkError::Refused(format!("{name} {why}")))?;
    package
        .stands_alone()
        .map_err(|error| refused(path, &error))?;
    if package.names().any(|n| n.ends_with("vbaProject.bin")) {
        return Err(ClerkError::Refused(format!(
            "{name} 带有宏，不能使用。请用 WPS 或 Word 打开，另存为不带宏的 .docx 或 .xlsx 后再试"
        )));
    }
    Ok(bytes)
}

fn refused(path: &Path, error: &OoxmlError) -> ClerkError {
    let name = path.display();
    ClerkError::Refused(match error {
        OoxmlError::OldFormat => format!(
            "{name} 是旧格式（.doc、.xls）文件。请用 WPS 或 Word 打开，在“另存为”中选 .docx（表格选 .xlsx）后再试"
        ),
        OoxmlError::Encrypted => format!("{name} 有打开密码。请去掉密码后再试"),
        _ => format!("{name}：{error}"),
    })
}

pub(super) fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// Binds a blank form; with faults in it there is no binding.
pub fn bind_form(
    campaign: &Campaign,
    form: &Path,
) -> Result<(Option<Binding>, Vec<Finding>), ClerkError> {
    let bytes = form_bytes(form)?;
    let file = name_of(form);
    let broken = |error: OoxmlError| refused(form, &error);
    let faults = fill::faults_of_form(campaign, &file, &bytes).map_err(broken)?;
    if has_errors(&faults) {
        return Ok((None, faults));
    }
    let binding = fill::bind(campaign, &file, &bytes).map_err(broken)?;
    Ok((Some(binding), faults))
}

/// Reads a binding's file.
pub fn read_binding(path: &Path) -> Result<Binding, ClerkError> {
    let text = given::text(path)?;
    Binding::from_toml(&text).map_err(|error| {
        ClerkError::Refused(format!(
            "{}：{error}。请改正，或重新执行 sanlian bind",
            path.display()
        ))
    })
}

/// Fills a bound form, one file a candidate, or one for the unit, into a folder. Nothing is written where there are errors.
pub fn fill_form(
    campaign: &Campaign,
    form: &Path,
    binding: &Binding,
    reading: &Reading,
    marking: Option<&Marking<'_>>,
    out: &Path,
) -> Result<Filled, ClerkError> {
    let bytes = form_bytes(form)?;
    let (findings, made) = filled(campaign, (form, &bytes), binding, reading, marking)?;
    let mut filled = Filled {
        findings,
        files: Vec::new(),
    };
    if has_errors(&filled.findings) || made.is_empty() {
        return Ok(filled);
    }
    let place = |(name, bytes): (String, Vec<u8>)| (out.join(name), bytes);
    let files: Vec<(PathBuf, Vec<u8>)> = made.into_iter().map(place).collect();
    guard::unedited(out, &files)?;
    std::fs::create_dir_all(out).map_err(world(out))?;
    for (path, bytes) in &files {
        write_file(path, bytes)?;
        filled.files.push(path.clone());
    }
    guard::remember(out, &files)?;
    Ok(filled)
}

/// What was found, and the names and bytes of filled forms.
pub(super) type FilledForms = (Vec<Finding>, Vec<(String, Vec<u8>)>);

/// A bound form filled, one a candidate, or one for the unit; `form` is where it lies, or its name.
pub(super) fn filled(
    campaign: &Campaign,
    (form, bytes): (&Path, &[u8]),
    binding: &Binding,
    reading: &Reading,
    marking: Option<&Marking<'_>>,
) -> Result<FilledForms, ClerkError> {
    let broken = |error: OoxmlError| refused(form, &error);
    let mut run = FillRun {
        campaign,
        reading,
        form,
        file: name_of(form),
        kind: kind_of(campaign, binding),
        belongings: belongings(campaign, &reading.submission),
        findings: reading.findings.clone(),
    };
    if let Some(finding) = run.misfit(binding, bytes)? {
        run.findings.push(finding);
        return Ok((run.findings, Vec::new()));
    }
    run.unsure(binding);
    let sure = binding.sure().map(|b| b.place.clone()).collect();
    let prepared = Prepared::new(campaign, bytes, sure).map_err(broken)?;
    run.findings.extend(prepared.faults(campaign, &run.file));
    let faults = fill::faults_of_form(campaign, &run.file, bytes).map_err(broken)?;
    run.findings.extend(faults);
    let marks = run.marks(marking, &prepared)?;
    let who: Vec<Option<usize>> = if !binding.is_of_candidate(campaign) {
        vec![None]
    } else {
        (0..reading.submission.candidates.len()).map(Some).collect()
    };
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for candidate in who {
        files.push(run.one(&prepared, marks.as_ref(), candidate)?);
    }
    Ok((run.findings, files))
}

/// A form that is being filled for a submission.
struct FillRun<'a> {
    campaign: &'a Campaign,
    reading: &'a Reading,
    form: &'a Path,
    /// The form's name, for findings.
    file: String,
    /// The kind of record that the form shows.
    kind: Option<FormKind>,
    belongings: Belongings<'a>,
    findings: Vec<Finding>,
}

impl FillRun<'_> {
    /// That the binding is of another campaign, or of another state of the form.
    fn misfit(&self, binding: &Binding, bytes: &[u8]) -> Result<Option<Finding>, ClerkError> {
        if let Some(finding) = guard::other_campaign(self.campaign, binding, &self.file) {
            return Ok(Some(finding));
        }
        let (message, hint) =
            if binding.shape != fill::shape(bytes).map_err(|e| refused(self.form, &e))? {
                (
                    format!(
                        "空白表与绑定时（{}）不同，填写位置可能已经移动。",
                        binding.form
                    ),
                    "请改用绑定时的空白表，或对这份表重新执行 sanlian bind。",
                )
            } else {
                return Ok(None);
            };
        let place = Place::file(&self.file);
        Ok(Some(Finding::error("O6", place, message, hint)))
    }

    /// Tells of each place that stays blank because nobody confirmed it.
    fn unsure(&mut self, binding: &Binding) {
        if binding.sure().next().is_none() {
            self.findings.push(Finding::warning(
                "O12",
                Place::file(&self.file),
                "绑定中没有一处可以填，写出的表和空白表一样。",
                "请核对绑定文件：要填的位置写 confirmed = true，漏了的补一段 [[place]]。",
            ));
        }
        self.open_columns(binding);
        self.written(binding);
        for bound in binding.unsure() {
            let place = &bound.place;
            let label: String = place.label.split_whitespace().collect();
            let field = meaning_of(self.campaign, &place.key);
            let asked = match label.as_str() {
                "" => "这一处".to_owned(),
                label => format!("“{label}”"),
            };
            self.findings.push(Finding::warning(
                "O12",
                fill::whereabouts(&self.file, place).of("", &place.key),
                format!("{asked}可能填“{field}”，把握不大（{:.2}），没有核对过，留空。", bound.confidence),
                "核对无误的，请在绑定文件的这一段写 confirmed = true 后再填；不对的改正 key 或删去这一段。都已看过的，可以加 --accept-unsure。",
            ));
        }
    }

    /// Names the blanks in which an answer is printed already: it says the same of everybody.
    fn written(&mut self, binding: &Binding) {
        let own = binding.unbound.iter().filter(|open| open.is_written());
        let labels: Vec<&str> = own.map(|open| open.label.as_str()).collect();
        if !labels.is_empty() {
            self.findings.push(Finding::warning(
                "O12",
                Place::file(&self.file),
                format!("空白表中已经印着答案，没有改动：{}。", labels.join("、")),
                "不是每个人都这样的，请在空白表中删去这些字，重新绑定后再填。",
            ));
        }
    }

    /// Names the columns of lists that no field is known for, which stay blank.
    fn open_columns(&mut self, binding: &Binding) {
        let of_rows = |open: &&fill::Undecided| {
            let blank = open.blank.as_ref();
            blank.is_some_and(|place| place.take == fill::Take::Rows)
        };
        let open = binding.unbound.iter().filter(of_rows);
        let mut columns: Vec<String> = open
            .map(|open| open.label.split_whitespace().collect())
            .collect();
        columns.dedup();
        if columns.is_empty() {
            return;
        }
        self.findings.push(Finding::info(
            "O3",
            Place::file(&self.file),
            format!(
                "表中的列“{}”没有对应的栏目，留空。",
                columns.join("”“")
            ),
            "要由人手填的，不必处理；要填的，请在绑定文件中把这一列的 [[unbound]] 改名为 [[place]]，写上 key。",
        ));
    }

    /// The marks of a filling that is marked; tells where the form has no room for them.
    fn marks(
        &mut self,
        marking: Option<&Marking<'_>>,
        prepared: &Prepared,
    ) -> Result<Option<Marks>, ClerkError> {
        let Some(marking) = marking else {
            return Ok(None);
        };
        let at = Place::file(&self.file);
        let marks = match mark::open(self.campaign, self.reading, marking, &at)? {
            Ok(marks) => marks,
            Err(finding) => {
                self.findings.push(finding);
                return Ok(None);
            }
        };
        if !prepared.takes_mark() {
            self.findings.push(Finding::info(
                "O9",
                at,
                "工作表里已有图形，没有画标记，只在文件属性中记下了记录编号和版本。",
                "要在纸上带标记的，请打印 sanlian make 制作的表。",
            ));
        }
        Ok(Some(marks))
    }

    /// The form filled for one candidate, or for the unit: the file's name and bytes.
    fn one(
        &mut self,
        prepared: &Prepared,
        marks: Option<&Marks>,
        candidate: Option<usize>,
    ) -> Result<(String, Vec<u8>), ClerkError> {
        let submission = &self.reading.submission;
        let entry = candidate.and_then(|n| submission.candidates.get(n));
        let own = candidate.and_then(|n| self.belongings.of.get(n));
        let photo = own.and_then(|own| photo_of(self.reading, own));
        let mut mark = None;
        if let Some((marks, kind)) = marks.zip(self.kind) {
            let at = Place::file(&self.file).of(entry.map_or("", |e| e.text("name")), "");
            match marks.of(kind, candidate, &at)? {
                Ok(made) => mark = Some(made),
                Err(finding) => self.findings.push(finding),
            }
        }
        let art = mark.as_ref().map(|(art, _)| art);
        let drawn = art.and_then(|art| mark_png(art.side, &art.dark));
        let caption = art.map(|art| format!("{}　{}", art.human, art.caption));
        let picture = drawn.as_ref().zip(caption.as_ref());
        let picture = picture.map(|((png, side), caption)| MarkPicture {
            png,
            side: side.0,
            caption,
        });
        let photo = photo.as_ref();
        let filling = Filling {
            candidate,
            photo: photo.map(|(bytes, size)| (bytes.as_slice(), *size)),
            mark: picture,
            properties: properties(self.campaign, self.kind, mark.as_ref().map(|m| &m.1)),
        };
        let faults = prepared.faults_of(self.campaign, submission, &filling, &self.file);
        self.findings.extend(faults);
        let made = prepared.fill(self.campaign, submission, &filling);
        let made = made.map_err(|error| refused(self.form, &error))?;
        let whose = match entry {
            Some(entry) => entry.text("name"),
            None => submission.unit.text("name"),
        };
        let number = candidate.map(|n| numbered(n, submission.candidates.len()));
        Ok((file_name(number.as_deref(), whose, self.form), made))
    }
}

/// The kind of record that a form shows: of a person, of the unit's candidates, of what it does. None where it shows no record.
fn kind_of(campaign: &Campaign, binding: &Binding) -> Option<FormKind> {
    let of = |prefix: &str| {
        binding
            .places
            .iter()
            .any(|b| b.place.key.starts_with(prefix))
    };
    let kind = if binding.is_of_candidate(campaign) {
        FormKind::Recommendation
    } else if of("candidates.") {
        FormKind::Summary
    } else if of("status.") {
        FormKind::Status
    } else if binding
        .places
        .iter()
        .any(|b| !b.place.key.starts_with("unit."))
    {
        FormKind::Recommendation
    } else {
        return None;
    };
    campaign.form(kind).map(|_| kind)
}

/// What the file says about itself.
fn properties(
    campaign: &Campaign,
    kind: Option<FormKind>,
    mark: Option<&MarkEntry>,
) -> Vec<(String, String)> {
    let mut all = vec![("sanlian.campaign".to_owned(), campaign.id.clone())];
    if let Some((kind, mark)) = kind.zip(mark) {
        all.push(("sanlian.kind".to_owned(), kind.to_string()));
        all.push(("sanlian.record".to_owned(), mark.record.clone()));
        all.push(("sanlian.version".to_owned(), mark.version.to_string()));
    }
    all
}

/// The bytes of a candidate's photo, upright, with its width and height: a form's reader may not know EXIF's orientation.
fn photo_of(reading: &Reading, own: &Own<'_>) -> Option<(Vec<u8>, (u32, u32))> {
    let file = own.id_photo?;
    let Probe::Jpeg(_) = &file.probe else {
        return None;
    };
    let bytes = reading.photo(&file.path)?;
    let photo = upright_photo(&bytes).ok()?;
    Some((photo.jpeg, (photo.width, photo.height)))
}

/// `01-张示例-推荐表.docx`: the candidate's number, the name, the form's own name.
fn file_name(number: Option<&str>, whose: &str, form: &Path) -> String {
    let safe: String = whose
        .chars()
        .filter(|c| !c.is_control() && !r#"/\:*?"<>|"#.contains(*c))
        .take(40)
        .collect();
    let number = number.map_or_else(String::new, |n| format!("{n}-"));
    let own = convert::new_name(&name_of(form));
    format!("{number}{}-{own}", safe.trim())
}

/// The campaign that the first form to name one was filled for.
pub fn campaign_of_forms(paths: &[PathBuf]) -> Result<Option<String>, ClerkError> {
    for path in paths {
        let bytes = form_bytes(path)?;
        let named = fill::campaign_of(&bytes).map_err(|error| refused(path, &error))?;
        if named.is_some() {
            return Ok(named);
        }
    }
    Ok(None)
}

/// Least confidence of a place that is read by its label alone: two fields that share a blank are among them, guesses not.
const SURE_BY_LABEL: f32 = 0.7;

/// Reads filled forms as one submission: by content controls and the bookmarks of a filling, and by a binding where there is
/// one.
pub fn read_forms(
    campaign: &Campaign,
    paths: &[PathBuf],
    binding: Option<&Binding>,
) -> Result<ReadBack, ClerkError> {
    let sure = binding.into_iter().flat_map(Binding::sure);
    let places: Vec<_> = sure.map(|b| b.place.clone()).collect();
    let (mut forms, mut told) = (Vec::new(), Vec::new());
    told.extend(binding.and_then(unread));
    for path in paths {
        let bytes = form_bytes(path)?;
        let refuse = |error: OoxmlError| refused(path, &error);
        let file = name_of(path);
        if let Some(binding) = binding
            && let Some(finding) =
                guard::misfit(campaign, binding, (&file, &bytes)).map_err(refuse)?
        {
            return Ok(ReadBack {
                findings: vec![finding],
                misfit: true,
                ..ReadBack::default()
            });
        }
        let mut read = fill::read(campaign, &file, &bytes, &places).map_err(refuse)?;
        let says_nothing = read.report.is_empty() && read.sightings.iter().all(is_blank);
        if binding.is_none() && says_nothing {
            // typed by hand, and nobody prepared it: its labels say what is what
            let found = fill::bind_typed(campaign, &file, &bytes).map_err(refuse)?;
            let sure = found
                .places
                .into_iter()
                .filter(|b| b.confidence > SURE_BY_LABEL);
            let sure: Vec<_> = sure.map(|b| b.place).collect();
            read = fill::read(campaign, &file, &bytes, &sure).map_err(refuse)?;
            let count = read.sightings.iter().filter(|s| !is_blank(s)).count();
            if count > 0 {
                told.push(Finding::info(
                    "O6",
                    Place::file(&file),
                    format!("没有绑定文件，按表中的栏目名认出 {count} 处。"),
                    "请逐项核对；有空白表时，先用 sanlian bind 绑定再读取，更可靠。",
                ));
            }
        }
        read.settle(campaign, |field, cell, place| {
            intake::cell_text(campaign, field, cell, place, &mut told)
        });
        forms.push(read);
    }
    let mut gathered = fill::assemble(campaign, &forms);
    gathered.findings.extend(told);
    Ok(ReadBack {
        submission: gathered.submission,
        findings: gathered.findings,
        misfit: false,
        forms,
    })
}

/// That places of a binding are not read because nobody confirmed them.
fn unread(binding: &Binding) -> Option<Finding> {
    let labels: Vec<String> = binding
        .unsure()
        .map(|b| b.place.label.split_whitespace().collect())
        .collect();
    (!labels.is_empty()).then(|| {
        Finding::info(
            "O12",
            Place::file(&binding.form),
            format!(
                "绑定中有 {} 处把握不大、没有核对过，没有读取：{}。",
                labels.len(),
                labels.join("、")
            ),
            "核对无误的，请在绑定文件的那一段写 confirmed = true 后再读。",
        )
    })
}

fn is_blank(value: &ReadValue) -> bool {
    value.text.is_empty() && value.cell.is_none()
}

/// What forms say in canonical texts, as a submission is written: 1981.04 for 1981年4月. What is not understood stays as it was typed.
pub fn in_canonical_texts(campaign: &Campaign, back: &ReadBack) -> Result<Submission, ClerkError> {
    let json = intake::to_json(&back.submission);
    let bytes = serde_json::to_vec(&json).map_err(|e| ClerkError::Bug(e.to_string()))?;
    let path = "submission.json".to_owned();
    let text = back.submission.report.join("\n").into_bytes();
    let report = (!text.is_empty()).then(|| SourceFile {
        path: "报告.txt".to_owned(),
        bytes: text,
    });
    let data = [SourceFile { path, bytes }];
    Ok(intake::read(campaign, &data, report.as_ref(), Vec::new()).0)
}

/// What differs between edited forms and a submission, over the fields that the forms ask for.
pub fn diff_forms(
    campaign: &Campaign,
    back: &ReadBack,
    submission: &Submission,
) -> Result<Vec<(String, Difference)>, ClerkError> {
    let typed = in_canonical_texts(campaign, back)?;
    let mut edited = fill::lay_over(campaign, &back.forms, &typed, submission);
    if !typed.report.is_empty() {
        edited.submission.report.clone_from(&typed.report);
    }
    let person = |before: &str, after: &str| Difference {
        key: "name".to_owned(),
        label: "候选人".to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
    };
    let come = edited.strangers.into_iter().map(|name| {
        let difference = person("", &name);
        (name, difference)
    });
    let gone = edited.missing.into_iter().map(|name| {
        let difference = person(&name, "");
        (name, difference)
    });
    let mut out: Vec<_> = come.chain(gone).collect();
    let (was, is) = (
        records_of(campaign, submission),
        records_of(campaign, &edited.submission),
    );
    for (one, two) in was.iter().zip(&is) {
        // photos and videos lie beside a form, never in it
        let mut edited = two.contents.clone();
        edited.attachments.clone_from(&one.contents.attachments);
        let found = diff(campaign, one.kind, &one.contents, &edited);
        out.extend(found.into_iter().map(|d| (one.name.clone(), d)));
    }
    Ok(out)
}
