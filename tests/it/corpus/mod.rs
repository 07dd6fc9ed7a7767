//! Pictures of pages as they come back: real form pages, rasterised and spoilt in every way that a class names; the same for the same
//! seed. Pictures and their pixels are in `image`, seals in `seal`, the classes in `class`. Shared with `benches/decode.rs`.

pub(crate) mod class;
pub(crate) mod image;
mod seal;
pub(crate) mod wear;

use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_syntax::Pdf;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};
use jiff::Timestamp;
use jiff::civil::date;
use sanlian::campaign::{FormKind, builtin, load};
use sanlian::demo;
use sanlian::export::{Info, PaperSide, write_pdf};
use sanlian::font::FontSet;
use sanlian::form::{JpegPicture, Photos, build_candidate, build_unit};
use sanlian::layout::{Item, MarkArt, Page, Pages, layout, mark_overlay};
use sanlian::mark::{Issue, Matrix, SigningKey, TrustedKeys, caption, matrix, sign};
use sanlian::media::prepare_photo;
use sanlian::record::Entry;
use sanlian::units::Length;

use crate::chance::Chance;
use image::Image;

/// Pages of the demo's forms, and the key that signs their marks.
pub(crate) struct Desk {
    book: FontSet,
    pages: Vec<Page>,
    key: SigningKey,
}

/// A page as printed, with its mark.
pub(crate) struct Printed {
    pdf: Arc<Vec<u8>>,
    /// Width and height in mm.
    pub(crate) size: (f64, f64),
    /// The square of the mark's modules: left, top and side in mm.
    pub(crate) mark: (f64, f64, f64),
    /// What the mark says.
    pub(crate) digits: String,
    /// How it is drawn.
    pub(crate) matrix: Matrix,
}

impl Desk {
    /// The desk of the demo.
    pub(crate) fn open() -> Self {
        let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021");
        let mut campaign = load(&source.unwrap()).0.unwrap();
        // portraits stand on the pages; work photos do not, and take seconds to draw
        let drawn = campaign.demo.lines();
        let drawn = drawn.filter(|line| !line.starts_with("work = ") || line.contains('"'));
        campaign.demo = drawn.collect::<Vec<_>>().join("\n");
        let demo = demo::submission(&campaign, 1);
        let book = FontSet::bundled().unwrap();
        let mut photos = Photos::new();
        let people = &demo.submission.candidates;
        for (path, bytes) in &demo.photos {
            let its = |entry: &Entry| *path == format!("photos/{}.jpg", entry.text("name"));
            if let Some(index) = people.iter().position(its) {
                let photo = prepare_photo(bytes, Length::mm(33), Length::mm(48), 300).unwrap();
                let picture = JpegPicture {
                    jpeg: photo.jpeg.into(),
                    width: photo.width,
                    height: photo.height,
                    components: photo.components,
                };
                photos.insert(index, picture);
            }
        }
        let submission = demo.submission;
        let day = date(2021, 5, 28);
        let template = campaign.form(FormKind::Recommendation).unwrap();
        let mut forms: Vec<_> = (0..submission.candidates.len())
            .filter_map(|n| build_candidate(&campaign, template, &submission, n, &photos, day))
            .collect();
        for kind in [FormKind::Summary, FormKind::Status] {
            if let Some(template) = campaign.form(kind) {
                forms.push(build_unit(&campaign, template, &submission, day));
            }
        }
        let pages = forms.iter().flat_map(|form| layout(&book, form).0.pages);
        let pages: Vec<Page> = pages.filter(|p| p.mark.is_some()).collect();
        assert!(pages.len() > 5, "too few pages with a mark");
        Self {
            book,
            pages,
            key: SigningKey::from_seed(&[9; 32]),
        }
    }

    /// The keys that the desk trusts.
    pub(crate) fn trusted(&self) -> TrustedKeys {
        TrustedKeys(vec![self.key.trusted("示例单位")])
    }

    /// Something to be issued.
    pub(crate) fn issue(chance: &mut Chance) -> Issue {
        let pages = 1 + chance.below(8) as usize;
        let copies = 1 + chance.below(5) as usize;
        Issue {
            kind: 1 + chance.below(4) as u8,
            reference: chance.bytes(),
            version: 1 + chance.below(9) as u16,
            copy: 1 + chance.below(copies as u64) as usize,
            copies,
            page: 1 + chance.below(pages as u64) as usize,
            pages,
            issued_at: Timestamp::from_second(1_622_163_600 + chance.below(1 << 22) as i64)
                .unwrap(),
            digest: chance.bytes(),
        }
    }

    /// Digits and matrix of a mark.
    pub(crate) fn mark(&self, issue: &Issue) -> (String, Matrix) {
        let digits = sign(&self.key, issue).unwrap().digits();
        let matrix = matrix(&digits).unwrap();
        (digits, matrix)
    }

    /// Prints one of the pages, its mark signed anew.
    pub(crate) fn print(&self, chance: &mut Chance) -> Printed {
        let page = &self.pages[chance.below(self.pages.len() as u64) as usize];
        let signed = sign(&self.key, &Self::issue(chance)).unwrap();
        let digits = signed.digits();
        let matrix = matrix(&digits).unwrap();
        let art = MarkArt {
            side: matrix.side,
            dark: matrix.dark.clone(),
            human: signed.human().to_string(),
            caption: caption(signed.mark()),
        };
        let overlay = mark_overlay(&self.book, page, &art);
        let mark = overlay.iter().find_map(|item| match item {
            Item::Modules { at, .. } => Some((at.x.to_mm(), at.y.to_mm(), at.width.to_mm())),
            _ => None,
        });
        let docs = [Pages {
            title: String::new(),
            pages: vec![page.clone()],
        }];
        let sheets = [PaperSide::Printed {
            doc: 0,
            page: 0,
            overlay,
        }];
        let file = write_pdf(&self.book, &docs, &sheets, &Info::default()).unwrap();
        Printed {
            pdf: Arc::new(file.bytes),
            size: (page.width.to_mm(), page.height.to_mm()),
            mark: mark.unwrap(),
            digits,
            matrix,
        }
    }
}

impl Printed {
    /// The middle of the mark in mm.
    pub(crate) fn middle(&self) -> (f64, f64) {
        let (x, y, side) = self.mark;
        (x + side / 2.0, y + side / 2.0)
    }

    /// The page drawn by a mapping of millimetres to pixels, on white.
    pub(crate) fn raster(&self, width: usize, height: usize, mm_to_pixels: Affine) -> Image {
        let pdf = Pdf::new(self.pdf.clone()).unwrap();
        let pages = pdf.pages();
        let page = pages.first().unwrap();
        let cache = RenderCache::new();
        let (wide, high) = (width.try_into().unwrap(), height.try_into().unwrap());
        let mut context = RenderContext::new(wide, high);
        let points = Affine::scale(25.4 / 72.0) * page.initial_transform(true).to_kurbo();
        render_into(
            page,
            &cache,
            &InterpreterSettings::default(),
            &RenderSettings::default(),
            &mut context,
            mm_to_pixels * points,
        );
        context.flush();
        let mut pixels = Pixmap::new(wide, high);
        context.render_with(
            &mut pixels,
            &mut Resources::default(),
            RasterizerSettings {
                target_init: TargetInit::Clear(WHITE),
                ..Default::default()
            },
        );
        let bytes = pixels.data_as_u8_slice();
        Image {
            width,
            height,
            rgb: bytes
                .chunks_exact(4)
                .flat_map(|p| [p[0], p[1], p[2]])
                .collect(),
        }
    }
}
