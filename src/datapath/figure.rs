//! What a person sees of a datapath's work.

/// A picture of a design's data. Its title also names its file: lower-case words.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    /// Grey pixels, row behind row; `range` is from black to white, and what is beyond it is black or white.
    Picture { title: String, width: usize, pixels: Vec<i64>, range: (i64, i64) },
}

impl Figure {
    pub fn title(&self) -> &str {
        match self {
            Self::Picture { title, .. } => title,
        }
    }
}
