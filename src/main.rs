fn main() -> std::process::ExitCode {
    ternlet::cli::main()
}
