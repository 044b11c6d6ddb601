//! The protocol in Rust, made by a compiler of its own, so that nobody needs `protoc`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto");
    let files = protox::compile(["proto/streamhouse.proto"], ["proto"])?;
    // Keys and values share the memory of the message that they came in.
    tonic_prost_build::configure().bytes(".").compile_fds(files)?;
    Ok(())
}
