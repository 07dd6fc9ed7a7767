//! Pictures in a .docx: the XML of a drawing in a line, or held to the page's corner.

/// EMU in a millimetre.
pub(super) const MM: i64 = 36_000;
/// EMU in a twip.
pub(super) const TWIP: i64 = 635;

/// Namespaces that a drawing brings along, so that it may stand in any part.
const NAMESPACES: &str = "xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

fn graphic(id: &str, name: &str, (width, height): (i64, i64)) -> String {
    format!(
        "<a:graphic xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:nvPicPr><pic:cNvPr id=\"0\" name=\"{name}\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"{id}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>"
    )
}

/// A picture in a line of text; `id` is its relationship, `number` its own in the document, sizes in EMU.
pub(super) fn inline(id: &str, name: &str, number: u32, size: (i64, i64)) -> String {
    let (width, height) = size;
    format!(
        "<w:drawing><wp:inline {NAMESPACES} distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{width}\" cy=\"{height}\"/><wp:docPr id=\"{number}\" name=\"{name}\"/><wp:cNvGraphicFramePr/>{}</wp:inline></w:drawing>",
        graphic(id, name, size)
    )
}

/// A picture at the top right corner of the page, `right` and `top` EMU from its edges.
pub(super) fn corner(
    id: &str,
    name: &str,
    number: u32,
    size: (i64, i64),
    (left, top): (i64, i64),
) -> String {
    let (width, height) = size;
    format!(
        "<w:drawing><wp:anchor {NAMESPACES} distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\" simplePos=\"0\" relativeHeight=\"251658240\" behindDoc=\"0\" locked=\"1\" layoutInCell=\"1\" allowOverlap=\"1\"><wp:simplePos x=\"0\" y=\"0\"/><wp:positionH relativeFrom=\"page\"><wp:posOffset>{left}</wp:posOffset></wp:positionH><wp:positionV relativeFrom=\"page\"><wp:posOffset>{top}</wp:posOffset></wp:positionV><wp:extent cx=\"{width}\" cy=\"{height}\"/><wp:effectExtent l=\"0\" t=\"0\" r=\"0\" b=\"0\"/><wp:wrapNone/><wp:docPr id=\"{number}\" name=\"{name}\"/><wp:cNvGraphicFramePr/>{}</wp:anchor></w:drawing>",
        graphic(id, name, size)
    )
}

/// The size of a picture of these pixels within a box, in its own ratio.
pub(super) fn fit((width, height): (u32, u32), (across, down): (i64, i64)) -> (i64, i64) {
    let (width, height) = (i64::from(width.max(1)), i64::from(height.max(1)));
    if across * height <= down * width {
        (across, across * height / width)
    } else {
        (down * width / height, down)
    }
}
