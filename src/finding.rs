//! A finding (发现的问题): code, severity, place, message and remedy, and the published list of codes.
//! Who finds what is elsewhere: `campaign::load`, `intake`, `check`, `layout`.

use serde::Serialize;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing needs to be done.
    Info,
    /// A person should look; paper can still be printed.
    Warning,
    /// Must be mended before paper is printed.
    Error,
}

/// Where a finding lies: a file, a sheet and cell, or a record and field. Every part may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "FindingPlace"))]
pub struct Place {
    /// File name relative to the submission folder, or a template's path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Sheet name of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Cell in A1 notation; for a text file `行L` or `行L列C`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// The record in words, such as the candidate's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// Field key, such as `id_no`, or `resume.from` for a column of repeated rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Place {
    /// Whether it is a value of a JSON file, told by its pointer (RFC 6901): there is no cell to be formatted.
    pub fn is_json(&self) -> bool {
        self.cell
            .as_deref()
            .is_some_and(|cell| cell.starts_with('/'))
    }

    /// How a value is kept as text there, as the beginning of a remedy: `请把单元格设为文本格式`.
    pub fn as_text(&self) -> &'static str {
        match self.is_json() {
            true => "请给这个值加上引号",
            false => "请把单元格设为文本格式",
        }
    }

    /// A place that is a whole file.
    pub fn file(name: impl Into<String>) -> Self {
        Self {
            file: Some(name.into()),
            ..Self::default()
        }
    }

    /// A cell of a sheet; `row` and `column` count from 0.
    pub fn cell(file: &str, sheet: &str, row: u32, column: u32) -> Self {
        Self {
            file: Some(file.to_owned()),
            sheet: Some(sheet.to_owned()),
            cell: Some(cell_name(row, column)),
            ..Self::default()
        }
    }

    /// Whether it says whose the finding is and in no file where.
    pub fn is_only_record(&self) -> bool {
        self.file.is_none() && self.sheet.is_none() && self.cell.is_none()
    }

    /// The same place, with the record and field named.
    pub fn of(mut self, record: &str, field: &str) -> Self {
        if !record.is_empty() {
            self.record = Some(record.to_owned());
        }
        if !field.is_empty() {
            self.field = Some(field.to_owned());
        }
        self
    }
}

impl std::fmt::Display for Place {
    /// `文件［表］单元格（记录·字段）`, `记录·字段` alone, or `文件 行9列1`, leaving out what is absent.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}")?;
        }
        if let Some(sheet) = &self.sheet {
            write!(f, "［{sheet}］")?;
        }
        if let Some(cell) = &self.cell {
            // 行9列1 of a text file would run into its name
            let apart = self.file.is_some() && self.sheet.is_none();
            write!(f, "{}{cell}", if apart { " " } else { "" })?;
        }
        let whose = match (&self.record, &self.field) {
            (Some(record), Some(field)) => format!("{record}·{field}"),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => return Ok(()),
        };
        // brackets behind nothing would be an empty place
        if self.is_only_record() {
            write!(f, "{whose}")
        } else {
            write!(f, "（{whose}）")
        }
    }
}

/// The A1 name of a cell; `row` and `column` count from 0.
pub fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let digit = (rest - 1) % 26;
        letters.push(b'A' + u8::try_from(digit).unwrap_or(0));
        rest = (rest - 1) / 26;
    }
    letters.reverse();
    format!("{}{}", String::from_utf8_lossy(&letters), row + 1)
}

/// One fault or remark for a person, with its place and its remedy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// Stable code out of [`CODES`].
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// Where it lies.
    pub place: Place,
    /// What is wrong, in Chinese, naming field, value and what is accepted.
    pub message: String,
    /// What to do, in Chinese.
    pub hint: String,
}

impl Finding {
    /// A finding of the given weight.
    pub fn new(
        severity: Severity,
        code: &'static str,
        place: Place,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity,
            place,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// A finding that must be mended.
    pub fn error(
        code: &'static str,
        place: Place,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Error, code, place, message, hint)
    }

    /// A finding that a person should look at.
    pub fn warning(
        code: &'static str,
        place: Place,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Warning, code, place, message, hint)
    }

    /// A finding that only informs.
    pub fn info(
        code: &'static str,
        place: Place,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Info, code, place, message, hint)
    }
}

/// The published JSON shape of a list of findings.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report<'a> {
    /// All findings, in the order in which they were found.
    pub findings: &'a [Finding],
    /// Number of findings with severity `error`.
    pub errors: usize,
    /// Number of findings with severity `warning`.
    pub warnings: usize,
}

impl<'a> Report<'a> {
    /// Counts the findings.
    pub fn new(findings: &'a [Finding]) -> Self {
        let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
        Self {
            findings,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
        }
    }
}

/// Whether any finding is an error.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|f| f.severity == Severity::Error)
}

