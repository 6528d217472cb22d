//! The binary: hands the command line to the library and its verdict to the shell.

/// A build takes memory in many small pieces, on all cores: this allocator spends a
/// quarter less of the processor's time on them than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    exempla::cli::main()
}
