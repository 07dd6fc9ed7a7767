//! What foreign parts say (the system, the readers of JSON and TOML) in Chinese: what is wrong, and where. Their own sentence follows
//! in brackets at most, as a detail for whoever mends the program.

use std::io::{self, ErrorKind};

/// An error that is not ours, told in Chinese.
pub trait InChinese {
    /// What is wrong, as part of a sentence, without its full stop.
    fn in_chinese(&self) -> String;
}

impl InChinese for io::Error {
    fn in_chinese(&self) -> String {
        match by_kind(self.kind()) {
            Some(words) => words.to_owned(),
            None => match (self.raw_os_error(), self.to_string()) {
                // one of ours that travels in the system's clothes
                (None, own) if is_chinese(&own) => own,
                (_, foreign) => format!("系统没有办成（{foreign}）"),
            },
        }
    }
}

/// What the system means, where its kind says it.
fn by_kind(kind: ErrorKind) -> Option<&'static str> {
    use ErrorKind as K;
    Some(match kind {
        K::NotFound => "没有这个文件或文件夹",
        K::PermissionDenied => "没有权限",
        K::AlreadyExists => "同名的文件已存在",
        K::StorageFull | K::QuotaExceeded => "磁盘空间已满",
        K::FileTooLarge => "文件超过了磁盘或系统允许的大小",
        K::NotADirectory => "路径中有一段是文件，不是文件夹",
        K::IsADirectory => "它是文件夹，不是文件",
        K::DirectoryNotEmpty => "文件夹不是空的",
        K::ReadOnlyFilesystem => "所在磁盘是只读的",
        K::InvalidFilename => "名称太长或含有不能用的字符",
        K::CrossesDevices => "两处不在同一个磁盘上",
        K::ResourceBusy | K::ExecutableFileBusy => "正被另一个程序使用",
        K::AddrInUse => "端口已被占用",
        K::AddrNotAvailable => "本机没有这个地址",
        K::ConnectionRefused => "对方没有应答",
        K::ConnectionReset | K::ConnectionAborted | K::NotConnected => "连接断开了",
        K::BrokenPipe => "对方已关闭",
        K::TimedOut => "等了太久没有回应",
        K::UnexpectedEof => "内容在中途结束，不完整",
        K::InvalidData => "内容不是 UTF-8 文本，或者已损坏",
        K::OutOfMemory => "内存不够",
        K::TooManyLinks => "链接太多",
        K::StaleNetworkFileHandle => "网络驱动器上的文件已失效",
        _ => return None,
    })
}

/// What to do about an error of the system: a whole sentence.
pub fn io_remedy(error: &io::Error) -> &'static str {
    use ErrorKind as K;
    match error.kind() {
        K::NotFound => "请检查路径是否写错。",
        K::PermissionDenied | K::ReadOnlyFilesystem => {
            "请检查权限，或者换一个有权限的文件或文件夹。"
        }
        K::StorageFull | K::QuotaExceeded | K::FileTooLarge => "请清理磁盘后再运行。",
        K::NotADirectory | K::IsADirectory | K::AlreadyExists | K::DirectoryNotEmpty => {
            "请换一个路径，或者移走同名的文件。"
        }
        K::InvalidFilename => "请换一个名称。",
        K::AddrInUse => "请换一个端口，或停掉占用它的程序。",
        K::AddrNotAvailable => "请换一个本机有的地址，如 127.0.0.1。",
        K::ResourceBusy | K::ExecutableFileBusy => "请等另一个程序结束后再运行。",
        K::InvalidInput => "请给出一个普通的文件。",
        K::InvalidData | K::UnexpectedEof => "请核对是不是这个文件，另存为 UTF-8 后再试。",
        _ => "请检查磁盘和网络驱动器后再运行。",
    }
}

#[cfg(feature = "forms")]
impl InChinese for serde_json::Error {
    fn in_chinese(&self) -> String {
        use serde_json::error::Category;
        let said = self.to_string();
        let said = said.split(" at line ").next().unwrap_or_default();
        let what = match self.classify() {
            Category::Eof => "内容在这里突然结束，没有写完".to_owned(),
            Category::Data => of_data(said),
            Category::Syntax if said.contains("recursion limit") => {
                "一层套一层太深（超过 128 层）".to_owned()
            }
            Category::Syntax => format!("这里的写法不对（{said}）"),
            Category::Io => self
                .io_error_kind()
                .and_then(by_kind)
                .map_or_else(|| format!("系统没有办成（{said}）"), str::to_owned),
        };
        match self.line() {
            0 => what,
            line => format!("第 {line} 行第 {} 列：{what}", self.column()),
        }
    }
}

impl InChinese for toml::de::Error {
    fn in_chinese(&self) -> String {
        let what = of_data(self.message());
        // its place stands in the first line of what it shows: TOML parse error at line 1, column 5
        let shown = self.to_string();
        let numbers: Vec<&str> = shown
            .lines()
            .next()
            .unwrap_or_default()
            .split(|c: char| !c.is_ascii_digit())
            .filter(|n| !n.is_empty())
            .collect();
        match numbers.as_slice() {
            [line, column] => format!("第 {line} 行第 {column} 列：{what}"),
            _ => what,
        }
    }
}

/// What does not fit the shape that was asked for: the sentences of serde, with the names that stand in them.
fn of_data(said: &str) -> String {
    let named = said.split('`').nth(1).unwrap_or_default();
    let may_be: Vec<&str> = said.split('`').skip(3).step_by(2).collect();
    let may_be = match may_be.is_empty() {
        true => String::new(),
        false => format!("，可以写的有 {}", may_be.join("、")),
    };
    match said {
        _ if is_chinese(said) => said.to_owned(),
        _ if said.starts_with("missing field") => format!("缺少“{named}”一项"),
        _ if said.starts_with("unknown field") => format!("没有“{named}”这一项{may_be}"),
        _ if said.starts_with("unknown variant") => format!("不能写“{named}”{may_be}"),
        _ if said.starts_with("duplicate field") || said.starts_with("duplicate key") => {
            format!("“{named}”写了两次")
        }
        _ if said.starts_with("invalid type") || said.starts_with("invalid value") => {
            format!("值的种类或范围不对（{said}）")
        }
        _ => format!("这里的写法不对（{said}）"),
    }
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}