/// Every code that the program can give, with its meaning in a few words. Q1–A2 are the rules of the notice;
/// F: field values, N: names and characters, I: reading files, T: templates, P: paper, K: keys and marks, B: packages,
/// R: paper that came back, O: the organiser's own forms, W: the world.
pub const CODES: &[(&str, &str)] = &[
    ("Q1", "市级推荐名额"),
    ("Q2", "省级学会、团体会员推荐名额"),
    ("Q3", "军工单位推荐名额"),
    ("Q4", "省国防科工办推荐名额"),
    ("Q5", "增加名额须有批准文号"),
    ("Q6", "构成比例（一）"),
    ("Q7", "构成比例（二）"),
    ("Q8", "构成比例（三）"),
    ("Q9", "构成比例（四）"),
    ("C1", "须通过规定渠道推荐"),
    ("C2", "不接受个人申报"),
    ("C3", "同一人重复推荐"),
    ("C4", "中科院驻冀、省科学院单位经所在市报送"),
    ("C5", "联合推荐单位意见"),
    ("L1", "现役军人不在推荐范围"),
    ("L2", "现任厅局级以上公务员（参公）不在推荐范围"),
    ("L3", "已获省部级以上荣誉"),
    ("L4", "已获“最美”系列称号"),
    ("L5", "类别与年龄统计"),
    ("M1", "推荐表原件份数"),
    ("M2", "证件照"),
    ("M3", "工作照片张数"),
    ("M4", "照片格式"),
    ("M5", "照片大小"),
    ("M6", "照片命名"),
    ("M7", "视频时长与格式"),
    ("M8", "视频分辨率"),
    ("M9", "推荐工作情况报告"),
    ("M10", "汇总表与候选人一致"),
    ("M11", "开展情况表"),
    ("M12", "加盖公章"),
    ("M13", "纸质与电子版一致"),
    ("M14", "必填项"),
    ("M15", "作品的链接和文件"),
    ("M16", "报告太短"),
    ("M17", "报告是别的年份的"),
    ("M18", "报告是别的单位的"),
    ("M19", "报告里有源代码"),
    ("M20", "报告与填报的内容不符"),
    ("D1", "报送期限"),
    ("D2", "公示情况"),
    ("S1", "涉密材料"),
    ("S2", "适合公开宣传"),
    ("A1", "报送地址"),
    ("A2", "军工渠道报送对象"),
    ("F1", "文本过长或过短"),
    ("F2", "不在代码表中"),
    ("F3", "日期、年月格式"),
    ("F4", "身份证号"),
    ("F5", "性别与身份证号不符"),
    ("F6", "出生年月与身份证号不符"),
    ("F7", "统一社会信用代码"),
    ("F8", "电话、手机"),
    ("F9", "电子邮箱"),
    ("F10", "邮政编码"),
    ("F11", "数字"),
    ("F12", "简历起止年月"),
    ("F13", "是／否"),
    ("F14", "证件号码被表格软件改坏"),
    ("F15", "分项与合计"),
    ("F16", "位数、写法"),
    ("F17", "代替内容的词（同上、待定、见附件）"),
    ("F18", "网址"),
    ("F19", "填了而不印的意见"),
    ("F20", "盖章、签字的字样写进了内容"),
    ("N1", "姓名写法"),
    ("N2", "间隔号写法"),
    ("N3", "私用区字符"),
    ("N4", "部首字符、兼容汉字"),
    ("N5", "不可见或不可用字符"),
    ("N6", "全角数字、字母"),
    ("N7", "字库缺字"),
    ("I1", "文件读不出"),
    ("I2", "找不到工作表或标题行"),
    ("I3", "标题不认识"),
    ("I4", "标题重复或为空"),
    ("I5", "行找不到所属候选人"),
    ("I6", "合并单元格"),
    ("I7", "文件过大或过多"),
    ("I8", "没有数据"),
    ("I9", "字符编码"),
    ("I10", "公式没有结果，或单元格损坏"),
    ("I11", "多余的文件"),
    ("I12", "数据类型不对"),
    ("I13", "不是候选人的行，或改动过的示例行"),
    ("I14", "分不清是谁的文件"),
    ("I15", "候选人的序号与先后"),
    ("I16", "隐藏的、划了删除线的内容"),
    ("G1", "汇集：单位和汇集处都改过"),
    ("G2", "汇集：单位不再报送的人"),
    ("G3", "汇集：单位的材料有错误"),
    ("G4", "汇集：没有并入的内容"),
    ("T1", "模板语法"),
    ("T2", "模板内容"),
    ("P1", "内容排不下"),
    ("P2", "照片无法使用"),
    ("P3", "公开的公文里有不能公开的内容"),
    ("K1", "标记不成形"),
    ("K2", "签名不符"),
    ("K3", "密钥不认识"),
    ("K4", "密钥已停用或吊销"),
    ("K5", "信任名单"),
    ("K6", "私钥与公钥不是一对"),
    ("B1", "报送包打不开"),
    ("B2", "报送包过大、过多"),
    ("B3", "报送包中的名称"),
    ("B4", "报送包内容与清单不符"),
    ("B5", "报送包签名不符"),
    ("B6", "报送包由不认识的密钥签名"),
    ("B7", "报送包的密钥已停用或吊销"),
    ("B8", "报送包格式版本"),
    ("B9", "报送包的记录、标记"),
    ("B10", "报送包不属于本收件处"),
    ("B11", "报送包较旧，或与台账矛盾"),
    ("B12", "报送包的签名单位"),
    ("R1", "扫描页上没有读出标记"),
    ("R2", "识别未验签"),
    ("R3", "空白页"),
    ("R4", "时刻前后矛盾"),
    ("R5", "像空白页，有淡的痕迹"),
    ("O1", "绑定的位置在表中找不到"),
    ("O2", "绑定的栏目活动中没有"),
    ("O3", "栏目在表中没有位置"),
    ("O4", "没有可以勾选的方框或可以选的条目"),
    ("O5", "表中两处写法不同"),
    ("O6", "绑定缺少，或者与空白表、活动不符"),
    ("O7", "竖排的标签改成了横排"),
    ("O8", "占位符写法"),
    ("O9", "填成的表没有标记"),
    ("O10", "表格太长"),
    ("O11", "填好的表里没有读取的内容"),
    ("O12", "没有核对过的位置没有填"),
    ("O13", "别的工具的占位符"),
    ("W1", "读写失败"),
    ("W2", "记录簿"),
    ("W3", "台账"),
    ("W4", "单位与账号不一致"),
    ("W5", "计算机的时间早于已签发的版本"),
];
