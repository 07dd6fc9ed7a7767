//! The one test binary. Each topic is a module.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a test that cannot go on says where"
)]

mod answers;
mod audit_log;
mod bind;
mod blank_forms;
mod blank_pages;
mod board;
mod book;
mod bound;
mod browser;
mod campaign;
mod chance;
mod cli;
mod cli_manner;
mod clock;
#[expect(
    dead_code,
    reason = "the bench goes through all of it, the tests through a part"
)]
mod corpus;
mod decode;
mod demo;
mod demo_keys;
mod desk;
mod desk_apart;
mod desk_doubt;
mod desk_told;
mod docs;
mod docx;
mod fill;
mod fill_any;
mod fill_bad;
mod fill_joined;
mod fill_marked;
mod fill_office;
mod fill_old;
mod fill_whole;
mod folder;
mod font;
mod foreign;
mod forged;
mod forms;
mod full_streams;
mod fuzz_seeds;
mod fuzzed;
mod golden_marks;
mod house;
mod intake;
mod intake_bad;
mod intake_cells;
mod intake_lists;
mod intake_odd;
mod intake_text;
mod keep;
mod key_killed;
mod key_pair;
mod keys;
mod killed;
mod layout;
mod ledger_file;
mod ledger_old;
mod ledger_schemas;
mod library;
mod manners;
mod mark;
mod matrix;
mod media;
mod media_video;
mod office;
mod ooxml;
mod orphans;
mod pack;
mod package;
mod package_bad;
mod packaging;
mod paper;
mod paper_faults;
mod papers;
mod pdf;
mod pdf_read;
mod privacy;
mod read_typed;
mod readme;
mod receipt;
mod receive_package;
mod receive_scan;
mod record;
mod remedies;
mod retention;
mod retention_before;
mod run;
mod scan;
mod scan_elaborate;
mod scan_files;
mod service;
mod settings;
mod small;
mod stack;
mod store;
mod terminal;
mod text;
mod text_lines;
mod third_campaign;
mod tidy;
mod tools;
mod tray;
mod trust;
mod typed_lines;
mod vault;
mod verify;
mod web;
mod web_access;
mod web_api_admin;
mod web_backups;
mod web_board;
mod web_campaigns;
mod web_client;
mod web_form;
mod web_killed;
mod web_log;
mod web_notices;
mod web_requests;
mod web_retention;
mod web_schema;
mod web_second;
mod web_tls;
mod web_trust;
mod webdriver;
mod workbook;
mod xlsx;
