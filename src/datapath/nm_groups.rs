//! Frames of values in groups of M, as the streams of every N:M datapath carry them.

use super::config::Problems;
use super::nm_pattern::NmPattern;
use crate::hdl::Range;
use crate::stream::Port;

/// Frames of `columns` values in whole groups, some groups a beat.
#[derive(Clone, Copy)]
pub(super) struct NmGroups {
    pub pattern: NmPattern,
    pub columns: usize,
    /// Dense values a beat: whole groups.
    pub lanes: usize,
}

/// The most dense values a beat.
const MOST_LANES: usize = 4096;

impl NmGroups {
    /// One group a beat if `lanes` does not say otherwise; problems are noted.
    pub fn check(pattern: NmPattern, columns: usize, lanes: Option<usize>, problems: &mut Problems) -> Self {
        let group = pattern.group();
        let padded = columns.max(1).next_multiple_of(group);
        let sound = (1..=1 << 16).contains(&columns) && columns == padded;
        let why = format!("a frame has 1 to 65536 columns in whole groups of {group}");
        let help = format!("pad it with zeros to {}", padded.min((1 << 16) / group * group));
        problems.require(sound, "columns", columns, &why, help);
        let lanes = lanes.unwrap_or(group);
        // Each lane is compared with the others of its group: more would be many times the largest board.
        let most = padded.min(MOST_LANES / group * group);
        let whole = lanes > 0 && lanes.is_multiple_of(group) && lanes <= most;
        let why = format!(
            "a beat has whole groups of {group}, at most the {columns} columns and {MOST_LANES} lanes"
        );
        problems.require(whole, "lanes", lanes, &why, format!("write a multiple of {group} up to {most}"));
        Self { pattern, columns, lanes }
    }

    pub fn groups_a_beat(&self) -> usize {
        self.lanes / self.pattern.group()
    }

    /// A stream of all values of each group.
    pub fn dense(&self, name: &str, range: Range) -> Port {
        Port::vectors(name, name, self.lanes, range, self.columns)
    }

    /// A stream of the kept values of each group, or of something else for each of them.
    pub fn kept(&self, name: &str, range: Range) -> Port {
        let kept = self.pattern.kept();
        let groups = self.columns / self.pattern.group();
        Port::vectors(name, name, self.groups_a_beat() * kept, range, groups * kept)
    }

    /// A stream of the places of the kept values: in the words of each group the metadata of the sparse tensor core.
    pub fn metadata(&self) -> Port {
        self.kept("metadata", self.pattern.place_range())
    }
}
