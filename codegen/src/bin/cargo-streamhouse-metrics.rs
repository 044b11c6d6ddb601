//! `cargo streamhouse-metrics`: the command line of the library, installable by `cargo install`.

fn main() -> std::process::ExitCode {
    streamhouse_metrics_codegen::main()
}
