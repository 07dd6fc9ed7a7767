//! The mark of a filled workbook: a picture beside the used columns of its first bound sheet, in a drawing of its own.

use crate::fill::put::pen::escape;
use crate::ooxml::{
    BEHIND_LEGACY_DRAWING, CellReader, OoxmlError, OpcPackage, Tree, add_content_type, add_relation,
};

use super::parcel::{differing, name_properties};
use crate::fill::anatomy::grid::SheetGrid;
use crate::fill::put::filling::MarkPicture;

/// Part of the drawing.
pub(super) const DRAWING: &str = "xl/drawings/sanlian_mark.xml";
/// Part of the picture.
pub(super) const PICTURE: &str = "xl/media/sanlian_mark.png";

const DRAWING_TYPE: &str = "application/vnd.openxmlformats-officedocument.drawing+xml";
/// EMU in a micrometre.
const MICROMETRE: i64 = 36;

/// Where a workbook takes a mark.
#[derive(Debug)]
pub(super) struct Corner {
    /// The sheet's part.
    pub(super) sheet: String,
    /// Relationships and content types, changed; those of the document properties too.
    pub(super) parts: Vec<(String, Vec<u8>)>,
    /// The relationship of the drawing in the sheet, and of the picture in the drawing.
    drawing: String,
    picture: String,
    /// The first free column.
    column: u32,
}

impl Corner {
    /// The place of the mark on a sheet; none where the sheet has a drawing of its own.
    pub(super) fn of(
        package: &OpcPackage,
        sheet: &str,
        reader: &CellReader,
    ) -> Result<Option<Self>, OoxmlError> {
        let tree = Tree::read(sheet, package.text(sheet)?)?;
        if tree.root().child("drawing").is_some() || package.part(DRAWING).is_some() {
            return Ok(None);
        }
        let grid = SheetGrid::of(&tree, reader);
        let merged = grid.merges.iter().map(|m| m[3]);
        let used = grid.cells.keys().map(|(_, column)| *column).chain(merged);
        let column = used.max().map_or(0, |last| last + 1);
        let mut changed = package.clone();
        let drawing = add_relation(&mut changed, sheet, "drawing", DRAWING)?;
        let picture = add_relation(&mut changed, DRAWING, "image", PICTURE)?;
        add_content_type(&mut changed, DRAWING, DRAWING_TYPE, None)?;
        add_content_type(&mut changed, PICTURE, "image/png", Some("png"))?;
        name_properties(&mut changed)?;
        Ok(Some(Self {
            sheet: sheet.to_owned(),
            parts: differing(package, &changed),
            drawing,
            picture,
            column,
        }))
    }

    /// The drawing with a mark.
    pub(super) fn drawn(&self, mark: &MarkPicture<'_>) -> String {
        let side = mark.side * MICROMETRE;
        let mut caption = String::new();
        escape(mark.caption, &mut caption);
        let caption = caption.replace('"', "&quot;");
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<xdr:wsDr xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><xdr:oneCellAnchor><xdr:from><xdr:col>{}</xdr:col><xdr:colOff>72000</xdr:colOff><xdr:row>0</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx=\"{side}\" cy=\"{side}\"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id=\"2\" name=\"标记\" descr=\"{caption}\"/><xdr:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></xdr:cNvPicPr></xdr:nvPicPr><xdr:blipFill><a:blip xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" r:embed=\"{}\"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{side}\" cy=\"{side}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor></xdr:wsDr>",
            self.column, self.picture
        )
    }

    /// The sheet with its drawing.
    pub(super) fn shown(&self, xml: &str) -> Result<String, OoxmlError> {
        let tree = Tree::read(&self.sheet, xml)?;
        let root = tree.root();
        // a drawing stands right before the old one
        let behind = |name: &str| name == "legacyDrawing" || BEHIND_LEGACY_DRAWING.contains(&name);
        let next = root.children().find(|c| behind(c.name()));
        let at = next.map_or(root.inner().end, |n| n.range().start);
        let prefix = super::sheet::prefix(root);
        let (before, after) = xml.split_at_checked(at).unwrap_or((xml, ""));
        Ok(format!(
            "{before}<{prefix}drawing r:id=\"{}\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"/>{after}",
            self.drawing
        ))
    }
}
