//! The program: `cli` only, so that the library cannot name it.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run(std::env::args_os())
}
