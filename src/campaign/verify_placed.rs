//! Checks what a form places on its page outside of the flow: words and rectangles stay on the sheet.

use crate::finding::Finding;

use super::BlockTemplate;
use super::document::{Node, fault};
use super::verify_form::{FormCheck, sheet_size};

impl FormCheck<'_> {
    /// Checks the place of words or of a rectangle.
    pub(super) fn placed(
        &self,
        block: &BlockTemplate,
        node: Node<'_>,
        findings: &mut Vec<Finding>,
    ) {
        let (x, y, width, height) = match block {
            BlockTemplate::Place {
                x,
                y,
                width,
                height,
                boxes,
                least,
                ..
            } => {
                if let Some([wide, high, gap]) = boxes
                    && !([wide, high].iter().all(|mm| (3.0..=50.0).contains(*mm))
                        && (0.0..=50.0).contains(gap))
                {
                    let hint = "写格的宽、高和间隔，以毫米为单位，如 boxes = [8, 10, 2]。";
                    fault(findings, node.key("boxes"), "格的大小不合理", hint);
                    return;
                }
                let count = f64::from((*least).max(1));
                let side = boxes.map_or(0.0, |[wide, _, gap]| (wide + gap) * count - gap);
                let high = boxes.map_or(0.0, |[_, high, _]| high);
                let own = height.unwrap_or(high.max(0.1));
                (*x, *y, width.max(side), high.max(own))
            }
            BlockTemplate::Frame {
                x,
                y,
                width,
                height,
                ..
            } => (*x, *y, *width, *height),
            _ => return,
        };
        let (wide, high) = sheet_size(&self.form.page);
        let all = [x, y, width, height].iter().all(|mm| mm.is_finite());
        if !all
            || x < 0.0
            || y < 0.0
            || width <= 0.0
            || height <= 0.0
            || x + width > wide
            || y + height > high
        {
            fault(
                findings,
                node,
                "位置或大小超出纸张",
                format!(
                    "x、y、width、height 以毫米为单位，从纸的左上角量起；本表的纸是 {wide}×{high}。"
                ),
            );
        }
    }
}
