//! Why the service could not begin or go on.

use std::net::SocketAddr;

use crate::clerk::ClerkError;
use crate::foreign::{InChinese, io_remedy};

/// Why a service could not begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServingError {
    /// The clerk could not open what is needed.
    #[error("{0}")]
    Clerk(#[from] ClerkError),
    /// The campaign's templates have errors.
    #[error("活动“{0}”的模板有错误，不能运行。请用 sanlian campaigns 查看。")]
    Campaign(String),
    /// The port cannot be had.
    #[error("不能监听 {0}：{words}。{remedy}", words = .1.in_chinese(), remedy = io_remedy(.1))]
    Port(SocketAddr, std::io::Error),
    /// A thread of the service cannot begin.
    #[error("服务中断：{}。", .0.in_chinese())]
    Thread(std::io::Error),
    /// The certificate's files cannot be used.
    #[error("{0}。")]
    Certificate(String),
    /// A fault of the program.
    #[error("程序内部错误：{0}")]
    Bug(String),
}
