//! From a finished circuit to Verilog-2001 text.

/// One file of Verilog: one module, called as the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// `<module>.v`
    pub name: String,
    pub text: String,
}
