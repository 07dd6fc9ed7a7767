//! Examples in the help of every command. A test parses each line with the command itself, so that none rots.

use super::example_names::in_english;
use super::language::Language;

/// A line that can be run, and what it does in Chinese and in English.
type Example = (&'static str, &'static str, &'static str);

/// Examples by the path of their command.
pub(crate) const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "",
        &[
            (
                "sanlian demo -o out",
                "用虚构的材料走一遍",
                "go all the way with invented material",
            ),
            (
                "sanlian new hebei-zuimei-2021 报送",
                "新建报送文件夹，然后填写其中的工作簿",
                "begin a submission, then fill its workbook",
            ),
            ("sanlian check 报送", "列出全部问题", "list every fault"),
            ("sanlian make 报送", "制成纸质件", "make the paper"),
        ],
    ),
    (
        "new",
        &[
            (
                "sanlian new hebei-zuimei-2021 报送 --channel city --unit 示例市科学技术协会",
                "写明渠道和单位",
                "with channel and unit",
            ),
            (
                "sanlian new hebei-zuimei-2021 报送 --cards 2",
                "候选人少，每人一张卡片",
                "few candidates, a card for each",
            ),
        ],
    ),
    (
        "check",
        &[
            ("sanlian check 报送", "列出全部问题", "list every fault"),
            (
                "sanlian check 报送 -o 标注.xlsx",
                "另存标红的工作簿",
                "give the workbook back with its faults marked",
            ),
            (
                "sanlian check 报送 --json",
                "供其他程序读取",
                "for other programs",
            ),
        ],
    ),
    (
        "schema",
        &[(
            "sanlian schema hebei-zuimei-2021 -o schema.json",
            "写入文件",
            "into a file",
        )],
    ),
    (
        "make",
        &[
            (
                "sanlian make 报送",
                "写到旁边的“报送-纸质件”",
                "into a folder beside the submission",
            ),
            (
                "sanlian make 报送 -o 纸质件 --data 台账",
                "签发的每一页记入台账",
                "enter each page that is issued into a ledger",
            ),
            (
                "sanlian make 报送 --draft -o 草稿",
                "有错误也先印草稿",
                "a draft, faults or not",
            ),
        ],
    ),
    (
        "pack",
        &[(
            "sanlian pack 报送 -o 报送包.zip --paper 纸质件",
            "装入已经打印的纸质件",
            "with the paper that was printed",
        )],
    ),
    (
        "gather",
        &[
            (
                "sanlian gather 报送 报送包.zip -o out --campaign hebei-zuimei-2021 --channel defense_office",
                "把两个单位的材料合成一份",
                "two units' material as one submission",
            ),
            (
                "sanlian gather 报送 -o out",
                "有单位更正以后，再汇集一次",
                "again, when one of them was corrected",
            ),
        ],
    ),
    (
        "demo",
        &[(
            "sanlian demo --campaign quanguo-zuimei-2022 -o out",
            "另一个活动",
            "of another campaign",
        )],
    ),
    (
        "receive",
        &[
            (
                "sanlian receive package 报送包.zip --data 台账",
                "先收报送包",
                "the package first",
            ),
            (
                "sanlian receive scan 扫描件 --data 台账",
                "再收扫描的纸质件",
                "then the paper as scans",
            ),
        ],
    ),
    (
        "receive digits",
        &[(
            "sanlian receive digits --session 上午第一叠 --data 台账",
            "从标准输入读扫码枪的数字",
            "read a scanner from stdin",
        )],
    ),
    (
        "receive scan",
        &[(
            "sanlian receive scan 扫描件 第二批.pdf --json --data 台账",
            "文件夹和文件可以一起给",
            "folders and files together",
        )],
    ),
    (
        "receive package",
        &[(
            "sanlian receive package 报送包.zip --data 台账",
            "收一个报送包",
            "one package",
        )],
    ),
    (
        "receive seal",
        &[
            (
                "sanlian receive seal 0123456789abcdef --data 台账",
                "一条记录的各份都见到公章",
                "all copies of a record bear the seal",
            ),
            (
                "sanlian receive seal 123456789012 --missing --data 台账",
                "这一份缺公章",
                "this copy lacks it",
            ),
        ],
    ),
    (
        "tray",
        &[(
            "sanlian tray -o 待处理 --data 台账",
            "列出各页，并存出图像",
            "list the pages and write their pictures",
        )],
    ),
    (
        "tray close",
        &[
            (
                "sanlian tray close 3 --outcome 退回单位 --data 台账",
                "写明怎么处理了",
                "say what was done",
            ),
            (
                "sanlian tray close 4 --code 123456789012 --data 台账",
                "按页上的编码登记",
                "receive it by the code on the page",
            ),
        ],
    ),
    (
        "status",
        &[(
            "sanlian status --unit 示例市 --data 台账",
            "一个单位，各份各页",
            "one unit, page by page",
        )],
    ),
    (
        "missing",
        &[(
            "sanlian missing --phones --data 台账",
            "带完整电话",
            "with telephone numbers in full",
        )],
    ),
    (
        "slip",
        &[(
            "sanlian slip 示例市 -o 回执.pdf --data 台账",
            "写入指定的文件",
            "into a file of this name",
        )],
    ),
    (
        "find",
        &[(
            "sanlian find 王示例 --all --data 台账",
            "列出存有这个人信息的全部地方",
            "every place that holds something of a person",
        )],
    ),
    (
        "void",
        &[(
            "sanlian void 0123456789abcdef --copy 2 --reason 打印模糊 --data 台账",
            "只作废第 2 份",
            "the second copy only",
        )],
    ),
    (
        "roster",
        &[(
            "sanlian roster list --data 台账",
            "列出名册上的单位",
            "the units that are expected",
        )],
    ),
    (
        "roster import",
        &[(
            "sanlian roster import 名单.xlsx --campaign hebei-zuimei-2021 --data 台账",
            "导入名单",
            "take a list in",
        )],
    ),
    (
        "roster list",
        &[(
            "sanlian roster list --json --data 台账",
            "供其他程序读取",
            "for other programs",
        )],
    ),
    (
        "scan",
        &[(
            "sanlian scan 扫描件 --issued 纸质件/manifest.json -o 未读出",
            "破损的认最接近的，没有读出的存出图像",
            "guess damaged marks, keep pictures of unread pages",
        )],
    ),
    (
        "verify",
        &[(
            "sanlian verify 纸质件/manifest.json --keys out/keys",
            "验一份清单中的全部标记",
            "all marks of a manifest",
        )],
    ),
    (
        "bind",
        &[
            (
                "sanlian bind 空白表.docx -o 绑定.toml --campaign hebei-zuimei-2021",
                "写成文件，核对一遍",
                "into a file that a person corrects",
            ),
            (
                "sanlian bind 空白表.docx -o 绑定.toml --preview 绑定图.pdf --campaign hebei-zuimei-2021",
                "在表的每一页上看各处",
                "with a box for each place on the pages of the form",
            ),
        ],
    ),
    (
        "fill",
        &[(
            "sanlian fill 空白表.docx --binding 绑定.toml 报送 -o 填好的表",
            "每位候选人一份",
            "a form for each candidate",
        )],
    ),
    (
        "read",
        &[(
            "sanlian read 表.docx --binding 绑定.toml -o submission.json",
            "读成报送材料",
            "as a submission",
        )],
    ),
    (
        "diff",
        &[(
            "sanlian diff 表.docx 报送",
            "改过哪些栏目",
            "which fields were changed",
        )],
    ),
    (
        "serve",
        &[
            (
                "sanlian serve --data 台账",
                "只供本机访问",
                "for this machine alone",
            ),
            (
                "sanlian serve --config service.toml",
                "按设置文件",
                "as a file of settings says",
            ),
        ],
    ),
    (
        "config",
        &[(
            "sanlian config example -o service.toml",
            "从样例开始",
            "begin with the example",
        )],
    ),
    (
        "config check",
        &[(
            "sanlian config check service.toml",
            "启动之前检查",
            "before the service starts",
        )],
    ),
    (
        "config example",
        &[(
            "sanlian config example -o service.toml",
            "写入文件",
            "into a file",
        )],
    ),
    (
        "config systemd",
        &[(
            "sanlian config systemd -o sanlian.service",
            "写入文件",
            "into a file",
        )],
    ),
    (
        "config container",
        &[(
            "sanlian config container -o Containerfile",
            "写入文件",
            "into a file",
        )],
    ),
    (
        "init",
        &[(
            "sanlian init --data 台账",
            "在收件处做一次",
            "once, at the receiving desk",
        )],
    ),
    ("key", &[("sanlian key list", "列出全部密钥", "all keys")]),
    (
        "key new",
        &[(
            "sanlian key new --owner 示例市科学技术协会",
            "换一把新密钥",
            "a new key",
        )],
    ),
    (
        "key export",
        &[(
            "sanlian key export -o 公钥.pem",
            "交给收件单位",
            "for the receiving desk",
        )],
    ),
    (
        "key trust",
        &[(
            "sanlian key trust 公钥.pem --unit 示例市科学技术协会 --data 台账",
            "单位换了密钥",
            "a unit has a new key",
        )],
    ),
    (
        "key revoke",
        &[(
            "sanlian key revoke 1a2b --since 2026-01-01 --reason 私钥外泄",
            "自某日起不再可信",
            "no longer to be trusted from a day on",
        )],
    ),
    (
        "key list",
        &[(
            "sanlian key list --json",
            "供其他程序读取",
            "for other programs",
        )],
    ),
    (
        "backup",
        &[(
            "sanlian backup -o 备份 --data 台账",
            "收件时也可以进行",
            "while the desk works, too",
        )],
    ),
    (
        "account",
        &[(
            "sanlian account list --data 台账",
            "列出账号",
            "list the accounts",
        )],
    ),
    (
        "account reset",
        &[(
            "sanlian account reset 管理员 --data 台账",
            "管理员进不来时，在服务所在的机器上",
            "for an administrator who cannot come in, on the machine of the service",
        )],
    ),
    (
        "account list",
        &[(
            "sanlian account list --data 台账",
            "列出账号",
            "list the accounts",
        )],
    ),
    (
        "restore",
        &[(
            "sanlian restore 备份 --data 新台账",
            "恢复到新的目录",
            "into a new folder",
        )],
    ),
    (
        "migrate",
        &[
            (
                "sanlian migrate --from 台账 --to postgres://sanlian@db.example/sanlian",
                "搬到数据库；先停止服务和收件",
                "to a database; stop the service and the desk before",
            ),
            (
                "sanlian migrate --from 台账 --to file",
                "搬回文件",
                "back into a file",
            ),
            (
                "sanlian migrate --from 台账 --objects 's3://sanlian/2021?endpoint=https://s3.example'",
                "附件和扫描图像搬到对象存储",
                "attachments and pictures of scans into an object store",
            ),
        ],
    ),
    (
        "fsck",
        &[
            (
                "sanlian fsck --data 台账",
                "附件是否都在",
                "whether every object is there",
            ),
            (
                "sanlian fsck --data 台账 --deep --sweep",
                "逐个读出核对，并清理没有登记的",
                "read each of them, and remove what nothing names",
            ),
        ],
    ),
    (
        "audit",
        &[(
            "sanlian audit verify --data 台账",
            "核对是否被改动",
            "whether it was altered",
        )],
    ),
    (
        "audit verify",
        &[(
            "sanlian audit verify --data 台账",
            "核对是否被改动",
            "whether it was altered",
        )],
    ),
    (
        "audit list",
        &[(
            "sanlian audit list --json --data 台账",
            "每行一条，供其他程序读取",
            "a row a line, for other programs",
        )],
    ),
    (
        "export",
        &[(
            "sanlian export --record 0123456789abcdef -o 一人.zip --data 台账",
            "一个人的全部材料",
            "all that is held of a person",
        )],
    ),
    (
        "erase",
        &[(
            "sanlian erase --campaign hebei-zuimei-2021 --reason 保存期限届满 --data 台账",
            "先看将删除什么，确认后加 --yes",
            "see what would go; then add --yes",
        )],
    ),
    (
        "campaigns",
        &[
            (
                "sanlian campaigns --templates 模板",
                "连同自己的活动",
                "with campaigns of your own",
            ),
            (
                "sanlian campaigns --copy hebei-zuimei-2021 hebei-zuimei-2022 -o 模板",
                "照去年的活动起草今年的",
                "a draft of this year's campaign from last year's",
            ),
        ],
    ),
    (
        "codes",
        &[("sanlian codes -o 代码.tsv", "写入文件", "into a file")],
    ),
    (
        "help",
        &[(
            "sanlian help receive scan",
            "与 sanlian receive scan --help 相同",
            "the same as sanlian receive scan --help",
        )],
    ),
    (
        "completions",
        &[(
            "sanlian completions bash -o sanlian.bash",
            "在 ~/.bashrc 中 source 它",
            "to be sourced in ~/.bashrc",
        )],
    ),
    (
        "man",
        &[(
            "sanlian man -o man1",
            "之后可用 man -l man1/sanlian.1 查看",
            "then look at it by man -l man1/sanlian.1",
        )],
    ),
];

/// The examples of a command as they stand in its help; empty where it has none.
pub(super) fn of(path: &str, language: Language) -> String {
    let Some((_, examples)) = EXAMPLES.iter().find(|(of, _)| *of == path) else {
        return String::new();
    };
    let mut out = match language {
        Language::Chinese => "示例：".to_owned(),
        Language::English => "Examples:".to_owned(),
    };
    for (line, chinese, english) in *examples {
        out.push_str(&match language {
            Language::Chinese => format!("\n  {line}\n      {chinese}"),
            Language::English => format!("\n  {}\n      {english}", in_english(line)),
        });
    }
    out
}
