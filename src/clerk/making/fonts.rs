//! Fonts (字体): the bundled ones, and those of a folder behind them.

use std::path::{Path, PathBuf};

use crate::clerk::error::{ClerkError, world};

pub use crate::font::FontSet as Fonts;

/// The bundled fonts, and those of a folder behind them.
pub fn fonts(font_dir: Option<&Path>) -> Result<Fonts, ClerkError> {
    let mut fonts = Fonts::bundled().map_err(|e| ClerkError::Bug(e.to_string()))?;
    let Some(dir) = font_dir else {
        return Ok(fonts);
    };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir)
        .map_err(world(dir))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    let is_font = |path: &PathBuf| {
        path.extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("ttf") || e.eq_ignore_ascii_case("otf"))
    };
    for path in paths.into_iter().filter(is_font) {
        let bytes = std::fs::read(&path).map_err(world(&path))?;
        let name = path
            .file_stem()
            .map(|s| s.to_string_lossy().into_owned())
            .unwrap_or_default();
        fonts
            .with_extra(name, bytes)
            .map_err(|e| ClerkError::Refused(format!("{}：{e}", path.display())))?;
    }
    Ok(fonts)
}
