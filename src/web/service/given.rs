//! What is given (所带内容) in the address of a page: path and query, read into a type. What does not fit is told as a page of ours.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::web::service::app::App;
use crate::web::service::trouble::Trouble;

/// What stands in the path.
pub(in crate::web) struct At<T>(pub(in crate::web) T);

/// What is asked for behind the `?`.
pub(in crate::web) struct Asked<T>(pub(in crate::web) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for At<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Trouble> {
        let path = Path::<T>::from_request_parts(parts, app).await;
        let Path(found) = path.map_err(|_| Trouble::Nothing)?;
        Ok(Self(found))
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for Asked<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Trouble> {
        let query = Query::<T>::from_request_parts(parts, app).await;
        let bad = |_| Trouble::Bad("网址中的参数不对。请从页面上的链接重新进入。".to_owned());
        let Query(found) = query.map_err(bad)?;
        Ok(Self(found))
    }
}
