//! What a person sees of a datapath's work.

/// A picture or a plot of a design's data. Its title also names its file: lower-case words.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    /// Grey pixels, row after row; `range` is from black to white, and what is beyond it is black or white.
    Picture { title: String, width: usize, pixels: Vec<i64>, range: (i64, i64) },
    /// Lines and points on common axes.
    Curves { title: String, x: Axis, y: Axis, curves: Vec<Curve> },
    /// How many of a set's numbers lie in each bin: `edges[i] <= number < edges[i + 1]`. Each set is a name and a count for
    /// each bin.
    Histogram { title: String, x: Axis, y: Axis, edges: Vec<f64>, sets: Vec<(String, Vec<u64>)> },
}

/// What an axis of a plot shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub label: String,
    /// Whether its scale is logarithmic, which shows only what is above 0.
    pub log: bool,
}

impl Axis {
    pub fn linear(label: &str) -> Self {
        Self { label: label.into(), log: false }
    }

    pub fn log(label: &str) -> Self {
        Self { label: label.into(), log: true }
    }
}

/// A named part of a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub name: String,
    pub points: Vec<(f64, f64)>,
    /// Whether a line joins the points, in their order.
    pub joined: bool,
}

impl Figure {
    pub fn title(&self) -> &str {
        match self {
            Self::Picture { title, .. } | Self::Curves { title, .. } | Self::Histogram { title, .. } => title,
        }
    }

    /// The same under another title, which follows from this one.
    pub fn titled(mut self, title: impl FnOnce(&str) -> String) -> Self {
        let new = title(self.title());
        match &mut self {
            Self::Picture { title, .. } | Self::Curves { title, .. } | Self::Histogram { title, .. } => {
                *title = new;
            }
        }
        self
    }
}
