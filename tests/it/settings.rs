//! The service's settings: a file, the environment and arguments, in that order of weight; and the files that run it.

use std::process::{Command, Output};

use crate::run::scratch;

fn config(args: &[&str], env: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sanlian"))
        .arg("config")
        .args(args)
        .env_remove("SANLIAN_DATA")
        .env_remove("SANLIAN_KEYS")
        .envs(env.iter().copied())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn the_example_is_a_good_file_and_the_environment_weighs_more() {
    let dir = scratch("settings");
    let file = dir.join("service.toml");
    let example = config(&["example"], &[]);
    std::fs::write(&file, &example.stdout).unwrap();
    let (file, data) = (file.to_str().unwrap(), dir.join("data"));
    let none = config(&["check", file], &[]);
    assert_eq!(none.status.code(), Some(2), "{}", said(&none));
    assert!(said(&none).contains("没有指明数据目录"), "{}", said(&none));
    let env = [
        ("SANLIAN_DATA", data.to_str().unwrap()),
        ("SANLIAN_LISTEN", "127.0.0.1:9999"),
    ];
    let good = config(&["check", file], &env);
    assert_eq!(good.status.code(), Some(0), "{}", said(&good));
    assert!(
        said(&good).contains("监听：127.0.0.1:9999"),
        "{}",
        said(&good)
    );
    assert!(!data.exists(), "looking makes nothing");
}

#[test]
fn every_fault_of_the_settings_is_told_with_its_place() {
    let dir = scratch("settings-bad");
    let data = dir.join("data");
    let file = dir.join("service.toml");
    let base = format!("data = {:?}\n", data.to_str().unwrap());
    for (text, code, word) in [
        ("listen = 8080\n", 2, "第 1 行"),
        ("\nlisten_on = \"x\"\n", 2, "第 2 行"),
        (
            &format!("{base}listen = \"0.0.0.0:80\"\n"),
            1,
            "没有说明经 HTTPS",
        ),
        (
            &format!("{base}keys = {:?}\n", data.to_str().unwrap()),
            1,
            "数据目录与密钥目录相同",
        ),
        (&format!("{base}campaign = \"none\"\n"), 1, "没有活动“none”"),
        (
            &format!("{base}font_dir = \"/nowhere/at/all\"\n"),
            1,
            "字体目录",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        let output = config(&["check", file.to_str().unwrap()], &[]);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{text}: {}",
            said(&output)
        );
        assert!(said(&output).contains(word), "{text}: {}", said(&output));
    }
    let env = [("SANLIAN_BEHIND_TLS", "maybe")];
    let output = config(&["check"], &env);
    assert!(
        said(&output).contains("SANLIAN_BEHIND_TLS"),
        "{}",
        said(&output)
    );
}

#[test]
fn the_files_that_run_it_name_the_program_and_its_folders() {
    let unit = said(&config(&["systemd"], &[]));
    for line in [
        "ExecStart=sanlian serve --config /etc/sanlian/service.toml",
        "User=sanlian",
        "ProtectSystem=strict",
        "SANLIAN_DATA=/var/lib/sanlian/data SANLIAN_KEYS=/var/lib/sanlian/keys",
    ] {
        assert!(unit.contains(line), "{unit}");
    }
    let container = said(&config(&["container"], &[]));
    assert!(
        container.contains("USER sanlian") && container.contains("CMD [\"serve\"]"),
        "{container}"
    );
}
